// Changes of a delivery: attacks, and mends of what an explanation says is wrong. What comes of one the package says.
import { explain } from './hookproof/explain.js'
import { providers } from './hookproof/providers.js'
import {
  attempt, decode, dissect, encode, fromBase64, fromHex, judge, pairsOf, rewrite, schemeOf, secondsOf, signatureOf, signs,
  timeOf, valuesOf, withSignature, withTimestamp, withValues,
} from './delivery.js'

/** Each gives a patch; null where it means nothing for the delivery. */
export const attacks = [
  ['Flip a bit', 'the payload’s last bit but one', flipBit],
  ['Re-serialise', 'parse the JSON, write it again', reserialise],
  ['Add a line break', 'as an editor does', ({ payload }) => ({ payload: Uint8Array.from([...payload, 10]) })],
  ['Empty the payload', 'as if a parser had read it', () => ({ payload: new Uint8Array() })],
  ['Stale', 'replayed after the tolerance', (delivery) => beyondTolerance(delivery, 1)],
  ['From the future', 'before the tolerance', (delivery) => beyondTolerance(delivery, -1)],
  ['Change the time', 'one second, not signed anew', changeTime],
  ['Strip the prefix', 'the tag alone', stripPrefix],
  ['Cut the tag', 'its first half', (delivery) => tags(delivery, (tag) => tag.slice(0, tag.length / 2))],
  ['Change the tag', 'its first character', (delivery) => tags(delivery, (tag) => (tag[0] === '0' ? '1' : '0') + tag.slice(1))],
  ['Drop the header', 'no signature at all', (delivery) => copies(delivery, () => [])],
  ['Send it twice', 'the signature header, repeated', (delivery) => copies(delivery, (values) => [...values, ...values])],
  ['Empty secret', 'an unset variable', () => ({ secret: '' })],
  ['Another secret', 'of another endpoint', ({ secret }) => ({ secret: `${secret.slice(0, -4)}ZZY=` })],
  ['Upper case', 'header names and hex', upperCase],
  ['Change the id', 'in its unsigned header', changeId],
]

function flipBit({ payload }) {
  return payload.length === 0 ? null : { payload: payload.with(-1, payload.at(-1) ^ 2) }
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
  if (seconds === null || !signs(delivery, 'timestamp')) return null
  return { now: seconds + side * ((schemeOf(delivery).toleranceSeconds ?? 300) + 1) }
}

function changeTime(delivery) {
  const seconds = secondsOf(dissect(delivery).timestamp)
  return seconds === null ? null : { headers: withTimestamp(delivery, String(seconds + 1)) }
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
  return header && valuesOf(delivery.headers, header).length ? { headers: withValues(delivery.headers, header, ['another-id']) } : null
}

/**
 * The delivery before what went wrong, as far as the package accepts it: so a mend that is offered has been proven.
 * Without an explanation, for want of a usable secret, the secret is tried.
 */
export async function mendOf(delivery, explanation) {
  if (explanation?.cause === 'unknown') return null
  const { faults, difference } = explanation?.evidence ?? { faults: [{ cause: 'secret_', message: '' }] }
  const ofSecret = faults.find(({ cause }) => cause.startsWith('secret_'))
  const left = faults.slice((difference ? 1 : 0) + (ofSecret ? 1 : 0))
  const inflated = await Promise.all([delivery.payload, fromBase64(decode(delivery.payload) ?? '')].flatMap(inflate))
  for (const payload of difference ? payloads(delivery.payload, inflated, difference.signedBytes) : [delivery.payload]) {
    for (const secret of ofSecret ? secrets(delivery.secret, ofSecret.message) : [delivery.secret]) {
      const mended = { ...delivery, payload, secret }
      for (const sent of left.length ? senders(mended, left) : [mended]) {
        const found = accepted(sent)
        if (found) return found
      }
    }
  }
  return null
}

// Where the signature is right and old, the time is mended as well.
function accepted(delivery) {
  const { ok, code } = judge(delivery).verdict
  const times = /^too_/.test(code) ? [Math.floor(delivery.now / 1000), secondsOf(dissect(delivery).timestamp), null] : []
  return ok ? delivery : times.map((now) => ({ ...delivery, now })).find((timed) => judge(timed).verdict.ok)
}

// Another provider; another header's value as the id, the time, or the tag as the scheme writes it.
function* senders(delivery, faults) {
  const { headers } = delivery
  const names = [delivery.provider, ...providers.map(({ name }) => name)]
  for (const provider of names) yield { ...delivery, provider }
  // Its beginning was proven right: the rest is what this payload needs.
  if (faults.some(({ cause }) => cause === 'signature_truncated')) {
    const options = { now: timeOf(delivery), revealExpected: true }
    const { expected } = explain(judge(delivery).hook, delivery.payload, pairsOf(headers), options).evidence
    yield { ...delivery, headers: withSignature(delivery, [expected]) }
  }
  const values = pairsOf(headers).map(([, value]) => value)
  const stamps = (headers.match(/\b\d{9,16}\b/g) ?? []).map((digits) => (digits.length > 12 ? digits.slice(0, -3) : digits))
  stamps.push(...values.map((value) => Date.parse(value) / 1000).filter(Boolean).map(String))
  const tags = headers.match(/\b[0-9a-f]{64}\b|[A-Za-z0-9+/_-]{43}=?/gi) ?? []
  for (const provider of names) {
    const sent = { ...delivery, provider }
    const { encoding, id } = schemeOf(sent)
    const bytes = tags.map((tag) => (tag.length === 64 ? fromHex(tag) : fromBase64(tag))).filter(Boolean)
    const texts = bytes.map((tag) => (encoding === 'hex' ? tag.toHex() : tag.toBase64()))
    const written = texts.flatMap((tag) => [dissect(sent).timestamp, ...stamps].map((stamp) => signatureOf(sent, tag, stamp)))
    for (const value of [...values, ...written]) yield { ...sent, headers: withSignature(sent, [value]) }
    for (const stamp of stamps) yield { ...sent, headers: withTimestamp(sent, stamp) }
    if (id?.header) for (const value of values) yield { ...sent, headers: withValues(headers, id.header, [value]) }
  }
}

// What the secret was, or a text of which the scheme makes the same key. A prefix that was lost is in the message.
function secrets(secret, message) {
  const trimmed = secret.replace(/^[\s\0\u200b]+|[\s\0\u200b]+$/g, '')
  const bare = secret.replace(/^[a-z0-9]{1,12}_/i, '')
  const decoded = [secret, bare].flatMap((text) => [fromBase64(text), fromHex(text)]).filter(Boolean)
  const keys = [encode(secret), encode(bare), ...decoded].flatMap((key) => [key.toBase64(), key.toHex(), decode(key)])
  const texts = [
    ...[trimmed, trimmed.slice(1, -1), `${secret}\n`, `${secret}\r\n`, `${secret} `, ` ${secret}`, secret.replaceAll(' ', '+')],
    ...[...percent(secret), secret.toLowerCase(), secret.toUpperCase(), secret.slice(0, secret.length / 2)],
    ...[(/\w+_(?= is part)/.exec(message) ?? '') + secret, ...keys],
  ].filter(Boolean)
  return [...texts, ...texts.map((text) => encode(text).toBase64())]
}

const GIVE_UP_AFTER_MS = 1000

// What the payload may have been. The explanation knows how long it was.
function* payloads(bytes, inflated, length) {
  const text = decode(bytes) ?? ''
  const until = Date.now() + GIVE_UP_AFTER_MS
  for (const each of earlier(bytes, text, inflated)) {
    if (Date.now() > until) return
    const payload = typeof each === 'string' ? encode(each) : each
    if (payload instanceof Uint8Array && payload.length === length) yield payload
  }
  yield bytes.subarray(0, length)
}

function* earlier(bytes, text, inflated) {
  const json = attempt(() => JSON.parse(text))
  // Its ends and lines.
  yield* [text.replace(/\r?\n$/, ''), text.replace(/\n$/, ''), text.trim(), text.trimEnd(), text.trimStart()]
  yield* [`${text}\n`, `${text}\r\n`, `${text} `, ` ${text}`, `\n${text}`, `\n${text}\n`, `${text}\n\n`, text.slice(1), `\ufeff${text}`, `${text}}`]
  yield* ['\n', '\r\n', '\r'].map((line) => text.replace(/\r\n?|\n/g, line))
  // How it is encoded and written.
  yield* [fromBase64(text), fromBase64(text.slice(1, -1)), bytes.toBase64(), bytes.toBase64({ alphabet: 'base64url' }), ...inflated]
  yield* [narrowed(text, latin1), narrowed(text, windows1252), Array.from(bytes, (byte) => latin1[byte]).join('')]
  yield* printed(text)
  // What is around it: a JSON text, a form, or what a form parser made of it.
  yield* [json, JSON.stringify(text), ...percent(text), ...form({ '': text }).map((pair) => pair.slice(1))]
  yield* [...[...new URLSearchParams(text)].flat(), ...Object.keys(json ?? {}), ...form({ payload: text }), ...form(json)]
  if (json) yield* spellings(text)
}

function percent(text) {
  const decoded = [text, text.replaceAll('+', ' ')].map((each) => attempt(() => decodeURIComponent(each)))
  return [...decoded, encodeURIComponent(text)]
}

function form(fields) {
  const plus = attempt(() => String(new URLSearchParams(fields))) ?? ''
  return [plus, plus.replaceAll('+', '%20')]
}

function inflate(bytes) {
  return ['gzip', 'deflate'].map((format) => {
    const stream = new Blob([bytes ?? '']).stream().pipeThrough(new DecompressionStream(format))
    return new Response(stream).bytes().catch(() => null)
  })
}

const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => byte)
const latin1 = String.fromCharCode(...EVERY_BYTE)
const windows1252 = new TextDecoder('windows-1252').decode(EVERY_BYTE)

// Each character as one byte of the character set.
function narrowed(text, charset) {
  const found = Array.from(text, (character) => charset.indexOf(character))
  return found.includes(-1) ? null : Uint8Array.from(found)
}

// Bytes as programs print them: {"type":"Buffer","data":[123]}, 123,125, 7b7d, b'{}'.
function printed(text) {
  const numbers = /^[^[]*\[([\d,\s]*)\]\s*\}?$/.exec(text)?.[1] ?? text
  const letters = { n: '\n', r: '\r', t: '\t' }
  const unescaped = (_, hex, letter) => latin1[parseInt(hex, 16)] ?? letters[letter] ?? letter
  const python = text.slice(2, -1).replace(/\\(?:x(..)|(.))/gs, unescaped)
  return [Uint8Array.from(numbers.split(',').map(Number)), fromHex(text), narrowed(python, latin1)]
}

// JSON as libraries write it, the likeliest first.
function* spellings(text) {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g)
  const count = Math.min(8, tokens.filter((token) => NUMBER.test(token)).length)
  const root = parsed(tokens.reverse())
  const styles = LAYOUTS.flatMap((layout) => ESCAPES.map((string) => ({ ...layout, string })))
  for (const style of styles) yield serialised(root, style)
  for (const style of styles) yield `${serialised(root, style)}\n`
  for (const style of styles) yield serialised(root, { ...style, order: sorted })
  for (const style of styles) for (const number of [asJavaScript, asPython]) yield serialised(root, { ...style, number })
  const choices = count ? [-1, ...Array(2 ** count).keys()] : []
  const members = root.open === '{' && root.items.length <= 6 ? orders(root.items) : []
  for (const layout of LAYOUTS) {
    for (const which of choices) for (const decimals of [1, 2]) yield serialised(root, { ...layout, number: padding(decimals, which) })
    for (const items of members) yield serialised({ ...root, items }, layout)
  }
}

const LAYOUTS = [
  { comma: ',', colon: ':' },
  { comma: ', ', colon: ': ' },
  { comma: ',', colon: ': ', indent: '  ' },
  { comma: ',', colon: ': ', indent: '    ' },
  { comma: ',', colon: ': ', indent: '\t' },
  { comma: ',', colon: ': ' },
  { comma: ', ', colon: ':' },
]

const kept = (token) => token

const ESCAPES = [
  kept,
  escaping(/(?!)/),
  escaping(/[^\0-~]/),
  escaping(/[^\0-~]/, '\\/'),
  escaping(/(?!)/, '\\/'),
  escaping(/[<>&\u2028\u2029]/),
  escaping(/[<>&]|[^\0-~]/),
  escaping(/[<>&"'+`]|[^\0-~]/, '/', (hex) => hex.toUpperCase()),
]

// Texts with some characters written as numbers.
function escaping(numbered, slash = '/', written = kept) {
  const number = (unit) => `\\u${written(unit.charCodeAt(0).toString(16).padStart(4, '0'))}`
  const short = (character) => (character === '/' ? slash : JSON.stringify(character).slice(1, -1))
  const escaped = (character) => (numbered.test(character) ? character.replace(/[^]/g, number) : short(character))
  return (token) => `"${JSON.parse(token).replace(/./gsu, escaped)}"`
}

const NUMBER = /^-?\d/
const asJavaScript = (token) => String(Number(token))
const asPython = (token) => (/[.e]/i.test(token) ? asJavaScript(token).replace(/^-?\d+$/, '$&.0') : token)

// Decimals at those of the first eight numbers whose bit is set, or at all.
function padding(decimals, which) {
  let at = 0
  return (token) => {
    const [whole, fraction = ''] = token.split('.')
    return (which >> Math.min(at++, 8)) & 1 && !/e/i.test(token) ? `${whole}.${fraction.padEnd(decimals, '0')}` : token
  }
}

const sorted = (items) => items.toSorted((left, right) => (left.name < right.name ? -1 : 1))
function orders(items) {
  if (items.length < 2) return [items]
  return items.flatMap((item, at) => orders(items.toSpliced(at, 1)).map((rest) => [item, ...rest]))
}

// A token, or an object or list of them. The tokens are taken off the end.
function parsed(tokens) {
  const open = tokens.pop()
  if (open !== '{' && open !== '[') return open
  const items = []
  while (!/^[}\]]/.test(tokens.at(-1))) {
    const name = open === '{' ? tokens.splice(-2)[1] : null
    items.push({ name, value: parsed(tokens) })
    if (tokens.at(-1) === ',') tokens.pop()
  }
  return { open, close: tokens.pop(), items }
}

function serialised(node, style, depth = 0) {
  const { comma, colon, indent, string = kept, number = kept, order = kept } = style
  if (!node.items) return node[0] === '"' ? string(node) : NUMBER.test(node) ? number(node) : node
  const line = (depth) => (indent && node.items.length ? `\n${indent.repeat(depth)}` : '')
  const items = (node.open === '{' ? order(node.items) : node.items).map(
    ({ name, value }) => line(depth + 1) + (name === null ? '' : string(name) + colon) + serialised(value, style, depth + 1),
  )
  return node.open + items.join(comma) + line(depth) + node.close
}
