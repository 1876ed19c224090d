// How a text comes into linear memory, as UTF-8.

// What this kind of runtime is quick at: one of load/.
import { copyFrom, textFrom } from '#load'
import { encodeInto, isWellFormed } from './utf8.js'

/** In place of a length: half a surrogate pair has no UTF-8. */
export const NO_TEXT = -2

// What lies beyond Latin-1. V8 keeps most texts without it at a byte a unit, and knows of those that nothing matches.
const WIDE = /[\u0100-\uffff]/

// From how many UTF-16 units on a buffer encodes a text within Latin-1: in Node quicker than anything else where not all
// of it is ASCII, and a little slower where it is.
const BUFFERED_FROM = 8192

// How much of a text is looked at to guess the rest.
const SAMPLE = 256

/** Writes a text and says how many bytes; all of the area for one that does not fit. */
export function writeText(area, text, isWellFormedIn = () => false) {
  const { read, written } = encodeInto(text, area)
  if (read < text.length) return area.length
  // As many bytes as units are ASCII. For half a surrogate pair encoders write the replacement character.
  return read === written || isWellFormedIn(written) || isWellFormed(text) ? written : NO_TEXT
}

/** The payload's area, for texts. */
export function makePayloadText(core, chunk) {
  const buffer = makeBuffer(chunk)

  // To look for the replacement character in memory takes less than to look through the text.
  const isWellFormedIn = (bytes) => !core.may_hold_replacement(bytes)

  // Whether a text is better copied, and encoded by the core.
  function isCopied(text) {
    return buffer && text.length >= copyFrom && WIDE.test(text)
  }

  // Copies a text to the area's end, from where the core encodes it behind what it has: a piece at a time, of as much
  // as there is room for.
  function copy(text) {
    let bytes = 0
    for (let at = 0; at < text.length; ) {
      const piece = pieceOf(text, at, chunk.length - bytes, 3)
      if (!piece) return chunk.length
      buffer.write(piece, chunk.length - 2 * piece.length, 'utf16le')
      const written = core.encode(bytes, piece.length)
      if (written === NO_TEXT) return NO_TEXT
      bytes += written
      at += piece.length
    }
    return bytes
  }

  /** The same as `writeText`. */
  function write(text) {
    if (isCopied(text)) return copy(text)
    if (!ANY_RUNTIME || !buffer || text.length < BUFFERED_FROM) return writeText(chunk, text, isWellFormedIn)
    const bytes = buffer.write(text)
    // A character that no longer fits is not written, and has two bytes at most.
    return bytes < chunk.length - 1 ? bytes : chunk.length
  }

  /** Whether a text that does not fit is better encoded here, piece by piece, than by the runtime's hash. */
  function isEncodedHere(text) {
    return text.length < textFrom || isCopied(text)
  }

  /**
   * Whether a text is worth trying to lay in the area. Of a long one its beginning says: whether all of it may fit,
   * or, where the runtime's hash encodes faster, whether it is ASCII.
   */
  function mayFit(text) {
    const units = text.length
    if (units < Math.min(textFrom, chunk.length / 3)) return true
    if (units >= chunk.length) return false
    const bytes = write(text.slice(0, SAMPLE))
    return isEncodedHere(text) ? bytes * units < SAMPLE * chunk.length : bytes === SAMPLE
  }

  return { write, isEncodedHere, mayFit }
}

/**
 * As much of a text, from a place on, as fits into so many bytes at so many bytes a unit, and some less, which is the
 * room that encoders need. At three it surely fits. No pair is parted.
 */
export function pieceOf(text, at, bytes, bytesPerUnit) {
  const end = at + Math.floor(bytes / bytesPerUnit) - 2
  if (end >= text.length) return text.slice(at)
  const parted = (text.charCodeAt(end - 1) & 0xfc00) === 0xd800
  return text.slice(at, parted ? end - 1 : end)
}

// A buffer over an area, where buffers copy a text's UTF-16 in a tenth of the time in which anything makes UTF-8 of it:
// in Node and workerd. What stands in for them elsewhere has no such method.
function makeBuffer({ buffer, byteOffset, length }) {
  const { Buffer } = globalThis
  return copyFrom < Infinity && typeof Buffer?.prototype?.ucs2Write === 'function' && Buffer.from(buffer, byteOffset, length)
}
