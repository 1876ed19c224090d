import { property } from '../property.js'
import { receiver } from '../receive.js'
import { nodeRequest } from './node-request.js'

const fix =
  'register it as a plugin, app.register(webhook(hook, handler), { prefix: path }), and not as the handler of a route'

export function webhook(hook, handler, options) {
  const receive = receiver(hook, handler, options)
  const route = async (request, reply) => {
    const isAnswered = watch(reply)
    const ownStatus = () => (isAnswered() ? property(property(reply, 'raw'), 'statusCode') : undefined)
    const received = { ...nodeRequest(property(request, 'raw'), fix, request), ownStatus }
    const answer = await receive(received, request, reply)
    return isAnswered() ? reply : reply.code(answer.status).headers(answer.headers).send(answer.body)
  }
  // A plugin has parsers of its own, and this one has none that reads. As the handler of a route it works
  // where the raw bytes were kept, and says so where they were not.
  return async (first, second) => {
    if (typeof first.addContentTypeParser !== 'function') return route(first, second)
    first.removeAllContentTypeParsers()
    first.addContentTypeParser('*', (request, payload, done) => done(null))
    first.addHook('onRequest', hideMalformedType)
    first.all('/', route)
  }
}

// Whether the handler has answered. Fastify says so only once the answer has ended.
function watch(reply) {
  const { send } = reply
  let isSent = false
  reply.send = (...args) => {
    isSent = true
    return send.apply(reply, args)
  }
  return () => isSent || property(reply, 'sent') || property(property(reply, 'raw'), 'headersSent')
}

// Fastify refuses a content type that is none, with 415 and before anything is verified. Nothing here reads it.
async function hideMalformedType({ raw: { headers } }) {
  const type = property(headers, 'content-type')
  if (!/^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(;|$)/.test(type)) delete headers['content-type']
}
