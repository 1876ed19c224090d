import { property } from '../property.js'
import { receiver } from '../receive.js'
import { webRequest } from './web-request.js'

const fix = 'mount it before the middleware that reads the body, or read it there with c.req.arrayBuffer()'

export function webhook(hook, handler, options) {
  const receive = receiver(hook, handler, options)
  return (c) => {
    const asked = property(c, 'req')
    // Hono keeps what a middleware has read, and only as an ArrayBuffer is it what was sent.
    const request = webRequest(property(asked, 'raw'), fix, property(property(asked, 'bodyCache'), 'arrayBuffer'))
    return receive(request, c).then(({ status, headers, body }) => c.body(body, status, headers))
  }
}
