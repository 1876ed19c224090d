import { readByteCount, readOptions } from '../argument.js'
import { MAX_PAYLOAD_BYTES, readHook, readNow, receiver } from '../receive.js'
import { responseOf, webRequest } from './web-request.js'

const fix = 'pass the Request before anything reads it, or a copy that was made with request.clone() before that'

export function webhook(hook, handler, options) {
  const receive = receiver(hook, handler, options)
  return (request, ...rest) => receive(webRequest(request, fix), request, ...rest).then(responseOf)
}

export async function receive(hook, request, options) {
  readHook(hook)
  const { maxPayloadBytes = MAX_PAYLOAD_BYTES, now } = readOptions(options, ['maxPayloadBytes', 'now'])
  readByteCount('maxPayloadBytes', maxPayloadBytes)
  const time = readNow(now, hook)
  const payload = await webRequest(request, fix).read(maxPayloadBytes)
  return hook.verify(payload, request.headers, { now: time() })
}
