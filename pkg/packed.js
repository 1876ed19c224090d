// Values as the bytes in which they cross to the module of explanations and back: a number is four of them,
// little endian; bytes stand behind their length, the items of a list behind their count.
import { decode } from './utf8.js'

// In place of a number or a length where there is none.
const ABSENT = 0xffffffff

/** Pieces of bytes: bytes behind their length. */
export function packBytes(bytes) {
  return [number(bytes.length), bytes]
}

/** Items, each in pieces, behind their count. */
export function packList(items) {
  return [number(items.length), ...items.flat()]
}

function number(value) {
  return new Uint8Array(Uint32Array.of(value).buffer)
}

/** Reads packed values, one after the other. */
export class Unpacked {
  #bytes
  #at = 0

  constructor(bytes) {
    this.#bytes = bytes
  }

  /** A number, or null. */
  number() {
    const [number] = new Uint32Array(this.#take(4).buffer)
    return number === ABSENT ? null : number
  }

  flag() {
    return this.number() === 1
  }

  bytes() {
    return this.#take(this.number())
  }

  /** A text, or null. */
  text() {
    const length = this.number()
    return length === null ? null : decode(this.#take(length))
  }

  list(item) {
    return Array.from({ length: this.number() }, item)
  }

  #take(length) {
    const start = this.#at
    this.#at += length
    return this.#bytes.slice(start, this.#at)
  }
}
