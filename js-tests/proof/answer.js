// Answers the cases of `cargo xtask proof differential` with the installed package: `node proof/answer.js FILE` prints
// an answer per line. What a case holds is described in tests/differential/generate.py.
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { signWebhook, verifyWebhook, Webhook, WebhookError } from 'hookproof'

for await (const line of createInterface({ input: createReadStream(process.argv[2]) })) {
  process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + '\n')
}

function answer(case_) {
  const payload = payloadOf(case_)
  const secrets = case_.secrets.map(({ text, bytes }) => text ?? Buffer.from(bytes, 'hex'))
  const secret = case_.list ? secrets : secrets[0]
  const toleranceSeconds = case_.toleranceSeconds === 'Infinity' ? Infinity : case_.toleranceSeconds
  const { now, maxPayloadBytes, sign } = case_
  if (case_.form) {
    const form = case_.form === 'auto' ? {} : { form: case_.form }
    const options = { ...form, now, ...present({ toleranceSeconds }) }
    return {
      verify: verifyWebhook(payload, case_.signature, secret, options),
      sign: result(() => signWebhook(payload, secret, { ...form, timestamp: sign.timestamp })),
    }
  }
  let hook
  try {
    hook = new Webhook(case_.provider ?? case_.scheme, secret, present({ toleranceSeconds, maxPayloadBytes }))
  } catch (error) {
    return { made: codeOf(error) }
  }
  const headers = shaped(case_)
  const check = hook.check(payload, headers, { now })
  return {
    check: check.ok ? check.delivery.toJSON() : check.code,
    stream: result(() => {
      const verifier = hook.createVerifier(headers, { now })
      for (const chunk of chunksOf(payload, case_)) verifier.update(chunk)
      return verifier.verify()
    }),
    sign: result(() => hook.sign(payload, sign)),
  }
}

// An option that is there as undefined is another case than one that is not there.
function present(options) {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

function result(call) {
  try {
    return call()
  } catch (error) {
    return codeOf(error)
  }
}

function codeOf(error) {
  return error instanceof WebhookError ? error.code : `${error}`
}

function payloadOf({ payload: { text, bytes }, view }) {
  if (text) return text.map(([piece, times]) => piece.repeat(times)).join('')
  const whole = Buffer.concat(bytes.map(([hex, times]) => Buffer.from(hex.repeat(times), 'hex')))
  const framed = new Uint8Array(whole.length + 5).fill(0x41)
  framed.set(whole, 3)
  switch (view) {
    case 'buffer':
      return Uint8Array.from(whole).buffer
    case 'dataview':
      return new DataView(framed.buffer, 3, whole.length)
    case 'framed':
      return framed.subarray(3, 3 + whole.length)
    default:
      return whole
  }
}

/** The payload cut as the case says. A text is not cut within a surrogate pair, but a character's bytes may be. */
function* chunksOf(payload, { chunks, textChunks }) {
  const isText = typeof payload === 'string'
  // Half a surrogate pair has no bytes, so only a text can carry it.
  const whole = isText && (textChunks || !payload.isWellFormed?.()) ? payload : bytesOf(payload)
  for (let at = 0, i = 0; at < whole.length; i++) {
    let end = at + chunks[i % chunks.length]
    if (typeof whole === 'string' && isHigh(whole.charCodeAt(end - 1)) && end > at) end++
    yield typeof whole === 'string' ? whole.slice(at, end) : whole.subarray(at, end)
    at = end
  }
}

function isHigh(unit) {
  return unit >= 0xd800 && unit < 0xdc00
}

function bytesOf(payload) {
  if (typeof payload === 'string') return Buffer.from(payload)
  if (payload instanceof ArrayBuffer) return new Uint8Array(payload)
  return new Uint8Array(payload.buffer, payload.byteOffset, payload.byteLength)
}

/** The headers in the case's shape, or as pairs where that shape cannot hold them as they are. */
function shaped({ headers, shape }) {
  const lists = new Map()
  for (const [name, value] of headers) lists.set(name, [...(lists.get(name) ?? []), value])
  const unique = lists.size === headers.length
  switch (shape) {
    case 'object':
      return unique && !lists.has('__proto__') ? Object.fromEntries(headers) : headers
    case 'lists':
      return lists.has('__proto__') ? headers : Object.fromEntries(lists)
    case 'map':
      return unique ? new Map(headers) : headers
    case 'headers':
      return unique &&
        headers.every(isPlain) &&
        new Set(headers.map(([name]) => name.toLowerCase())).size === headers.length
        ? new Headers(headers)
        : headers
    default:
      return headers
  }
}

// `Headers` refuses other texts, and trims the outer white space.
function isPlain([name, value]) {
  return /^[\w-]+$/.test(name) && /^([\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?)?$/.test(value)
}
