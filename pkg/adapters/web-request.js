import { kind } from '../argument.js'
import { typeError } from '../error.js'
import { aborted, capped, lost, RawPayload, refuseAnnounced } from '../raw-payload.js'

/** What the receiver needs of a Request. `kept` is its bytes, or a promise of them, where somebody kept them. */
export function webRequest(request, mend, kept) {
  if (typeof request?.headers?.get !== 'function') {
    throw typeError(`request must be a Request, got ${kind(request)}: is this another framework's adapter?`)
  }
  return {
    method: request.method,
    headers: request.headers,
    read: async (maxPayloadBytes) =>
      kept ? capped(await orAborted(kept), maxPayloadBytes) : readBody(request, maxPayloadBytes, mend),
  }
}

/** An answer as a Response. */
export function responseOf({ status, headers, body }) {
  return new Response(body, { status, headers })
}

async function readBody(request, maxPayloadBytes, mend) {
  if (request.bodyUsed || request.body?.locked) throw lost(mend)
  refuseAnnounced(request.headers.get('content-length'), maxPayloadBytes)
  const payload = new RawPayload(maxPayloadBytes)
  const reader = request.body?.getReader()
  while (reader) {
    const { done, value } = await orAborted(reader.read())
    if (done) break
    payload.add(value)
  }
  return payload.bytes()
}

function orAborted(reading) {
  return Promise.resolve(reading).catch(() => {
    throw aborted()
  })
}
