// The JavaScript side of the boundary: one instance of the module, its areas of memory, and conversations
// with it. No caller's code runs during one: arguments have been read before it begins.

// How this kind of runtime gets the module: one of load/, chosen when the entry is bundled.
import { compile, hashFrom } from '#load'
import { errorOf, isMachineFailure } from './error.js'
import { PayloadNotText } from './gen/tables/statuses.js'
import { runtimeHash } from './hash.js'
import { hexOf } from './hex.js'
import { makeSlots } from './slots.js'
import { makePayloadText, NO_TEXT, pieceOf, writeText } from './text.js'
import { decode, isWellFormed } from './utf8.js'

// In place of the length of a header that is not there.
const MISSING = -1

const DIGEST_BYTES = 32

// In place of a status: the runtime's hash failed, and the module makes the digest.
const NO_DIGEST = -1

// How the core counts secret formats: a form's secrets are plain text.
const UTF8 = 0

let module
let door

/**
 * Talks to the core. The instance is kept for the next call only after `visit` has returned: a trap leaves an
 * instance unusable, and so does the end of the stack or a time limit of node:vm, which no `catch` sees.
 * What is thrown in here is always a failure of the machine.
 */
export function converse(visit) {
  const own = door ?? openDoor()
  door = undefined
  const answer = visit(own)
  door = own
  return answer
}

/**
 * Asks what may be refused. `question` gives a status that is not 0, or else the answer; a refusal is thrown,
 * in words that `headers` and `place` belong to.
 */
export function ask(question, headers, place) {
  const [answer, data] = converse((door) => [question(door), Array.from(door.data)])
  if (typeof answer === 'number' && answer !== 0) throw errorOf(answer, data, headers, place)
  return answer
}

// Doors that conversations have ended with. Few: each holds a quarter of a megabyte.
const idle = []
const MAX_IDLE = 8

/** A door of one's own, for a conversation that lasts. */
export function takeDoor() {
  return idle.pop() ?? openDoor()
}

/** Keeps a door for the next conversation. A door in which anything was thrown must not come back: see `converse`. */
export function giveBackDoor(door) {
  if (idle.length < MAX_IDLE) idle.push(door)
}

function instantiate() {
  module ??= compile()
  return new WebAssembly.Instance(module).exports
}

// Elsewhere than in workers it may be forbidden.
function instantiateAnywhere() {
  try {
    return instantiate()
  } catch (cause) {
    // The next call may succeed.
    if (isMachineFailure(cause)) throw cause
    throw new Error(
      "hookproof needs WebAssembly, and this runtime forbids or lacks it: in a Content-Security-Policy add 'wasm-unsafe-eval' to script-src",
      { cause },
    )
  }
}

/** Every method that gives a status gives 0, or one more than the row of the error table. */
function openDoor() {
  const core = ANY_RUNTIME ? instantiateAnywhere() : instantiate()
  // Memory never grows, so this is all of it for good.
  const memory = core.memory.buffer
  const view = (at, bytes) => new Uint8Array(memory, at, bytes)
  const areas = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((area) => view(core.area(area), core.area_bytes(area)))
  const [schemeArea, signatureArea, timestampArea, idArea, secretArea, slots, chunk, digestArea, written] = areas
  const data = new Float64Array(memory, core.area(9), 4)
  const payloadText = makePayloadText(core, chunk)
  const digests = new Map()
  const kept = makeSlots()
  let schemeInUse
  let idText

  // Writes text or bytes into an area and says how much. Of what is too long the core refuses the length:
  // every area has room for more than is allowed.
  function write(area, value) {
    if (typeof value === 'string') return area === chunk ? payloadText.write(value) : writeText(area, value)
    area.set(value.length > area.length ? value.subarray(0, area.length) : value)
    return value.length
  }

  function writeHeader(area, value) {
    if (typeof value === 'string') return write(area, value)
    return value === undefined ? MISSING : NO_TEXT
  }

  // A scheme lies in its area, checked, until another is used.
  function use(scheme) {
    if (schemeInUse === scheme) return 0
    const status = core.use_scheme(write(schemeArea, scheme.flat))
    schemeInUse = status ? undefined : scheme
    return status
  }

  // Puts every secret's key into a slot, and writes down in which.
  function findKeys(secrets, format) {
    // The core refuses both lengths. An empty list would write no slot, and signing would use the last call's key.
    if (secrets.length === 0 || secrets.length > slots.length) return core.check_keys(secrets.length)
    for (let i = 0; i < secrets.length; i++) {
      const slot = kept.find(secrets[i], format)
      const status = slot === undefined ? makeKey(secrets[i], format, i) : 0
      if (status) return status
      if (slot !== undefined) slots[i] = slot
    }
    return 0
  }

  function makeKey(secret, format, i) {
    const slot = kept.take(secret, format, slots.subarray(0, i))
    slots[i] = slot
    const status = core.key(slot, write(secretArea, secret), format)
    if (status) kept.forget(slot)
    return status
  }

  // Ends the conversation that was opened: hashes the payload, and gives the verdict.
  function finish(payload, keys) {
    const bytes = mayFit(payload) ? write(chunk, payload) : chunk.length
    if (bytes >= hashFrom) return finishLong(payload, bytes, keys)
    return bytes === NO_TEXT ? PayloadNotText : core.finish(bytes)
  }

  function mayFit(payload) {
    return typeof payload === 'string' ? payloadText.mayFit(payload) : payload.length < chunk.length
  }

  function finishLong(payload, bytes, keys) {
    const fits = bytes < chunk.length
    const hash = runtimeHash(payload.length, isRight)
    if (!hash) return fits ? core.finish(bytes) : hashHere(payload, core.finish)
    const status = fits ? hashAtOnce(hash, bytes, keys) : hashInPieces(hash, payload, keys)
    if (status === NO_DIGEST) return hashHere(payload, core.finish)
    const decided = core.decide()
    return status || decided
  }

  // Has the runtime make the inner digest for each key, of a payload that is in its area.
  function hashAtOnce(hash, bytes, keys) {
    const end = chunk.byteOffset + core.seal(bytes)
    for (let i = 0; i < keys; i++) if (!hash.digest(keyUntil(end, i), digestOf(i))) return NO_DIGEST
    return 0
  }

  // The same for a payload that does not fit into its area.
  function hashInPieces(hash, payload, keys) {
    const running = Array.from({ length: keys }, hash.start)
    const update = (piece) => running.forEach((each) => each.update(piece))
    running.forEach((each, i) => each.update(keyUntil(chunk.byteOffset, i)))
    if (typeof payload !== 'string') update(payload)
    else if (payloadText.isEncodedHere(payload)) {
      const status = visitChunks(payload, (bytes) => update(view(chunk.byteOffset, bytes)))
      if (status) return status
    } else if (isWellFormed(payload)) update(payload)
    else return PayloadNotText
    update(view(chunk.byteOffset, core.seal(0)))
    return running.every((each, i) => each.digest(digestOf(i))) ? 0 : NO_DIGEST
  }

  // What is hashed, from a key's inner block on.
  function keyUntil(end, key) {
    const at = core.begin(key)
    return view(at, end - at)
  }

  // Where the inner digest of a key lies.
  function digestOf(key) {
    const at = digestArea.byteOffset + DIGEST_BYTES * key
    if (!digests.has(key)) digests.set(key, new Uint16Array(memory, at, DIGEST_BYTES / 2))
    return digests.get(key)
  }

  // Whether a hash gives the digest that the core gives: of a view, and of bytes and text in pieces. Undefined where
  // the hash gave none. It is tried where the payload is already, which is put back.
  function isRight(hash) {
    const payload = chunk.slice()
    const half = '\0é漢😀'.repeat(50)
    try {
      const known = digest(half + half)
      const running = hash.start()
      running.update(view(chunk.byteOffset, 500))
      running.update(half)
      const isMade = hash.digest(view(chunk.byteOffset, 1000), digestOf(0)) && running.digest(digestOf(1))
      return isMade ? hex(digestOf(0)) === known && hex(digestOf(1)) === known : undefined
    } finally {
      chunk.set(payload)
    }
  }

  function digest(payload) {
    visitChunks(payload, (bytes) => core.digest(bytes))
    return textWritten(core.finish_digest())
  }

  function hashHere(payload, end) {
    return visitChunks(payload, (bytes, last) => (last ? end(bytes) : core.update(bytes)))
  }

  // Lays the payload in its area, a chunk at a time and at least one, and says which is the last, until a visit
  // gives a status. Gives what the last visit gave; a status, too, where a chunk is no text.
  function visitChunks(payload, visit) {
    const isText = typeof payload === 'string'
    let at = 0
    let bytesPerUnit = 3
    let status
    do {
      const piece = isText ? pieceOf(payload, at, chunk.length, bytesPerUnit) : payload.subarray(at, at + chunk.length)
      const bytes = write(chunk, piece)
      // Behind ASCII there is likely more of it. A piece that was not all ASCII may not have fitted.
      bytesPerUnit = bytes === piece.length ? 1 : 3
      if (isText && bytes === chunk.length) continue
      at += piece.length
      status = bytes === NO_TEXT ? PayloadNotText : visit(bytes, at === payload.length)
    } while (!status && at < payload.length)
    return status
  }

  function sign(form, id, payload, timestamp) {
    return core.open_signing(form, writeHeader(idArea, id), timestamp) || hashHere(payload, core.finish_signing)
  }

  function textWritten(bytes) {
    return decode(written.subarray(0, bytes))
  }

  /** The first part of verifying under a scheme, for a payload that comes later; `headers` by role. */
  function open(scheme, secrets, headers, now, toleranceSeconds) {
    idText = headers[2]
    return (
      use(scheme) ||
      findKeys(secrets, scheme.format) ||
      core.open_scheme(
        secrets.length,
        writeHeader(signatureArea, headers[0]),
        writeHeader(timestampArea, headers[1]),
        writeHeader(idArea, idText),
        now,
        isGiven(toleranceSeconds),
        toleranceSeconds ?? 0,
      )
    )
  }

  return {
    /** The numbers of the last answer. The next call writes over them. */
    data,

    open,

    /** Takes in a piece of the payload, and gives how many bytes it has. */
    update(piece) {
      let sum = 0
      visitChunks(piece, (bytes) => {
        core.update(bytes)
        sum += bytes
      })
      return sum
    },

    /** Ends the payload. */
    end: () => core.finish(0),

    /** Verifies under a scheme. */
    verifyScheme(scheme, secrets, headers, payload, now, toleranceSeconds) {
      return open(scheme, secrets, headers, now, toleranceSeconds) || finish(payload, secrets.length)
    },

    /** Verifies the text of a signature under a form, or under whichever it is in. */
    verifyForm(form, secrets, signature, payload, now, toleranceSeconds) {
      const status = findKeys(secrets, UTF8)
      if (status) return status
      const bytes = write(signatureArea, signature)
      // Which form it is may depend on how the payload begins, where that is with a digit.
      const start = typeof payload === 'string' ? payload.charCodeAt(0) : payload[0]
      const isDigit = start >= 0x30 && start <= 0x39
      const first = form.number === 0 && isDigit ? write(chunk, beginningOf(payload)) : 0
      const keys = secrets.length
      const given = isGiven(toleranceSeconds)
      const opened = core.open_form(form.number, keys, bytes, first, now, given, toleranceSeconds ?? 0)
      return opened || finish(payload, keys)
    },

    /**
     * Checks a scheme, a tolerance that will be held against it, and how many secrets there are. The answer is
     * the tolerance that then holds, NaN where no time is signed, and whether the id is.
     */
    checkScheme(scheme, toleranceSeconds, secrets) {
      return (
        use(scheme) ||
        core.check_keys(secrets) ||
        core.check_options(isGiven(toleranceSeconds), toleranceSeconds ?? 0) ||
        Array.from(data)
      )
    },

    /** Checks one secret under a scheme. */
    checkSecret: (scheme, secret) => findKeys([secret], scheme.format),

    /** Signs under a form with the first secret. */
    signForm: (form, secrets, payload, timestamp) =>
      findKeys(secrets, UTF8) || sign(form.number, undefined, payload, timestamp),

    /** Signs under a scheme. */
    signScheme: (scheme, secrets, id, payload, timestamp) =>
      use(scheme) || findKeys(secrets, scheme.format) || sign(0, id, payload, timestamp),

    /** The headers that were written, as pairs. */
    signed: () => textWritten(data[0]).trimEnd().split('\n').map((line) => line.split(/: (.*)/, 2)),

    /** SHA-256 of a payload, in hex. */
    digest,

    /** The text of the id's header without the white space around it, or null, after a verdict. */
    id: () => (Number.isNaN(data[2]) ? null : idText.slice(data[2], idText.length - data[3])),
  }
}

// At least the 13 bytes that a timestamp and its dot can have, and no half of a surrogate pair.
function beginningOf(payload) {
  return typeof payload === 'string' ? pieceOf(payload, 0, 64, 3) : payload.subarray(0, 64)
}

// As a number: Bun is slow to pass a boolean.
function isGiven(toleranceSeconds) {
  return toleranceSeconds === undefined ? 0 : 1
}

function hex({ buffer, byteOffset }) {
  return hexOf(new Uint8Array(buffer, byteOffset, DIGEST_BYTES))
}
