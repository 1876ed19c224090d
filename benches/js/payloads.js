// Payloads of an exact number of bytes: JSON, because some contestants parse what they verified.

export const SIZES = [128, 512, 1024, 4096, 16_384, 65_536, 1_048_576, 10_485_760]

/** What stands in the text of a payload, by the kind of string that it makes. */
const TEXTS = {
  ascii: 'The quick brown fox jumps over the lazy dog; ',
  mixed: 'café 🦊 déjà vu, naïve 🚀 entrée; ',
  cjk: '署名付きのウェブフックを検証する。签名验证。서명 검증. ',
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Several payloads as bytes, so that no call is the one before it again. */
export function payloads(kind, bytes) {
  const many = Math.min(16, Math.max(1, Math.floor(65_536 / bytes)))
  return Array.from({ length: many }, (_, index) => payload(kind, bytes, index))
}

/** The same as a caller has it: a string never seen before, or bytes. */
export function asTaken(kind, bytes) {
  return kind === 'bytes' ? bytes : decoder.decode(bytes)
}

function payload(kind, bytes, index) {
  const head = `{"id":"evt_${String(index).padStart(4, '0')}","text":"`
  const text = TEXTS[kind] ?? TEXTS.ascii
  const room = bytes - head.length - 2
  const unit = encoder.encode(text)
  const whole = text.repeat(Math.floor(room / unit.length))
  const rest = room - Math.floor(room / unit.length) * unit.length
  const made = encoder.encode(`${head}${whole}${'.'.repeat(rest)}"}`)
  if (made.length !== bytes) throw new Error(`a payload of ${made.length} bytes in place of ${bytes}`)
  return made
}

/** HMAC-SHA256 of the parts, by WebCrypto, which every runtime has: what the contestants are given to verify. */
export async function hmac(secret, ...parts) {
  const raw = typeof secret === 'string' ? encoder.encode(secret) : secret
  const key = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, joined(parts)))
}

function joined(parts) {
  const all = parts.map((part) => (typeof part === 'string' ? encoder.encode(part) : part))
  const content = new Uint8Array(all.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of all) {
    content.set(part, at)
    at += part.length
  }
  return content
}

export function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function base64(bytes) {
  return btoa(String.fromCharCode(...bytes))
}
