import { readPayload } from './argument.js'
import { giveBackDoor, takeDoor } from './door.js'
import { errorOf, refusalWith, webhookError } from './error.js'
import { PayloadTooLarge } from './gen/tables/statuses.js'

/**
 * A payload that comes in chunks. Each verifier has an instance of the module to itself, so any number may be
 * open; one that is abandoned goes with the garbage.
 */
export class Verifier {
  // What a log shows, in the minified package too.
  static name = 'Verifier'

  #door = takeDoor()
  #scheme
  #deliver
  #maxPayloadBytes
  #bytes = 0

  /** `open(door)` gives a status; `deliver(door)` what a right signature delivers. */
  constructor(scheme, open, deliver, maxPayloadBytes) {
    this.#scheme = scheme
    this.#deliver = deliver
    this.#maxPayloadBytes = maxPayloadBytes
    const status = open(this.#door)
    if (status) throw this.#end(this.#refusal(status))
  }

  update(chunk) {
    const bytes = readPayload(chunk)
    this.#checkOpen()
    // A string is first counted by the bytes that it has at least, before any of it is hashed.
    const least = this.#bytes + bytes.length
    this.#bytes = least > this.#maxPayloadBytes ? least : this.#bytes + this.#ask((door) => door.update(bytes))
    if (this.#bytes > this.#maxPayloadBytes) throw this.#end(this.#tooLarge())
  }

  verify() {
    this.#checkOpen()
    const status = this.#ask((door) => door.end())
    if (status) throw this.#end(this.#refusal(status))
    return this.#end(this.#deliver(this.#door))
  }

  #checkOpen() {
    if (this.#door) return
    throw webhookError('invalid_option', 'this verifier has come to its end: make another for each delivery')
  }

  // The door is gone if the question throws: a trap leaves it unusable.
  #ask(question) {
    const door = this.#door
    this.#door = undefined
    const answer = question(door)
    this.#door = door
    return answer
  }

  // Gives the door back, and hands on what came of it.
  #end(result) {
    giveBackDoor(this.#door)
    this.#door = undefined
    return result
  }

  #refusal(status) {
    return errorOf({ status, data: this.#door.data }, this.#scheme.headers)
  }

  #tooLarge() {
    const { code, message } = refusalWith(PayloadTooLarge, this.#bytes, this.#maxPayloadBytes)
    return webhookError(code, message)
  }
}
