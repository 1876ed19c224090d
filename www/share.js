// A delivery as a link's fragment, which holds no secret, and as a row of the project's test vectors.
import { decode, encode, fromBase64, toBase64 } from './bytes.js'
import { judge, rowOf, timeOf } from './delivery.js'
import { pairsOf, writeHeaders } from './headers.js'

// A value as the vectors write it: text that stands for its UTF-8, or base64.
const valueOf = (bytes) => decode(bytes) ?? { base64: toBase64(bytes) }
const bytesOf = (value) => (typeof value === 'string' ? encode(value) : fromBase64(value.base64))

/** The fragment: provider, payload, headers and, where one is fixed, the time. */
export function fragmentOf({ provider, payload, headers, now }) {
  const shared = { provider, payload: valueOf(payload), headers: pairsOf(headers), ...(now === null ? {} : { now }) }
  const base64 = toBase64(encode(JSON.stringify(shared)))
  return `#${base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`
}

/** The delivery that a fragment holds, with no secret; null where it holds none. Whoever made the link chose it. */
export function fromFragment(fragment) {
  try {
    const { provider, payload, headers, now = null } = JSON.parse(decode(fromBase64(fragment.slice(1))))
    const isTime = now === null || (Number.isSafeInteger(now) && now >= 0)
    if (!rowOf(provider) || !isTime) return null
    return { provider, payload: bytesOf(payload), headers: writeHeaders(headers), now, secret: '' }
  } catch {
    return null
  }
}

/** Whether what would be shared holds the secret. */
export function holdsSecret({ secret, payload, headers }) {
  return secret.length >= 4 && ((decode(payload) ?? '').includes(secret) || headers.includes(secret))
}

/** A row of the vectors, with its secret. */
export function vectorOf(delivery) {
  const { verdict } = judge(delivery)
  const { provider, secret, payload, headers } = delivery
  const expected = verdict.ok ? { ok: true, ...factsOf(verdict.delivery) } : { ok: false, code: verdict.code }
  return {
    name: `${rowOf(provider).title}: ${verdict.ok ? 'verifies' : verdict.code}`,
    source: 'the playground; write here where the facts were read',
    provider,
    secret,
    headers: pairsOf(headers),
    payload: valueOf(payload),
    now: timeOf(delivery),
    expected,
  }
}

function factsOf({ id, timestamp, signed, secretIndex, key }) {
  return { id, timestamp, signed, secretIndex, key }
}
