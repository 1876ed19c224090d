import { receiver } from '../receive.js'
import { nodeRequest, ownStatus, writeAnswer } from './node-request.js'

const mend =
  'mount it before app.use(express.json()), or keep the bytes: express.json({ verify: (req, res, bytes) => { req.rawBody = bytes } })'

export function webhook(hook, handler, options) {
  const receive = receiver(hook, handler, options)
  return (req, res) => {
    const request = { ...nodeRequest(req, mend), ownStatus: () => ownStatus(res) }
    return receive(request, req, res).then((answer) => writeAnswer(res, answer))
  }
}
