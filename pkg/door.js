// The JavaScript side of the boundary: one instance of the module, its areas of memory, and conversations
// with it. No caller's code runs during one: arguments have been read before it begins.

// How this kind of runtime gets the module: one of load/, chosen when the entry is bundled.
import { compile } from '#load'
import { forms } from './gen/tables/forms.js'
import { decode, encodeInto } from './utf8.js'

// The areas of linear memory, by number. The headers' areas follow the order of roles.
const [SCHEME, SIGNATURE, TIMESTAMP, ID, SECRET, CHUNK, WRITTEN] = [0, 1, 2, 3, 4, 5, 6]
const ROLES = [SIGNATURE, TIMESTAMP, ID]

// What a header's area holds when it holds no text.
const MISSING = -1
const NO_TEXT = -2

let module
let door

/** Talks to the core. After anything was thrown the instance is given up: a trap leaves it unusable. */
export function converse(visit) {
  door ??= new Door(instantiate())
  try {
    return visit(door)
  } catch (error) {
    door = undefined
    throw error
  }
}

/** This runtime allows no WebAssembly, or not by compiling it here. */
export class ForbiddenHere extends Error {
  #made = true

  /** Whether an error is one of these, whatever it is. */
  static made(error) {
    return typeof error === 'object' && error !== null && #made in error
  }
}

function instantiate() {
  try {
    module ??= compile()
    return new WebAssembly.Instance(module).exports
  } catch (cause) {
    // Out of stack or memory: the next call may go well.
    if (cause instanceof RangeError) throw cause
    throw new ForbiddenHere(
      "hookproof needs WebAssembly, and this runtime forbids or lacks it: in a Content-Security-Policy add 'wasm-unsafe-eval' to script-src",
      { cause },
    )
  }
}

class Door {
  #core
  #areas

  constructor(core) {
    this.#core = core
    this.#areas = [...ROLES, SCHEME, SECRET, CHUNK, WRITTEN]
      .sort()
      .map((area) => new Uint8Array(core.memory.buffer, core.area(area), core.area_bytes(area)))
  }

  /** Checks a scheme, and the tolerance that will be held against it. */
  checkScheme(choice, toleranceSeconds) {
    return this.#answer(this.#begin(choice, 1) || this.#core.check_scheme(...optional(toleranceSeconds)))
  }

  /** Checks secrets under a scheme. Of a wrong one the answer gives the index. */
  checkSecrets(choice, secrets) {
    let index = -1
    let status = this.#begin(choice, secrets.length)
    while (!status && ++index < secrets.length) status = this.#key(secrets[index])
    this.#core.end()
    return { ...this.#answer(status), index }
  }

  /** Verifies under a choice, `{ flat }` or `{ form }`; `headers` stand in the order of roles. */
  verify(choice, secrets, headers, payload, now, toleranceSeconds) {
    const open = (bytes) => this.#core.open(now, ...optional(toleranceSeconds), bytes)
    const status = this.#keys(choice, secrets)
    if (status) return this.#answer(status)
    headers.forEach((value, role) => this.#header(role, value))
    return this.#answer(this.#feed(payload, open) || this.#core.finish())
  }

  /** Signs with the first secret; the answer has the headers as pairs. */
  sign(choice, secrets, id, payload, timestamp) {
    let status = this.#keys(choice, secrets)
    if (status) return this.#answer(status)
    this.#header(ROLES.indexOf(ID), id)
    status = this.#feed(payload, () => this.#core.open_signing(timestamp)) || this.#core.finish_signing()
    const answer = this.#answer(status)
    if (status) return answer
    const lines = this.#written(answer.data[0]).trimEnd().split('\n')
    return { ...answer, headers: lines.map((line) => line.split(/: (.*)/, 2)) }
  }

  /** How many bytes of UTF-8 a payload has. */
  byteLength(payload) {
    if (typeof payload !== 'string') return payload.length
    let bytes = 0
    this.#chunks(payload, (written) => void (bytes += written))
    return bytes
  }

  /** SHA-256 of a payload, in hex. */
  digest(payload) {
    this.#feed(payload, () => this.#core.open_digest())
    return this.#written(this.#core.finish_digest())
  }

  /** The text of the id's header, at the place that an answer's data give. */
  id(at, bytes) {
    return decode(new Uint8Array(this.#core.memory.buffer, at, bytes))
  }

  #begin({ flat, form }, secrets) {
    // The core counts forms from 1; 0 is whichever the signature is in, as is a form that was not named.
    if (!flat) return this.#core.begin_form(forms.indexOf(form) + 1, secrets)
    return this.#core.begin_scheme(this.#write(SCHEME, flat), secrets)
  }

  #keys(choice, secrets) {
    let status = this.#begin(choice, secrets.length)
    for (let i = 0; !status && i < secrets.length; i++) status = this.#key(secrets[i])
    return status
  }

  #key(secret) {
    return this.#core.key(this.#write(SECRET, secret))
  }

  #header(role, value) {
    const none = value === undefined ? MISSING : NO_TEXT
    const bytes = typeof value === 'string' ? this.#write(ROLES[role], value) : none
    this.#core.header(role, bytes)
  }

  // Hands the payload over. The first chunk lies in its area when `open` is called; what that returns but
  // 0 ends it.
  #feed(payload, open) {
    let first = true
    return this.#chunks(payload, (bytes) => {
      const status = first && open(bytes)
      first = false
      return status || this.#core.update(bytes)
    })
  }

  // Lays the payload in its area, a chunk at a time and at least one, until `visit` returns something.
  #chunks(payload, visit) {
    const area = this.#areas[CHUNK]
    let at = 0
    do {
      let bytes
      if (typeof payload === 'string') {
        const { read, written } = encodeInto(at ? payload.slice(at) : payload, area)
        at += read
        bytes = written
      } else {
        const chunk = payload.subarray(at, at + area.length)
        area.set(chunk)
        at += bytes = chunk.length
      }
      const status = visit(bytes)
      if (status) return status
    } while (at < payload.length)
    return 0
  }

  // Writes text or bytes into an area and says how much. Of what is too long the core refuses the length:
  // every area has room for more than is allowed, and a length beyond an area is no length.
  #write(number, value) {
    const area = this.#areas[number]
    if (typeof value === 'string') {
      const { read, written } = encodeInto(value, area)
      return read === value.length ? written : area.length
    }
    area.set(value.subarray(0, area.length))
    return value.length
  }

  #written(bytes) {
    return decode(this.#areas[WRITTEN].subarray(0, bytes))
  }

  #answer(status) {
    return { status, data: [0, 1, 2, 3].map((number) => this.#core.datum(number)) }
  }
}

// Whether a number was given, and the number: a given NaN must be told from none.
function optional(number) {
  return number === undefined ? [0, 0] : [1, number]
}
