import { webhookError } from './error.js'
import { property } from './property.js'
import { countBytes } from './utf8.js'

/** A payload's bytes as they come in, counted: nothing beyond the bound is kept. */
export class RawPayload {
  #bytes = new Uint8Array(0)
  #length = 0
  #maxPayloadBytes

  constructor(maxPayloadBytes) {
    this.#maxPayloadBytes = maxPayloadBytes
  }

  // Copied together at once: a chunk of one byte costs a hundred times as much memory as its byte. What is no bytes has
  // no length, and would count as nothing.
  add(chunk) {
    if (!ArrayBuffer.isView(chunk) || property(chunk, 'BYTES_PER_ELEMENT') !== 1)
      throw lost('let its stream give bytes, as Uint8Arrays')
    const length = this.#length + chunk.byteLength
    if (length > this.#maxPayloadBytes) throw tooLarge(this.#maxPayloadBytes)
    if (length > this.#bytes.length) this.#grow(Math.max(length, 2 * this.#bytes.length))
    this.#bytes.set(chunk, this.#length)
    this.#length = length
  }

  bytes() {
    return this.#bytes.subarray(0, this.#length)
  }

  #grow(length) {
    const bytes = new Uint8Array(length)
    bytes.set(this.bytes())
    this.#bytes = bytes
  }
}

/** A payload that somebody else has read, if it is not too long either. */
export function capped(payload, maxPayloadBytes) {
  const bytes = typeof payload === 'string' ? countBytes(payload, maxPayloadBytes) : payload.byteLength
  if (bytes > maxPayloadBytes) throw tooLarge(maxPayloadBytes)
  return payload
}

/** What the sender says the length is, where it says so. */
export function refuseAnnounced(contentLength, maxPayloadBytes) {
  if (Number(contentLength) > maxPayloadBytes) throw tooLarge(maxPayloadBytes)
}

/** The bytes are gone. `fix` says how not to lose them, in words of the framework. */
export function lost(fix) {
  return webhookError(
    'payload_lost',
    `something in front of the webhook has read the body, and what was signed are its raw bytes: ${fix}`,
  )
}

/** The sender stopped in the middle. */
export function aborted() {
  return webhookError('upload_aborted', 'the request ended before its body did')
}

function tooLarge(maxPayloadBytes) {
  return webhookError(
    'payload_too_large',
    `the payload is longer than the adapter's maxPayloadBytes, ${maxPayloadBytes}`,
  )
}
