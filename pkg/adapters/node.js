import { receiver } from '../receive.js'
import { nodeListener } from './node-request.js'

const fix =
  'call it before anything reads the request, or keep the bytes in req.rawBody (in a Next.js API route: export const config = { api: { bodyParser: false } })'

export function webhook(hook, handler, options) {
  return nodeListener(receiver(hook, handler, options), fix)
}
