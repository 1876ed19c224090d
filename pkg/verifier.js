import { readPayload } from './argument.js'
import { StreamedDelivery } from './delivery.js'
import { errorOf, webhookError } from './error.js'
import { PayloadTooLarge } from './gen/tables/statuses.js'

/**
 * A payload that comes in chunks. Each verifier has an instance of the module to itself, a quarter of a megabyte, so
 * thousands may be open; one that is abandoned goes with the garbage.
 */
export class Verifier {
  // What a log shows, in the minified package too.
  static name = 'Verifier'

  #stream
  #scheme
  #maxPayloadBytes
  #bytes = 0

  constructor(stream, scheme, maxPayloadBytes) {
    this.#stream = stream
    this.#scheme = scheme
    this.#maxPayloadBytes = maxPayloadBytes
  }

  update(chunk) {
    const max = this.#maxPayloadBytes
    const stream = this.#takeStream()
    const bytes = readPayload(chunk)
    // A string is first counted by the bytes that it has at least, before any of it is hashed.
    const least = this.#bytes + bytes.length
    this.#bytes = least > max ? least : this.#bytes + stream.update(bytes)
    if (this.#bytes > max) throw stream.close(errorOf(PayloadTooLarge, [this.#bytes, max]))
    this.#stream = stream
  }

  verify() {
    const verdict = this.#takeStream().finish()
    if (!verdict.ok) throw webhookError(verdict.code, verdict.message)
    return new StreamedDelivery(this.#scheme, verdict)
  }

  // Whatever is thrown before the stream is put back ends the verifier: a trap leaves its instance unusable.
  #takeStream() {
    const stream = this.#stream
    if (!stream)
      throw webhookError('invalid_option', 'this verifier has come to its end: make another for each delivery')
    this.#stream = undefined
    return stream
  }
}
