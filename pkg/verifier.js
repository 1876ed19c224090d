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

  #door
  #scheme
  #deliver
  #maxPayloadBytes
  #bytes = 0

  /** `open(door)` gives a status; `deliver(door)` what a right signature delivers. */
  constructor(scheme, open, deliver, maxPayloadBytes) {
    this.#scheme = scheme
    this.#deliver = deliver
    this.#maxPayloadBytes = maxPayloadBytes
    const door = takeDoor()
    this.#refuse(door, open(door))
    this.#door = door
  }

  update(chunk) {
    const max = this.#maxPayloadBytes
    const door = this.#takeDoor()
    const bytes = readPayload(chunk)
    // A string is first counted by the bytes that it has at least, before any of it is hashed.
    const least = this.#bytes + bytes.length
    this.#bytes = least > max ? least : this.#bytes + door.update(bytes)
    if (this.#bytes > max) throw end(door, errorOf(PayloadTooLarge, [this.#bytes, max]))
    this.#door = door
  }

  verify() {
    const door = this.#takeDoor()
    this.#refuse(door, door.end())
    return end(door, this.#deliver(door))
  }

  // Whatever is thrown before the door is put back ends the verifier: a trap leaves the door unusable.
  #takeDoor() {
    const door = this.#door
    if (!door) throw webhookError('invalid_option', 'this verifier has come to its end: make another for each delivery')
    this.#door = undefined
    return door
  }

  #refuse(door, status) {
    if (status) throw end(door, errorOf(status, door.data, this.#scheme.headers))
  }
}

// Gives the door back, and passes the result on.
function end(door, result) {
  giveBackDoor(door)
  return result
}
