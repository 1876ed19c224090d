// UTF-8, also where a runtime has neither TextEncoder nor TextDecoder: Jest's jsdom is one.

// U+FFFD, which stands for half a surrogate pair.
const REPLACEMENT = [0xef, 0xbf, 0xbd]

let encoder
let decoder

/** Writes as much of a string as there is room for; says how much was read and written. */
export function encodeInto(text, area) {
  encoder ??=
    ANY_RUNTIME && typeof globalThis.TextEncoder !== 'function' ? { encodeInto: encodeSlowly } : new TextEncoder()
  return encoder.encodeInto(text, area)
}

/** A well-formed string's bytes. */
export function encode(text) {
  return ANY_RUNTIME && typeof globalThis.TextEncoder !== 'function' ? bytesOf(text) : new TextEncoder().encode(text)
}

/**
 * How many bytes a string has, or bytes are: more than `most` where it is more. Beyond that it is not counted
 * further, nor where it is surely less: a UTF-16 unit is one to three bytes of UTF-8.
 */
export function countBytes(payload, most) {
  const { length } = payload
  const isOpen = typeof payload === 'string' && length <= most && length * 3 > most
  return isOpen ? encode(payload).length : length
}

/** The text of bytes; throws where they are not UTF-8. A byte order mark stays: it is one of them. */
export function decode(bytes) {
  if (ANY_RUNTIME && typeof globalThis.TextDecoder !== 'function') return decodeSlowly(bytes)
  decoder ??= new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  return decoder.decode(bytes)
}

/** Whether a string has a UTF-8: one with half a surrogate pair has none. */
export function isWellFormed(text) {
  return ANY_RUNTIME && typeof text.isWellFormed !== 'function' ? !/\p{Surrogate}/u.test(text) : text.isWellFormed()
}

function encodeSlowly(text, area) {
  let read = 0
  let written = 0
  for (const character of text) {
    const bytes =
      character < '\x80' ? [character.charCodeAt(0)] : isWellFormed(character) ? bytesOf(character) : REPLACEMENT
    if (written + bytes.length > area.length) break
    area.set(bytes, written)
    written += bytes.length
    read += character.length
  }
  return { read, written }
}

// URI encoding is UTF-8 that every runtime has.
function bytesOf(text) {
  return Uint8Array.from(unescape(encodeURIComponent(text)), (byte) => byte.charCodeAt(0))
}

function decodeSlowly(bytes) {
  return decodeURIComponent(Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''))
}
