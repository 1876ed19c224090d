import { receiver } from '../receive.js'
import { webRequest } from './web-request.js'

const mend = 'mount it before the middleware that reads the body, or read it there with c.req.arrayBuffer()'

export function webhook(hook, handler, options) {
  const receive = receiver(hook, handler, options)
  return (c) => {
    // Hono keeps what a middleware has read, and only as an ArrayBuffer is it what was sent.
    const request = webRequest(c?.req?.raw, mend, c?.req?.bodyCache?.arrayBuffer)
    return receive(request, c).then(({ status, headers, body }) => c.body(body, status, headers))
  }
}
