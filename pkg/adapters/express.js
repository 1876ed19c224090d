import { receiver } from '../receive.js'
import { nodeRequest, writeAnswer } from './node-request.js'

const mend =
  'mount it before app.use(express.json()), or keep the bytes: express.json({ verify: (req, res, bytes) => { req.rawBody = bytes } })'

export function webhook(hook, handler, options) {
  const receive = receiver(hook, handler, options)
  return (req, res) => receive(nodeRequest(req, mend), req, res).then((answer) => writeAnswer(res, answer))
}
