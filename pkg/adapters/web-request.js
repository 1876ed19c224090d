import { kind } from '../argument.js'
import { isMachineFailure, typeError } from '../error.js'
import { property } from '../property.js'
import { aborted, capped, lost, RawPayload, refuseAnnounced } from '../raw-payload.js'

/** How much of a body that is too long is read on: most of what is sent by mistake. */
const MAX_DROPPED_BYTES = 64 * 1024 * 1024

/** What the receiver needs of a Request. `kept` is its bytes, or a promise of them, where somebody kept them. */
export function webRequest(request, fix, kept) {
  const headers = property(request, 'headers')
  if (typeof property(headers, 'get') !== 'function') {
    throw typeError(`request must be a Request, got ${kind(request)}: is this another framework's adapter?`)
  }
  return {
    __proto__: null,
    method: property(request, 'method'),
    headers,
    read: async (maxPayloadBytes) =>
      kept ? capped(await orAborted(kept), maxPayloadBytes) : readBody(request, maxPayloadBytes, fix),
  }
}

/** An answer as a Response. */
export function responseOf({ status, headers, body }) {
  return new Response(body, { __proto__: null, status, headers })
}

async function readBody(request, maxPayloadBytes, fix) {
  if (property(request, 'bodyUsed')) throw lost(fix)
  // Before the body is touched: Node's server for Hono drops a connection whose body was begun and not ended.
  refuseAnnounced(request.headers.get('content-length'), maxPayloadBytes)
  const body = property(request, 'body')
  if (property(body, 'locked')) throw lost(fix)
  const payload = new RawPayload(maxPayloadBytes)
  const reader = body?.getReader()
  try {
    while (reader) {
      const { done, value } = await orAborted(reader.read())
      if (done) break
      payload.add(value)
    }
  } catch (error) {
    // It may have ended by itself.
    await drop(reader).catch(() => {})
    throw error
  }
  return payload.bytes()
}

// Reads on, into nothing, before anything is answered: a sender that is still sending, or a proxy between, hears the
// answer and no broken connection, and what it sends next on that connection is heard as well.
async function drop(reader) {
  for (let bytes = 0; bytes < MAX_DROPPED_BYTES;) {
    const { done, value } = await reader.read()
    if (done) return
    bytes += value.byteLength
  }
  await reader.cancel()
}

function orAborted(reading) {
  return Promise.resolve(reading).catch((error) => {
    throw isMachineFailure(error) ? error : aborted()
  })
}
