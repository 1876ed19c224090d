import { readPayload } from './argument.js'
import { giveBackDoor, takeDoor } from './door.js'
import { errorOf, webhookError } from './error.js'
import { PayloadTooLarge } from './gen/tables/statuses.js'

/**
 * A payload that comes in chunks. Each verifier has an instance of the module to itself, a quarter of a megabyte, so
 * thousands may be open; one that is abandoned goes with the garbage.
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
    this.#refuse(open(this.#door))
  }

  update(chunk) {
    const max = this.#maxPayloadBytes
    this.#bytes = this.#ask((door) => {
      const bytes = readPayload(chunk)
      // A string is first counted by the bytes that it has at least, before any of it is hashed.
      const least = this.#bytes + bytes.length
      return least > max ? least : this.#bytes + door.update(bytes)
    })
    if (this.#bytes > max) throw this.#end(errorOf(PayloadTooLarge, [this.#bytes, max]))
  }

  verify() {
    this.#refuse(this.#ask((door) => door.end()))
    return this.#end(this.#deliver(this.#door))
  }

  // The door is gone if the question throws: a trap leaves it unusable.
  #ask(question) {
    const door = this.#door
    if (!door) throw webhookError('invalid_option', 'this verifier has come to its end: make another for each delivery')
    this.#door = undefined
    const answer = question(door)
    this.#door = door
    return answer
  }

  #refuse(status) {
    if (status) throw this.#end(errorOf(status, this.#door.data, this.#scheme.headers))
  }

  // Gives the door back, and hands on what came of it.
  #end(result) {
    giveBackDoor(this.#door)
    this.#door = undefined
    return result
  }
}
