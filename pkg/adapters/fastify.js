import { receiver } from '../receive.js'
import { nodeRequest } from './node-request.js'

const mend =
  'register it as a plugin, app.register(webhook(hook, handler), { prefix: path }), and not as the handler of a route'

export function webhook(hook, handler, options) {
  const receive = receiver(hook, handler, options)
  const route = async (request, reply) => {
    const answer = await receive(nodeRequest(request.raw, mend, request), request, reply)
    return reply.sent ? reply : reply.code(answer.status).headers(answer.headers).send(answer.body)
  }
  // A plugin has parsers of its own, and this one has none that reads. As the handler of a route it works
  // where the raw bytes were kept, and says so where they were not.
  return async (first, second) => {
    if (typeof first.addContentTypeParser !== 'function') return route(first, second)
    first.removeAllContentTypeParsers()
    first.addContentTypeParser('*', (request, payload, done) => done(null))
    first.all('/', route)
  }
}
