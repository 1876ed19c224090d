// A payload's text, as UTF-8 in memory.

// The settings of this kind of runtime: one of load/.
import { copyFrom, textFrom } from '#load'
import { NOT_TEXT } from '../gen/tables/boundary.js'
import { PayloadNotText } from '../gen/tables/statuses.js'
import { writeText } from './memory.js'

// Matches beyond Latin-1. V8 keeps most texts without such a character at a byte a unit, and knows that nothing matches.
const WIDE = /[\u0100-\uffff]/

// From how many UTF-16 units on a buffer encodes a text within Latin-1: in Node quicker than anything else where not all
// of it is ASCII, and a little slower where it is.
const BUFFERED_FROM = 8192

// How much of a text is looked at to guess the rest.
const SAMPLE = 256

/** Writes text and gives its bytes; the payload field's length where it does not fit, NOT_TEXT for an unpaired surrogate. */
export function writePayloadText(instance, text) {
  const { payload } = instance.memory
  if (isCopied(instance, text)) return copy(instance, text)
  const buffer = ANY_RUNTIME && text.length >= BUFFERED_FROM && bufferOf(instance)
  if (!buffer) return writeText(payload, text, instance.wasm)
  const bytes = buffer.write(text)
  // A character that no longer fits is not written, and has two bytes at most.
  return bytes < payload.length - 1 ? bytes : payload.length
}

/** Whether a text that does not fit is better encoded here, piece by piece, than by the runtime's hash. */
export function isEncodedHere(instance, text) {
  return text.length < textFrom || isCopied(instance, text)
}

/**
 * Whether writing a text is worth a try. The beginning of a long one tells whether all of it may fit, or, where the
 * runtime's hash encodes faster, whether it is ASCII.
 */
export function mayFit(instance, text) {
  const units = text.length
  const { length } = instance.memory.payload
  if (units < Math.min(textFrom, length / 3)) return true
  if (units >= length) return false
  const bytes = writePayloadText(instance, text.slice(0, SAMPLE))
  return isEncodedHere(instance, text) ? bytes * units < SAMPLE * length : bytes === SAMPLE
}

/**
 * Writes a payload piece by piece, at least one, and calls `visit(bytes, isLast)` after each until it gives a status.
 * Gives what the last call gave, or a status where the payload is not text.
 */
export function visitPieces(instance, payload, visit) {
  const field = instance.memory.payload
  let at = 0
  let status
  do {
    const piece = pieceAt(payload, at, field.length)
    at += piece.length
    const bytes = writePayload(instance, piece)
    status = bytes === NOT_TEXT ? PayloadNotText : visit(bytes, at === payload.length)
  } while (!status && at < payload.length)
  return status
}

/** Writes a text or bytes that fit. */
export function writePayload(instance, payload) {
  if (typeof payload === 'string') return writePayloadText(instance, payload)
  instance.memory.payload.set(payload)
  return payload.length
}

/** The longest part of a payload from `at` on that surely fits in `bytes`. Never splits a surrogate pair. */
export function pieceAt(payload, at, bytes) {
  if (typeof payload !== 'string') return payload.subarray(at, at + bytes)
  // A unit becomes three bytes at most, and encoders need some room.
  const end = at + Math.floor(bytes / 3) - 2
  if (end >= payload.length) return payload.slice(at)
  const isSplit = (payload.charCodeAt(end - 1) & 0xfc00) === 0xd800
  return payload.slice(at, isSplit ? end - 1 : end)
}

// Whether a text is better copied, and encoded by the module.
function isCopied(instance, text) {
  return text.length >= copyFrom && bufferOf(instance) && WIDE.test(text)
}

// Copies a text to the field's end, from where the module encodes it behind what it has: a piece at a time, of as much
// as there is room for.
function copy(instance, text) {
  const { length } = instance.memory.payload
  const buffer = bufferOf(instance)
  let bytes = 0
  for (let at = 0; at < text.length;) {
    const piece = pieceAt(text, at, length - bytes)
    if (!piece) return length
    buffer.write(piece, length - 2 * piece.length, 'utf16le')
    const written = instance.wasm.encode_utf16(bytes, piece.length)
    if (written === NOT_TEXT) return NOT_TEXT
    bytes += written
    at += piece.length
  }
  return bytes
}

// A buffer over the payload's field, in Node and workerd: there buffers copy a text's UTF-16 in a tenth of the time in
// which anything makes UTF-8 of it. What stands in for them elsewhere has no such method.
function bufferOf(instance) {
  if (instance.payloadBuffer === undefined) instance.payloadBuffer = makeBuffer(instance.memory.payload)
  return instance.payloadBuffer
}

function makeBuffer({ buffer, byteOffset, length }) {
  const { Buffer } = globalThis
  const isQuick = copyFrom < Infinity && typeof Buffer?.prototype?.ucs2Write === 'function'
  return isQuick ? Buffer.from(buffer, byteOffset, length) : null
}
