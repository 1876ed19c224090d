// What an attacker, a proxy or a careless line of code does to a delivery. Each is a change of the delivery on
// the page, or null where it means nothing for it; what comes of it is for the package to say.
import { dissect, rewrite, secondsOf, signs } from './anatomy.js'
import { concat, decode, encode } from './bytes.js'
import { valuesOf, withValues } from './headers.js'

export const attacks = [
  { title: 'Flip a bit', about: 'the payload’s last bit but one', change: flipBit },
  { title: 'Re-serialise', about: 'parse the JSON, write it again', change: reserialise },
  { title: 'Add a line break', about: 'as an editor does', change: ({ payload }) => ({ payload: concat(payload, encode('\n')) }) },
  { title: 'Empty the payload', about: 'as if a parser had read it', change: () => ({ payload: new Uint8Array() }) },
  { title: 'Stale', about: 'replayed after the tolerance', change: (delivery, scheme) => at(delivery, scheme, 1) },
  { title: 'From the future', about: 'before the tolerance', change: (delivery, scheme) => at(delivery, scheme, -1) },
  { title: 'Change the time', about: 'one second, not signed anew', change: changeTime },
  { title: 'Strip the prefix', about: 'the tag alone', change: stripPrefix },
  { title: 'Cut the tag', about: 'its first half', change: (delivery, scheme) => tags(delivery, scheme, (tag) => tag.slice(0, tag.length / 2)) },
  { title: 'Change the tag', about: 'its first character', change: (delivery, scheme) => tags(delivery, scheme, (tag) => (tag[0] === '0' ? '1' : '0') + tag.slice(1)) },
  { title: 'Drop the header', about: 'no signature at all', change: (delivery, scheme) => signature(delivery, scheme, () => []) },
  { title: 'Send it twice', about: 'the signature header, repeated', change: (delivery, scheme) => signature(delivery, scheme, (values) => [...values, ...values]) },
  { title: 'Empty secret', about: 'an unset variable', change: () => ({ secret: '' }) },
  { title: 'Another secret', about: 'of another endpoint', change: ({ secret }) => ({ secret: `${secret.slice(0, -4)}ZZY=` }) },
  { title: 'Upper case', about: 'header names and hex', change: upperCase },
  { title: 'Change the id', about: 'in its unsigned header', change: changeId },
]

/** What an attack makes of a delivery, or null where it means nothing for it. */
export function attacked({ change }, delivery, scheme) {
  const patch = change(delivery, scheme)
  return patch && { ...delivery, ...patch }
}

function flipBit({ payload }) {
  if (payload.length === 0) return null
  const flipped = payload.slice()
  flipped[flipped.length - 1] ^= 2
  return { payload: flipped }
}

function reserialise({ payload }) {
  try {
    const text = decode(payload)
    const value = JSON.parse(text)
    const compact = JSON.stringify(value)
    return { payload: encode(text === compact ? JSON.stringify(value, null, 2) : compact) }
  } catch {
    return null
  }
}

function at(delivery, scheme, side) {
  const seconds = secondsOf(dissect(scheme, delivery).timestamp)
  if (seconds === null || !signs(scheme, 'timestamp')) return null
  return { now: seconds + side * ((scheme.toleranceSeconds ?? 300) + 1) }
}

function changeTime(delivery, scheme) {
  const seconds = secondsOf(dissect(scheme, delivery).timestamp)
  if (seconds === null) return null
  const header = scheme.timestamp.header
  if (header) return { headers: withValues(delivery.headers, header, [String(seconds + 1)]) }
  return { headers: rewrite(scheme, delivery, 'timestamp', () => String(seconds + 1)) }
}

function stripPrefix(delivery, scheme) {
  const [tag] = dissect(scheme, delivery).tags
  return scheme.signature.form === 'bare' || !tag ? null : signature(delivery, scheme, () => [tag.text])
}

function tags(delivery, scheme, rewritten) {
  if (dissect(scheme, delivery).tags.length === 0) return null
  return { headers: rewrite(scheme, delivery, 'tag', rewritten) }
}

function signature({ headers }, scheme, change) {
  const values = valuesOf(headers, scheme.signature.header)
  return values.length === 0 ? null : { headers: withValues(headers, scheme.signature.header, change(values)) }
}

function upperCase(delivery, scheme) {
  const hex = scheme.encoding === 'hex'
  const headers = hex ? rewrite(scheme, delivery, 'tag', (tag) => tag.toUpperCase()) : delivery.headers
  return { headers: headers.replace(/^[^:\n]+/gm, (name) => name.toUpperCase()) }
}

function changeId({ headers }, scheme) {
  const header = scheme.id?.header
  if (!header || valuesOf(headers, header).length === 0) return null
  return { headers: withValues(headers, header, ['another-id']) }
}
