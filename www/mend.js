// Applies what an explanation says is wrong. For each fault there are a few changes worth trying, and the one
// after which the package accepts the delivery is the mend; so a mend that is offered has been proven.
import { explain } from './hookproof/explain.js'
import { providers } from './hookproof/providers.js'
import { dissect, secondsOf } from './anatomy.js'
import { fromBase64, fromHex, toBase64, toHex } from './bytes.js'
import { judge, rowOf, timeOf, verifies } from './delivery.js'
import { pairsOf, valuesOf, withValues } from './headers.js'
import { payloadMends } from './mend-payload.js'

const secrets = (change) => ({ secret }) => change(secret).map((each) => ({ secret: each }))

const MENDS = {
  secret_white_space: secrets((secret) => [secret.trim(), `${secret}\n`, `${secret}\r\n`, `${secret} `]),
  secret_quotes: secrets((secret) => [secret.slice(1, -1), secret.trim().slice(1, -1)]),
  secret_url_encoded: secrets((secret) => [unescaped(secret), unescaped(secret.replaceAll('+', ' ')), encodeURIComponent(secret)]),
  secret_case: secrets((secret) => [secret.toLowerCase(), secret.toUpperCase()]),
  secret_repeated: secrets((secret) => [secret.slice(0, secret.length / 2)]),
  renamed_header: written,
  signature_prefix: written,
  signature_encoding: written,
  signature_quoted: written,
  signature_joined: written,
  signature_layout: written,
  repeated_header: written,
  malformed_signature: written,
  signature_truncated: completed,
  too_old: received,
  too_new: received,
  time_zone: received,
  now_in_milliseconds: ({ now }) => [{ now: Math.floor(now / 1000) }],
  other_provider: otherProviders,
  timestamp_signed: otherProviders,
  timestamp_not_signed: otherProviders,
  content_separator: otherProviders,
  other_content: otherProviders,
}

/** The delivery's change that makes it verify, or null where what the explanation knows does not give one. */
export function mendOf(delivery, { evidence }) {
  const causes = evidence.faults.map(({ cause }) => cause)
  const late = ({ code }) => (code === 'too_old' || code === 'too_new' ? ['too_old'] : [])
  let reached = [{}]
  for (const cause of causes) {
    reached = reached.flatMap((patch) => patches(cause, { ...delivery, ...patch }, evidence).map((next) => ({ ...patch, ...next })))
  }
  for (const patch of reached) {
    const mended = { ...delivery, ...patch }
    const { verdict } = judge(mended)
    if (verdict.ok) return patch
    // The signature is right, and old: the time at which it came is the other half of the mend.
    const time = late(verdict).flatMap(() => received(mended)).find((time) => verifies({ ...mended, ...time }))
    if (time) return { ...patch, ...time }
  }
  return null
}

function patches(cause, delivery, { difference }) {
  const payloads = payloadMends[cause]?.(delivery, difference) ?? []
  return [...payloads.map((payload) => ({ payload })), ...(MENDS[cause]?.(delivery) ?? [])]
}

// Any tag that stands in any header, written as the scheme writes it.
function written(delivery) {
  const { scheme } = rowOf(delivery.provider)
  const own = scheme.signature.header
  const values = [...valuesOf(delivery.headers, own), ...pairsOf(delivery.headers).map(([, value]) => value)]
  return values.flatMap((value) => {
    const timestamp = dissect(scheme, delivery).timestamp ?? /\b\d{9,12}\b/.exec(value)?.[0]
    const whole = [value, ...tagsIn(value).map((tag) => layout(scheme, spelling(scheme, tag), timestamp))]
    return whole.map((text) => ({ headers: withValues(delivery.headers, own, [text]) }))
  })
}

const tagsIn = (value) => value.match(/\b[0-9a-f]{64}\b|[A-Za-z0-9+/_-]{43}=?/gi) ?? []

function spelling({ encoding }, tag) {
  const bytes = tag.length === 64 ? fromHex(tag) : fromBase64(tag)
  return encoding === 'hex' ? toHex(bytes) : toBase64(bytes)
}

function layout({ signature: { form }, timestamp }, tag, seconds) {
  if (form === 'bare') return tag
  if (form.prefix !== undefined) return form.prefix + tag
  const entries = [timestamp?.field && `${timestamp.field}${form.assign}${seconds}`, `${form.tag}${form.assign}${tag}`]
  return entries.filter(Boolean).join(form.separator)
}

// The beginning of the tag was proven right: the rest of it is what this payload needs.
function completed(delivery) {
  const { hook } = judge(delivery)
  const { expected } = explain(hook, delivery.payload, pairsOf(delivery.headers), { now: timeOf(delivery), revealExpected: true }).evidence
  const { header } = rowOf(delivery.provider).scheme.signature
  return expected === null ? [] : [{ headers: withValues(delivery.headers, header, [expected]) }]
}

// As of the time at which it was signed.
function received(delivery) {
  const seconds = secondsOf(dissect(rowOf(delivery.provider).scheme, delivery).timestamp)
  return seconds === null ? [] : [{ now: seconds }, { now: null }]
}

function otherProviders() {
  return providers.map(({ name }) => ({ provider: name }))
}

function unescaped(text) {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
