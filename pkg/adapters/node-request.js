import { kind } from '../argument.js'
import { isMachineFailure, typeError } from '../error.js'
import { property } from '../property.js'
import { aborted, capped, lost, RawPayload, refuseAnnounced } from '../raw-payload.js'

/**
 * What the receiver needs of a Node request, of http or http2. `holder` is where a parser would have kept the
 * raw bytes: as `rawBody`, or as a Buffer in `body`.
 */
export function nodeRequest(request, fix, holder = request) {
  if (typeof request?.on !== 'function' || typeof property(request, 'headers') !== 'object') {
    throw typeError(`req must be a Node request, got ${kind(request)}: is this another framework's adapter?`)
  }
  return {
    __proto__: null,
    method: property(request, 'method'),
    headers: headersOf(request),
    read: async (maxPayloadBytes) => {
      const kept = keptBy(holder)
      return kept === undefined ? readBody(request, maxPayloadBytes, fix) : capped(kept, maxPayloadBytes)
    },
  }
}

/** What Node calls with a request and a response, and Express too. */
export function nodeListener(receive, fix) {
  return (req, res) => {
    const request = { ...nodeRequest(req, fix), ownStatus: () => ownStatus(res) }
    return receive(request, req, res).then((answer) => writeAnswer(res, answer))
  }
}

// Unless the handler has.
function writeAnswer(response, { status, headers, body }) {
  if (ownStatus(response)) return
  response.statusCode = status
  for (const name of Object.keys(headers)) response.setHeader(name, headers[name])
  response.end(body)
}

// The status of the answer that the handler has written by itself, if it has.
function ownStatus(response) {
  const isAnswered = property(response, 'headersSent') || property(response, 'writableEnded')
  return isAnswered ? property(response, 'statusCode') : undefined
}

// As pairs, in which a header that came twice stands twice. Where there are none, as under a serverless
// bridge, the names and values.
function headersOf(request) {
  const rawHeaders = property(request, 'rawHeaders') ?? []
  if (rawHeaders.length === 0) return property(request, 'headers')
  return Array.from({ length: rawHeaders.length / 2 }, (_, index) => rawHeaders.slice(2 * index, 2 * index + 2))
}

// A parsed body is no payload, and a text in `body` has lost its byte order mark.
function keptBy(holder) {
  const rawBody = property(holder, 'rawBody')
  const body = property(holder, 'body')
  const isBytes = (value) => ArrayBuffer.isView(value) || value instanceof ArrayBuffer
  if (typeof rawBody === 'string' || isBytes(rawBody)) return rawBody
  return isBytes(body) ? body : undefined
}

async function readBody(request, maxPayloadBytes, fix) {
  const is = (name) => property(request, name)
  // Who waits for 'readable' takes the chunks, and none comes here. Not every serverless bridge counts listeners.
  const isTaken = typeof request.listenerCount === 'function' && request.listenerCount('readable') > 0
  if (is('readableDidRead') || is('readableEnded') || is('readableEncoding') || isTaken) throw lost(fix)
  if (is('destroyed') || is('aborted')) throw aborted()
  refuseAnnounced(property(property(request, 'headers'), 'content-length'), maxPayloadBytes)
  const payload = new RawPayload(maxPayloadBytes)
  await new Promise((resolve, reject) => {
    // Who reads beside this, as pipe() does, stops a stream that is quicker than its own sink, and may never go on.
    const goOn = () => request.resume()
    const add = (chunk) => {
      try {
        payload.add(chunk)
      } catch (error) {
        // It flows on, into nothing: a sender that is still sending hears the answer.
        request.off('data', add).off('pause', goOn)
        reject(error)
      }
    }
    const cutOff = (error) => reject(isMachineFailure(error) ? error : aborted())
    // Over HTTP/2 an upload that was cut off ends as if it were whole, after it says that it was aborted.
    for (const event of ['aborted', 'error', 'close']) request.on(event, cutOff)
    request.on('data', add).on('pause', goOn).on('end', resolve)
    goOn()
  })
  return payload.bytes()
}
