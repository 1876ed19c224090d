// Changes of a delivery: attacks, and mends of what an explanation says is wrong. What comes of one the package says.
import { invisible } from './hookproof/invisible.js'
import { providers } from './hookproof/providers.js'
import {
  attempt,
  decode,
  dissect,
  encode,
  fromBase64,
  fromHex,
  isNamed,
  judge,
  pairsOf,
  schemeOf,
  secondsOf,
  signs,
  toBase64,
  toHex,
  valuesOf,
  writeHeaders,
} from './delivery.js'

/** Each gives a patch; null where it means nothing for the delivery. */
export const attacks = [
  ['Flip a bit', 'the payload’s last bit but one', flipBit],
  ['Re-serialise', 'parse the JSON, write it again', reserialise],
  ['Add a line break', 'as an editor does', addLineBreak],
  ['Empty the payload', 'as if a parser had read it', () => ({ payload: new Uint8Array() })],
  ['Stale', 'replayed after the tolerance', (delivery) => beyondTolerance(delivery, 1)],
  ['From the future', 'before the tolerance', (delivery) => beyondTolerance(delivery, -1)],
  ['Change the time', 'one second, not signed anew', changeTime],
  ['Strip the prefix', 'the tag alone', stripPrefix],
  ['Cut the tag', 'its first half', (delivery) => tags(delivery, (tag) => tag.slice(0, tag.length / 2))],
  [
    'Change the tag',
    'its first character',
    (delivery) => tags(delivery, (tag) => (tag[0] === '0' ? '1' : '0') + tag.slice(1)),
  ],
  ['Drop the header', 'no signature at all', (delivery) => copies(delivery, () => [])],
  [
    'Send it twice',
    'the signature header, repeated',
    (delivery) => copies(delivery, (values) => [...values, ...values]),
  ],
  ['Empty secret', 'an unset variable', () => ({ secret: '' })],
  ['Another secret', 'of another endpoint', ({ secret }) => ({ secret: `${secret.slice(0, -4)}ZZY=` })],
  ['Upper case', 'header names and hex', upperCase],
  ['Change the id', 'in its unsigned header', changeId],
]

function flipBit({ payload }) {
  return payload.length === 0 ? null : { payload: payload.with(-1, payload.at(-1) ^ 2) }
}

function addLineBreak({ payload }) {
  const longer = new Uint8Array(payload.length + 1).fill(10)
  longer.set(payload)
  return { payload: longer }
}

function reserialise({ payload }) {
  return attempt(() => {
    const text = decode(payload)
    const value = JSON.parse(text)
    const compact = JSON.stringify(value)
    return { payload: encode(text === compact ? JSON.stringify(value, null, 2) : compact) }
  })
}

function beyondTolerance(delivery, side) {
  const seconds = secondsOf(dissect(delivery).timestamp)
  const now = seconds + side * ((schemeOf(delivery).toleranceSeconds ?? 300) + 1)
  return seconds === null || now < 0 || !signs(delivery, 'timestamp') ? null : { now }
}

function changeTime(delivery) {
  const seconds = secondsOf(dissect(delivery).timestamp)
  return seconds === null ? null : { headers: withTimestamp(delivery, seconds + 1) }
}

function stripPrefix(delivery) {
  const [tag] = dissect(delivery).tags
  return tag && schemeOf(delivery).signature.form !== 'bare' ? { headers: withSignature(delivery, [tag]) } : null
}

function tags(delivery, change) {
  return dissect(delivery).tags.length === 0 ? null : { headers: rewrite(delivery, 'tag', change) }
}

function copies(delivery, change) {
  const values = valuesOf(delivery.headers, schemeOf(delivery).signature.header)
  return values.length === 0 ? null : { headers: withSignature(delivery, change(values)) }
}

function upperCase(delivery) {
  const isHex = schemeOf(delivery).encoding === 'hex'
  const headers = isHex ? rewrite(delivery, 'tag', (tag) => tag.toUpperCase()) : delivery.headers
  return { headers: headers.replace(/^[^:\n]+/gm, (name) => name.toUpperCase()) }
}

function changeId(delivery) {
  const { header } = schemeOf(delivery).id ?? {}
  return header && valuesOf(delivery.headers, header).length
    ? { headers: withValues(delivery.headers, header, ['another-id']) }
    : null
}

// Where no hook can be made with the secret, nothing is explained.
const OF_SECRET = { faults: [{ cause: 'secret_', message: '' }] }

/** The delivery before what went wrong, where the package accepts it: what is offered is proven. */
export function mendOf(delivery, explanation) {
  const { provider = delivery.provider, faults, difference, signed } = explanation?.evidence ?? OF_SECRET
  const payload = signed?.payload ?? delivery.payload
  const ofSecret = faults.find(({ cause }) => cause.startsWith('secret_'))
  const isOfHeaders = faults.length > !!difference + !!ofSecret
  for (const secret of ofSecret ? secrets(delivery.secret, ofSecret.message) : [delivery.secret]) {
    const mended = { ...delivery, provider, payload, secret }
    for (const sent of isOfHeaders ? senders(mended, signed) : [mended]) {
      const found = accepted(sent)
      if (found) return found
    }
  }
  return null
}

// Where the signature is right and old, the time is mended as well.
function accepted(delivery) {
  const { ok, code } = judge(delivery).verdict
  const times = /^too_/.test(code) ? [Math.floor(delivery.now / 1000), secondsOf(dissect(delivery).timestamp)] : []
  return ok ? delivery : times.map((now) => ({ ...delivery, now })).find((timed) => judge(timed).verdict.ok)
}

// As it is; as its provider or another would have sent what was signed; with a date as the timestamp.
function* senders(delivery, signed) {
  yield delivery
  const names = signed ? [delivery.provider, ...providers.map(({ name }) => name)] : []
  for (const provider of names) yield sentBy({ ...delivery, provider }, signed)
  for (const [, value] of pairsOf(delivery.headers)) {
    const date = Date.parse(value)
    if (date) yield { ...delivery, headers: withTimestamp(delivery, date / 1000) }
  }
}

function sentBy(delivery, { timestamp, id, tag }) {
  const scheme = schemeOf(delivery)
  const { header } = scheme.signature
  const text = scheme.encoding === 'hex' ? toHex(tag) : toBase64(tag)
  // Of a tag that was cut off the beginning is proven: the rest is this payload's.
  const signature =
    tag.length < 32
      ? judge(delivery).hook?.sign(delivery.payload, { timestamp: secondsOf(timestamp) ?? 0, id: id ?? undefined })[
          header
        ]
      : signatureOf(delivery, text, timestamp)
  const values = [
    [header, signature],
    [scheme.timestamp?.header, timestamp],
    [scheme.id?.header, id],
  ]
  const write = (headers, [name, value]) => (name && value ? withValues(headers, name, [value]) : headers)
  return { ...delivery, headers: values.reduce(write, delivery.headers) }
}

// What the secret was, or a text of which the scheme makes the same key. A prefix that was lost is in the message.
function secrets(secret, message) {
  const seen = Array.from(secret, (c) => c !== ' ' && !invisible.test(c))
  const trimmed = Array.from(secret)
    .slice(seen.indexOf(true), seen.lastIndexOf(true) + 1)
    .join('')
  const bare = secret.replace(/^[a-z0-9]{1,12}_/i, '')
  const decoded = [secret, bare].flatMap((text) => [encode(text), fromBase64(text), fromHex(text)]).filter(Boolean)
  const texts = [
    ...[
      trimmed,
      trimmed.slice(1, -1),
      `${secret}\n`,
      `${secret}\r\n`,
      `${secret} `,
      ` ${secret}`,
      secret.replaceAll(' ', '+'),
    ],
    ...[
      attempt(() => decodeURIComponent(secret)),
      encodeURIComponent(secret),
      secret.toLowerCase(),
      secret.toUpperCase(),
    ],
    ...[secret.slice(0, secret.length / 2), (/\w+_(?= is part)/.exec(message) ?? '') + secret],
    ...decoded.flatMap((key) => [toBase64(key), toHex(key), decode(key)]),
  ].filter(Boolean)
  return [...texts, ...texts.map((text) => toBase64(encode(text)))]
}

// The text with other values for a header: none takes it out, two send it twice.
function withValues(text, name, values) {
  const pairs = pairsOf(text)
  const first = pairs.find(isNamed(name)) ?? [name]
  const others = pairs.filter((pair) => pair === first || !isNamed(name)(pair))
  const at = others.indexOf(first)
  return writeHeaders(others.toSpliced(at < 0 ? others.length : at, 1, ...values.map((value) => [first[0], value])))
}

const withSignature = (delivery, values) => withValues(delivery.headers, schemeOf(delivery).signature.header, values)

function rewrite(delivery, role, change) {
  const text = (part) => (part.role === role ? change(part.text) : part.text)
  return withSignature(
    delivery,
    dissect(delivery).headers.map((parts) => parts.map(text).join('')),
  )
}

function withTimestamp(delivery, text) {
  const header = schemeOf(delivery).timestamp?.header
  return header ? withValues(delivery.headers, header, [text]) : rewrite(delivery, 'timestamp', () => text)
}

/** Judged with this tag alone. */
export function judgeAlone(delivery, tag) {
  const headers = withSignature(delivery, [signatureOf(delivery, tag, dissect(delivery).timestamp)])
  return judge({ ...delivery, headers }).verdict
}

function signatureOf(delivery, tag, stamp) {
  const {
    signature: { form },
    timestamp,
  } = schemeOf(delivery)
  if (!form.assign) return (form.prefix ?? '') + tag
  const entries = [timestamp?.field && stamp && timestamp.field + form.assign + stamp, form.tag + form.assign + tag]
  return entries.filter(Boolean).join(form.separator)
}
