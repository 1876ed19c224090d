// Payloads are bytes. This is how they are written for people, and read back.

const encoder = new TextEncoder()
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export const encode = (text) => encoder.encode(text)

/** The bytes as text, or null where they are not UTF-8. */
export function decode(bytes) {
  try {
    return strict.decode(bytes)
  } catch {
    return null
  }
}

export const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** Hex digits in either case, with white space between them; null where it is something else. */
export function fromHex(text) {
  const digits = text.replace(/\s/g, '')
  if (digits.length % 2 || /[^0-9a-f]/i.test(digits)) return null
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) => parseInt(digits.slice(2 * at, 2 * at + 2), 16))
}

export function toBase64(bytes) {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

/** Base64 in either alphabet, padded or not; null where it is something else. */
export function fromBase64(text) {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/').replace(/\s/g, ''))
    return Uint8Array.from(binary, (character) => character.charCodeAt(0))
  } catch {
    return null
  }
}

export function concat(...pieces) {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}

/** Each character with the bytes it is made of. A byte that is part of no character has `text` null. */
export function* characters(bytes) {
  for (let at = 0; at < bytes.length; ) {
    const length = bytes[at] < 0x80 ? 1 : bytes[at] < 0xe0 ? 2 : bytes[at] < 0xf0 ? 3 : 4
    const text = bytes[at] < 0x80 ? String.fromCharCode(bytes[at]) : decode(bytes.subarray(at, at + length))
    const taken = bytes.subarray(at, at + (text === null ? 1 : length))
    yield { text, bytes: taken }
    at += taken.length
  }
}

/** What a text area makes of bytes: it knows one kind of line break, and nothing that is not text. */
export function displayed(bytes) {
  const text = decode(bytes)
  if (text !== null) return text.replace(/\r\n?/g, '\n')
  return units(bytes).map((unit) => unit.text).join('')
}

/**
 * An edit of what was displayed, as an edit of the bytes: line breaks and bytes that were not touched stay what
 * they are, though the text area cannot hold them.
 */
export function edited(bytes, after) {
  const before = displayed(bytes)
  const most = Math.min(before.length, after.length)
  let start = 0
  while (start < most && before[start] === after[start]) start++
  if (isHigh(before[start - 1])) start--
  let end = 0
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end++
  if (end > 0 && isHigh(before[before.length - end - 1])) end--
  const inserted = encode(after.slice(start, after.length - end))
  const [from, to] = offsets(bytes, [start, before.length - end])
  return concat(bytes.subarray(0, from), inserted, bytes.subarray(to))
}

const isHigh = (unit) => unit >= '\ud800' && unit <= '\udbff'

// What is displayed as one: a line break of either kind, a character, a stray byte.
function units(bytes) {
  const units = []
  for (const { text, bytes: taken } of characters(bytes)) {
    const last = units.at(-1)
    if (text === '\n' && last?.isReturn) units[units.length - 1] = { text, length: 2 }
    else units.push({ text: text === '\r' ? '\n' : (text ?? '\ufffd'), length: taken.length, isReturn: text === '\r' })
  }
  return units
}

// Where in the bytes these places of the displayed text are, in rising order.
function offsets(bytes, places) {
  const found = []
  let place = 0
  let at = 0
  for (const unit of [...units(bytes), { text: '', length: 0 }]) {
    while (found.length < places.length && place >= places[found.length]) found.push(at)
    place += unit.text.length
    at += unit.length
  }
  while (found.length < places.length) found.push(at)
  return found
}
