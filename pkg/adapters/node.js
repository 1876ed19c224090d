import { receiver } from '../receive.js'
import { nodeRequest, ownStatus, writeAnswer } from './node-request.js'

const mend =
  'call it before anything reads the request, or keep the bytes in req.rawBody (in a Next.js API route: export const config = { api: { bodyParser: false } })'

export function webhook(hook, handler, options) {
  const receive = receiver(hook, handler, options)
  return (req, res) => {
    const request = { ...nodeRequest(req, mend), ownStatus: () => ownStatus(res) }
    return receive(request, req, res).then((answer) => writeAnswer(res, answer))
  }
}
