// The JavaScript side of the boundary: one instance of the module, its areas of memory, and conversations
// with it. No caller's code runs during one: arguments have been read before it begins.

// How this kind of runtime gets the module: one of load/, chosen when the entry is bundled.
import { compile, hashFrom } from '#load'
import { giveUpRuntimeHash, runtimeHash } from './hash.js'
import { Slots } from './slots.js'
import { decode, encodeInto } from './utf8.js'

// The areas of linear memory, by number. The headers' areas follow the order of roles.
const [SCHEME, SIGNATURE, TIMESTAMP, ID, SECRET, SLOTS, CHUNK, DIGESTS, WRITTEN, DATA] = Array(10).keys()
const DIGEST_CHARACTERS = 16

// What a header's area holds when it holds no text.
const MISSING = -1
const NO_TEXT = -2

// How the core counts secret formats: a form's secrets are plain text.
const UTF8 = 0

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

// Doors that conversations have ended with. Few: each holds a quarter of a megabyte.
const idle = []
const MAX_IDLE = 8

/** A door of one's own, for a conversation that lasts. */
export function takeDoor() {
  return idle.pop() ?? new Door(instantiate())
}

/** Takes a door back. After anything was thrown it is not given back: a trap leaves it unusable. */
export function giveBackDoor(door) {
  if (idle.length < MAX_IDLE) idle.push(door)
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

/** Every method that gives a status gives 0, or one more than the row of the error table. */
class Door {
  /** The numbers of the last answer. The next call writes over them. */
  data

  #core
  #areas
  #digests
  #slots = new Slots()
  #scheme

  constructor(core) {
    this.#core = core
    this.#areas = Array.from({ length: DATA }, (_, area) => this.#view(core.area(area), core.area_bytes(area)))
    this.#digests = new Uint16Array(core.memory.buffer, core.area(DIGESTS), core.area_bytes(DIGESTS) / 2)
    this.data = new Float64Array(core.memory.buffer, core.area(DATA), 4)
  }

  /** A status and the numbers that belong to it, for later. */
  answer(status) {
    return { status, data: Array.from(this.data) }
  }

  /** Checks a scheme. What it signs beside the payload is in the data. */
  checkScheme(scheme) {
    this.#scheme = undefined
    return this.#use(scheme)
  }

  /** Checks a tolerance that will be held against a scheme. */
  checkTolerance(scheme, toleranceSeconds) {
    return this.#use(scheme) || this.#core.check_options(toleranceSeconds !== undefined, toleranceSeconds ?? 0)
  }

  /** Checks how many secrets there are. */
  checkCount(secrets) {
    return this.#core.check_keys(secrets.length)
  }

  /** Checks one secret under a scheme. */
  checkSecret(scheme, secret) {
    return this.#keys([secret], scheme.format)
  }

  /** Verifies the text of a signature under a form, or under whichever it is in. */
  verifyForm(form, secrets, signature, payload, now, toleranceSeconds) {
    const status = this.#keys(secrets, UTF8)
    if (status) return status
    const bytes = this.#write(SIGNATURE, signature)
    // Which form it is may depend on how the payload begins.
    const first = form.number === 0 ? this.#write(CHUNK, payload.slice(0, 64)) : 0
    const given = toleranceSeconds !== undefined
    const count = secrets.length
    const opened = this.#core.open_form(form.number, count, bytes, first, now, given, toleranceSeconds ?? 0)
    return opened || this.#finish(payload, count)
  }

  /** Verifies under a scheme; `headers` stand in the order of roles. */
  verifyScheme(scheme, secrets, headers, payload, now, toleranceSeconds) {
    return this.open(scheme, secrets, headers, now, toleranceSeconds) || this.#finish(payload, secrets.length)
  }

  /** The first part of the same, for a payload that comes later, by `update` and `end`. */
  open(scheme, secrets, headers, now, toleranceSeconds) {
    const status = this.#use(scheme) || this.#keys(secrets, scheme.format)
    if (status) return status
    const signature = this.#header(SIGNATURE, headers[0])
    const timestamp = this.#header(TIMESTAMP, headers[1])
    const id = this.#header(ID, headers[2])
    const given = toleranceSeconds !== undefined
    return this.#core.open_scheme(secrets.length, signature, timestamp, id, now, given, toleranceSeconds ?? 0)
  }

  /** Takes in a piece of the payload, and gives how many bytes it has. */
  update(piece) {
    let sum = 0
    this.#chunks(piece, (bytes) => {
      this.#core.update(bytes)
      sum += bytes
    })
    return sum
  }

  /** Ends the payload. */
  end() {
    return this.#core.finish(0)
  }

  /** Signs under a form with the first secret; `signed` then has what was written. */
  signForm(form, secrets, payload, timestamp) {
    const status = this.#keys(secrets, UTF8)
    return status || this.#sign(form.number, undefined, payload, timestamp)
  }

  /** Signs under a scheme. */
  signScheme(scheme, secrets, id, payload, timestamp) {
    const status = this.#use(scheme) || this.#keys(secrets, scheme.format)
    return status || this.#sign(0, id, payload, timestamp)
  }

  /** The answer to signing: the headers that were written, as pairs. */
  signed(status) {
    const answer = this.answer(status)
    if (status) return answer
    const lines = this.#written(answer.data[0]).trimEnd().split('\n')
    return { ...answer, headers: lines.map((line) => line.split(/: (.*)/, 2)) }
  }

  /** How many bytes of UTF-8 a text has. */
  byteLength(text) {
    let bytes = 0
    this.#chunks(text, (written) => void (bytes += written))
    return bytes
  }

  /** SHA-256 of a payload, in hex. */
  digest(payload) {
    this.#chunks(payload, (bytes) => this.#core.digest(bytes))
    return this.#written(this.#core.finish_digest())
  }

  /** The text of the id's header, at the place that an answer's data give. */
  id(at, bytes) {
    return decode(this.#view(at, bytes))
  }

  // A scheme lies in its area, checked, until another is used.
  #use(scheme) {
    if (this.#scheme === scheme) return 0
    const status = this.#core.use_scheme(this.#write(SCHEME, scheme.flat))
    this.#scheme = status ? undefined : scheme
    return status
  }

  // Sees to it that every secret's key lies in a slot, and says in which.
  #keys(secrets, format) {
    const slots = this.#areas[SLOTS]
    // Of a list that is too long the core refuses the length.
    if (secrets.length > slots.length) return this.#core.check_keys(secrets.length)
    for (let i = 0; i < secrets.length; i++) {
      const secret = secrets[i]
      const kept = this.#slots.find(secret, format)
      slots[i] = kept ?? this.#slots.take(secret, format, slots.subarray(0, i))
      if (kept !== undefined) continue
      const status = this.#core.key(slots[i], this.#write(SECRET, secret), format)
      if (!status) continue
      this.#slots.forget(slots[i])
      return status
    }
    return 0
  }

  #header(area, value) {
    if (typeof value === 'string') return this.#write(area, value)
    return value === undefined ? MISSING : NO_TEXT
  }

  #finish(payload, keys) {
    if (payload.length < hashFrom) return this.#core.finish(this.#write(CHUNK, payload))
    const hash = runtimeHash(payload.length, (hash) => this.#isRight(hash))
    if (hash) {
      try {
        this.#hash(hash, payload, keys)
        return this.#core.decide()
      } catch {
        // What was opened is still open: this module can do what the runtime could not.
        giveUpRuntimeHash()
      }
    }
    let status
    this.#chunks(payload, (bytes, last) => {
      if (last) status = this.#core.finish(bytes)
      else this.#core.update(bytes)
    })
    return status
  }

  #sign(form, id, payload, timestamp) {
    let status = this.#core.open_signing(form, this.#header(ID, id), timestamp)
    if (status) return status
    this.#chunks(payload, (bytes, last) => {
      if (last) status = this.#core.finish_signing(bytes)
      else this.#core.update(bytes)
    })
    return status
  }

  // Has the runtime make the inner digest for each key.
  #hash(hash, payload, keys) {
    const chunk = this.#areas[CHUNK]
    const bytes = this.#writeWhole(payload)
    if (bytes !== undefined) {
      const end = chunk.byteOffset + this.#core.seal(bytes)
      for (let i = 0; i < keys; i++) this.#setDigest(i, hash.digest(this.#until(end, i)))
      return
    }
    const running = Array.from({ length: keys }, () => hash.start())
    running.forEach((each, i) => each.update(this.#until(chunk.byteOffset, i)))
    if (typeof payload !== 'string') running.forEach((each) => each.update(payload))
    else this.#chunks(payload, (written) => running.forEach((each) => each.update(chunk.subarray(0, written))))
    const after = chunk.subarray(0, this.#core.seal(0))
    running.forEach((each, i) => {
      each.update(after)
      this.#setDigest(i, each.digest())
    })
  }

  #setDigest(key, digest) {
    const at = key * DIGEST_CHARACTERS
    for (let i = 0; i < DIGEST_CHARACTERS; i++) this.#digests[at + i] = digest.charCodeAt(i)
  }

  // What is hashed, from a key's inner block on.
  #until(end, key) {
    const at = this.#core.begin(key)
    return this.#view(at, end - at)
  }

  // Whether a hash gives the digest that the core gives: of a view, whole and in pieces.
  #isRight(hash) {
    const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i)
    const known = this.digest(bytes)
    const view = this.#areas[CHUNK].subarray(1, 1 + bytes.length)
    view.set(bytes)
    const pieces = hash.start()
    pieces.update(view.subarray(0, 99))
    pieces.update(view.subarray(99))
    return [hash.digest(view), pieces.digest()].every((digest) => hex(digest) === known)
  }

  // Lays the payload in its area if there is room for all of it, and says how many bytes it has.
  #writeWhole(payload) {
    const area = this.#areas[CHUNK]
    // A UTF-16 unit is at least one byte of UTF-8.
    if (payload.length > area.length) return undefined
    if (typeof payload === 'string') {
      const { read, written } = encodeInto(payload, area)
      return read === payload.length ? written : undefined
    }
    area.set(payload)
    return payload.length
  }

  // Lays the payload in its area, a chunk at a time and at least one, and says which is the last.
  #chunks(payload, visit) {
    const area = this.#areas[CHUNK]
    let at = 0
    do {
      let bytes
      if (typeof payload === 'string') {
        const { read, written } = encodeInto(cut(payload, at, area.length), area)
        at += read
        bytes = written
      } else {
        const chunk = payload.subarray(at, at + area.length)
        area.set(chunk)
        at += bytes = chunk.length
      }
      visit(bytes, at >= payload.length)
    } while (at < payload.length)
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

  #view(at, bytes) {
    return new Uint8Array(this.#core.memory.buffer, at, bytes)
  }
}

// So many units of a well-formed text, or one less where a pair would be parted. Some runtimes encode all
// they are given, whatever there is room for: handing over the whole rest each time took them minutes.
function cut(text, at, units) {
  const end = at + units
  if (end >= text.length) return at === 0 ? text : text.slice(at)
  const parted = (text.charCodeAt(end - 1) & 0xfc00) === 0xd800
  return text.slice(at, parted ? end - 1 : end)
}

// The hex of a digest of two bytes a character.
function hex(digest) {
  const bytes = new Uint8Array(Uint16Array.from({ length: digest.length }, (_, i) => digest.charCodeAt(i)).buffer)
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
