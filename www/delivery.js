// The delivery on the page: how it is written, judged, passed on and taken apart.
// Its now is unix seconds, or null for the clock's.
import { Webhook } from './hookproof/index.js'
import { providers } from './hookproof/providers.js'

// Bytes as people write them, and read back; null where they are no such thing.
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** What a call gives; null where it throws. */
export function attempt(call) {
  try {
    return call()
  } catch {
    return null
  }
}

export const encode = (text) => new TextEncoder().encode(text)
export const decode = (bytes) => attempt(() => strict.decode(bytes))
export const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
export const toBase64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))

export function fromHex(text) {
  const digits = text.replace(/\s/g, '')
  return /^([\da-f]{2})*$/i.test(digits)
    ? Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16))
    : null
}

/** In either alphabet, padded or not. */
export const fromBase64 = (text) =>
  attempt(() => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (unit) => unit.charCodeAt()))

/** Each character with its bytes. A byte that is part of none has no text. */
export function* characters(bytes) {
  for (let at = 0; at < bytes.length;) {
    const length = bytes[at] < 0x80 ? 1 : bytes[at] < 0xe0 ? 2 : bytes[at] < 0xf0 ? 3 : 4
    const text = decode(bytes.subarray(at, at + length))
    const taken = bytes.subarray(at, at + (text === null ? 1 : length))
    yield { text, bytes: taken }
    at += taken.length
  }
}

/** What a text area makes of bytes: it knows one kind of line break and no byte that is not text. */
export const displayed = (bytes) =>
  units(bytes)
    .map(({ text }) => text)
    .join('')

/** An edit of what was displayed, as one of the bytes: what was not touched stays. */
export function edited(bytes, after) {
  const before = units(bytes)
  const typed = Array.from(after)
  const most = Math.min(before.length, typed.length)
  let start = 0
  while (start < most && before[start].text === typed[start]) start++
  let end = 0
  while (end < most - start && before.at(-1 - end).text === typed.at(-1 - end)) end++
  const bytesIn = (some) => some.reduce((sum, { length }) => sum + length, 0)
  const head = bytes.subarray(0, bytesIn(before.slice(0, start)))
  const tail = bytes.subarray(bytes.length - bytesIn(before.slice(before.length - end)))
  return Uint8Array.from([...head, ...encode(typed.slice(start, typed.length - end).join('')), ...tail])
}

// What is displayed as one: a line break of either kind, a character, a stray byte.
function units(bytes) {
  const units = []
  for (const { text, bytes: taken } of characters(bytes)) {
    const isReturn = text === '\r'
    if (text === '\n' && units.at(-1)?.isReturn) units[units.length - 1] = { text, length: 2 }
    else units.push({ text: isReturn ? '\n' : (text ?? '\ufffd'), length: taken.length, isReturn })
  }
  return units
}

/** Headers are a line each; what has no colon is none. */
export function pairsOf(text) {
  return Array.from(text.matchAll(/^[^\S\n]*(\S[^:\n]*):([^\n]*)/gm), ([, name, value]) => [name.trim(), value.trim()])
}

export const writeHeaders = (pairs) => pairs.map((pair) => pair.join(': ')).join('\n')

export const isNamed =
  (name) =>
  ([each]) =>
    each.toLowerCase() === name.toLowerCase()

export const valuesOf = (text, name) =>
  pairsOf(text)
    .filter(isNamed(name))
    .map(([, value]) => value)

// It is base64 as well, because some providers' secrets are.
export const EXAMPLE_SECRET = 'aW4gdGhlIG9wZW4='

export const rowOf = ({ provider }) => providers.find((row) => row.name === provider)
export const schemeOf = (delivery) => rowOf(delivery).scheme
export const clock = () => Math.floor(Date.now() / 1000)
export const timeOf = ({ now }) => now ?? clock()

let current = example('humiris')
const listeners = []
export const history = []

export const read = () => current
export const onChange = (listener) => listeners.push(listener)

/** What a person typed, which is their own from then on. `from` is its field, which is not written to. */
export function change(patch, from) {
  current = { ...current, own: current.own || from !== undefined, ...patch }
  listeners.forEach((listener) => listener(current, from))
}

/** What was done by a button, and can be taken back. */
export function apply(patch) {
  history.push(current)
  change(patch)
}

export const takeBack = () => change(history.pop())

/** The documented payload, signed now. */
export function example(provider) {
  const { sample } = rowOf({ provider })
  const headers = writeHeaders(sign(provider, EXAMPLE_SECRET, sample))
  return { provider, secret: EXAMPLE_SECRET, payload: encode(sample), headers, now: null, own: false }
}

export function sign(provider, secret, payload) {
  const signed = new Webhook(provider, secret).sign(payload, { timestamp: clock() })
  return [['Content-Type', 'application/json'], ...Object.entries(signed)]
}

/** What the package makes of a delivery. Without a usable secret there is no hook. */
export function judge(delivery) {
  try {
    const hook = new Webhook(delivery.provider, delivery.secret)
    return { hook, verdict: hook.check(delivery.payload, pairsOf(delivery.headers), { now: timeOf(delivery) }) }
  } catch ({ code = 'invalid_secret', message }) {
    return { hook: null, verdict: { ok: false, code, message } }
  }
}

// A payload as the test vectors write it: text, or base64.
const valueOf = (bytes) => decode(bytes) ?? { base64: toBase64(bytes) }
const bytesOf = (value) => (typeof value === 'string' ? encode(value) : fromBase64(value.base64))

/** A link's fragment: never the secret. */
export function fragmentOf({ provider, payload, headers, now }) {
  const shared = { provider, payload: valueOf(payload), headers: pairsOf(headers), now }
  return `#${toBase64(encode(JSON.stringify(shared)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')}`
}

/** The delivery that a fragment holds; null where it holds none. */
export function fromFragment(fragment) {
  return attempt(() => {
    const { provider, payload, headers, now } = JSON.parse(decode(fromBase64(fragment.slice(1))))
    if (!rowOf({ provider }) || !Number.isSafeInteger(now ?? 0)) return null
    return { provider, payload: bytesOf(payload), headers: writeHeaders(headers), now, secret: '', own: true }
  })
}

export function holdsSecret({ secret, payload, headers }) {
  return secret.length >= 4 && (decode(payload)?.includes(secret) || headers.includes(secret))
}

/** A row of the project's test vectors, with its secret. */
export function vectorOf(delivery) {
  const { verdict } = judge(delivery)
  const { provider, secret, payload, headers } = delivery
  const { id, timestamp, signed, secretIndex, key } = verdict.delivery ?? {}
  return {
    name: `${rowOf(delivery).title}: ${verdict.ok ? 'verifies' : verdict.code}`,
    source: 'the playground; write here where it was read',
    provider,
    secret,
    headers: pairsOf(headers),
    payload: valueOf(payload),
    now: timeOf(delivery),
    expected: verdict.ok ? { ok: true, id, timestamp, signed, secretIndex, key } : { ok: false, code: verdict.code },
  }
}

/** Taken apart by its scheme. What is not there is null; the role of what the scheme does not read is other. */
export function dissect(delivery) {
  const scheme = schemeOf(delivery)
  const inHeader = (name) => valuesOf(delivery.headers, name)[0] ?? null
  const headers = valuesOf(delivery.headers, scheme.signature.header).map((value) => signatureParts(scheme, value))
  const parts = (role) => headers.flat().filter((part) => part.role === role)
  const timestamp = scheme.timestamp?.header ? inHeader(scheme.timestamp.header) : (parts('timestamp')[0]?.text ?? null)
  const id = scheme.id?.payload
    ? memberOf(delivery.payload, scheme.id.payload)
    : scheme.id
      ? inHeader(scheme.id.header)
      : null
  const facts = { timestamp, id }
  const content = scheme.content.map((part) => {
    if (part === 'payload') return { role: part, bytes: delivery.payload }
    return part.literal === undefined ? { role: part, text: facts[part] } : { role: 'literal', text: part.literal }
  })
  return { ...facts, headers, tags: parts('tag').map(({ text }) => text), content }
}

// The signature header's value in parts, which put together are the value again.
function signatureParts({ signature, timestamp }, value) {
  const { prefix = '', separator, assign, tag } = signature.form
  const part = (role, text) => ({ role, text })
  if (!assign) {
    const parts = [part('literal', prefix), part('tag', value.slice(prefix.length))]
    return value.startsWith(prefix) ? parts.slice(prefix ? 0 : 1) : [part('other', value)]
  }
  return value.split(separator).flatMap((entry, at) => {
    const [name, ...rest] = entry.split(assign)
    const role = name.trim() === tag ? 'tag' : name.trim() === timestamp?.field && 'timestamp'
    const parts =
      role && rest.length ? [part('literal', name + assign), part(role, rest.join(assign))] : [part('other', entry)]
    return at ? [part('literal', separator), ...parts] : parts
  })
}

function memberOf(payload, member) {
  const value = attempt(() => JSON.parse(decode(payload))[member])
  return typeof value === 'string' ? value : null
}

/** The unix seconds that a timestamp's text says, or null. */
export const secondsOf = (text) => (/^\d{1,12}$/.test(text ?? '') ? Number(text) : null)

export const signs = (delivery, part) => schemeOf(delivery).content.includes(part)
