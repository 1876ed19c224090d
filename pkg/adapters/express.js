import { receiver } from '../receive.js'
import { nodeListener } from './node-request.js'

const fix =
  'mount it before app.use(express.json()), or keep the bytes: express.json({ verify: (req, res, bytes) => { req.rawBody = bytes } })'

export function webhook(hook, handler, options) {
  return nodeListener(receiver(hook, handler, options), fix)
}
