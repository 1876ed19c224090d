// The memory that both sides share. Its places are numbers of Rust's `wasm/boundary`; an import that the generated
// table does not have fails the build.
import {
  ID_AT,
  ID_BYTES,
  INNER_DIGEST_BYTES,
  INNER_DIGESTS_AT,
  KEY_STATES_BYTES,
  KEYS_AT,
  KEYS_BYTES,
  MISSING,
  NOT_TEXT,
  NUMBERS_AT,
  NUMBERS_BYTES,
  PAYLOAD_AT,
  PAYLOAD_BYTES,
  SCHEME_AT,
  SCHEME_BYTES,
  SECRET_AT,
  SECRET_BYTES,
  SIGNATURE_AT,
  SIGNATURE_BYTES,
  TEXT_AT,
  TEXT_BYTES,
  TIMESTAMP_AT,
  TIMESTAMP_BYTES,
} from '../gen/tables/boundary.js'
import { decode, encodeInto, isWellFormed } from '../utf8.js'

/** Views of an instance's memory. They are made once, because memory never grows. */
export class Memory {
  #digests = new Map()
  #keys
  // The key states that are at the beginning of the field. Every write goes through a method, which updates it.
  #writtenKeys

  constructor(wasm) {
    const address = wasm.memory_address()
    const { buffer } = wasm.memory
    const bytes = (at, length) => new Uint8Array(buffer, address + at, length)
    this.buffer = buffer
    this.numbers = new Float64Array(buffer, address + NUMBERS_AT, NUMBERS_BYTES / 8)
    this.digestsAt = address + INNER_DIGESTS_AT
    this.#keys = bytes(KEYS_AT, KEYS_BYTES)
    this.scheme = bytes(SCHEME_AT, SCHEME_BYTES)
    this.signature = bytes(SIGNATURE_AT, SIGNATURE_BYTES)
    this.timestamp = bytes(TIMESTAMP_AT, TIMESTAMP_BYTES)
    this.id = bytes(ID_AT, ID_BYTES)
    this.secret = bytes(SECRET_AT, SECRET_BYTES)
    this.text = bytes(TEXT_AT, TEXT_BYTES)
    this.payload = bytes(PAYLOAD_AT, PAYLOAD_BYTES)
  }

  /** `length` bytes from an address on. */
  view(address, length) {
    return new Uint8Array(this.buffer, address, length)
  }

  /** Writes key states from an index on. The states of the call before are most often the same, and are there. */
  writeKeys(states, index = 0) {
    if (index === 0 && this.#writtenKeys === states) return
    this.#keys.set(states, index * KEY_STATES_BYTES)
    this.#writtenKeys = index === 0 ? states : undefined
  }

  /** Has `make` write the key states at an index, and gives its status. */
  makeKey(make) {
    this.#writtenKeys = undefined
    return make()
  }

  /** A copy of the key states at an index. */
  copyKey(index) {
    return this.#keys.slice(index * KEY_STATES_BYTES, (index + 1) * KEY_STATES_BYTES)
  }

  /** Wipes the key states. */
  wipeKeys() {
    this.#writtenKeys = undefined
    this.#keys.fill(0)
  }

  /** The inner digest of the key at an index, as the units that a runtime's hash writes. */
  digest(index) {
    const known = this.#digests.get(index)
    if (known) return known
    const at = this.digestsAt + INNER_DIGEST_BYTES * index
    const digest = {
      bytes: this.view(at, INNER_DIGEST_BYTES),
      units: new Uint16Array(this.buffer, at, INNER_DIGEST_BYTES / 2),
      words: new Float64Array(this.buffer, at, INNER_DIGEST_BYTES / 8),
    }
    this.#digests.set(index, digest)
    return digest
  }

  /** The text that the module wrote. */
  readText(bytes) {
    return decode(this.text.subarray(0, bytes))
  }
}

/** Writes text or bytes to a field and gives the length. The module refuses what fills the whole field. */
export function write(field, value) {
  if (typeof value === 'string') return writeText(field, value)
  field.set(value.length > field.length ? value.subarray(0, field.length) : value)
  return value.length
}

/** Writes a header's value: undefined where there is none, a string, or anything else where it is not one text. */
export function writeHeader(field, value) {
  if (typeof value === 'string') return writeText(field, value)
  return value === undefined ? MISSING : NOT_TEXT
}

/**
 * Writes text and gives its bytes, the field's length where it does not fit. `wasm` is given for the payload's field, in
 * which the module looks for replacement characters.
 */
export function writeText(field, text, wasm) {
  const { read, written } = encodeInto(text, field)
  if (read < text.length) return field.length
  // A text of as many bytes as units is ASCII. In place of an unpaired surrogate encoders write U+FFFD.
  const isText = read === written || (wasm && !wasm.may_contain_replacement(written)) || isWellFormed(text)
  return isText ? written : NOT_TEXT
}
