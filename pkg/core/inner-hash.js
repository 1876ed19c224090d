// The inner hash of HMAC by the runtime's own SHA-256: several times as fast as WebAssembly where the processor has it
// built in.

// The settings of this kind of runtime: one of load/.
import { worthLoading } from '#load'
import { isMachineFailure } from '../error.js'
import { PayloadNotText } from '../gen/tables/statuses.js'
import { hexOf } from '../hex.js'
import { isWellFormed } from '../utf8.js'
import { isEncodedHere, visitPieces } from './payload-text.js'

/** Set it to 'wasm' on globalThis and the runtime hashes nothing: the tests run both ways. */
const setting = Symbol.for('hookproof.hash')

/** In place of a status: the runtime's hash failed, and the module makes the digests. */
export const NO_DIGEST = -1

// A digest comes as a text of two bytes a character: a buffer takes twice as long to make, and a text of
// more characters longer to take apart.
const ENCODING = 'utf16le'

// Captured, as everything of the runtime's hash is: the functions that were checked are the ones that are used,
// whatever is done to the module's properties later.
const { apply } = Reflect

let hashedHere = 0
let found

/**
 * The runtime's hash, for a payload of this length; undefined where there is none that answers synchronously, or not
 * yet. `digestPayload(instance, payload)` is the module's own SHA-256 in hex, which the runtime's is compared with once.
 * `digest(bytes, into)` hashes what is in one piece, and `start()` gives a running hash for what is not. Both write the
 * digest where they are told and say whether they did. A hash that failed is never used again, unless only the stack or
 * the memory ran out.
 */
export function runtimeHash(instance, length, digestPayload) {
  if (globalThis[setting] === 'wasm') return undefined
  if (!found) {
    const Bun = ANY_RUNTIME && globalThis.Bun
    hashedHere += length
    if (!Bun && hashedHere < worthLoading) return undefined
    const hash = makeHash(Bun ? hashOfBun : hashOfNode)
    const right = hash && isRight(hash, instance, digestPayload)
    if (right !== undefined) found = { hash: right ? hash : undefined }
  }
  return found?.hash
}

/** Makes the inner digest for each key, of a payload of `bytes` bytes that is in its field. */
export function digestAtOnce(hash, instance, bytes, keys) {
  const { wasm, memory } = instance
  const end = memory.payload.byteOffset + wasm.seal(bytes)
  for (let i = 0; i < keys; i++) {
    if (!hash.digest(untilEnd(instance, i, end), memory.digest(i))) return NO_DIGEST
  }
  return 0
}

/** The same for a payload that does not fit into its field. */
export function digestInPieces(hash, instance, payload, keys) {
  const { wasm, memory } = instance
  const at = memory.payload.byteOffset
  const running = Array.from({ length: keys }, hash.start)
  const update = (piece) => running.forEach((each) => each.update(piece))
  running.forEach((each, i) => each.update(untilEnd(instance, i, at)))
  if (typeof payload !== 'string') update(payload)
  else if (isEncodedHere(instance, payload)) {
    const status = visitPieces(instance, payload, (bytes) => update(memory.view(at, bytes)))
    if (status) return status
  } else if (isWellFormed(payload)) update(payload)
  else return PayloadNotText
  update(memory.view(at, wasm.seal(0)))
  return running.every((each, i) => each.digest(memory.digest(i))) ? 0 : NO_DIGEST
}

// The bytes to hash, from the inner block of the key at an index to an address.
function untilEnd({ wasm, memory }, index, end) {
  const at = wasm.begin(index)
  return memory.view(at, end - at)
}

// Whether a hash gives the digest that the module gives: of a view, and of bytes and text in pieces. Undefined where
// the hash gave none. It is tried where the payload is already, which is put back.
function isRight(hash, instance, digestPayload) {
  const { memory } = instance
  const { payload } = memory
  const before = payload.slice()
  const half = '\0é漢😀'.repeat(50)
  try {
    const known = digestPayload(instance, half + half)
    const running = hash.start()
    running.update(payload.subarray(0, 500))
    running.update(half)
    const first = memory.digest(0)
    const second = memory.digest(1)
    const isMade = hash.digest(payload.subarray(0, 1000), first) && running.digest(second)
    return isMade ? hexOf(first.bytes) === known && hexOf(second.bytes) === known : undefined
  } finally {
    payload.set(before)
  }
}

// Not every runtime has one. Next's edge runtime throws where it is asked for what it lacks.
function makeHash(make) {
  try {
    return guarded(make())
  } catch (error) {
    fail(error)
    return undefined
  }
}

// Only a machine that ran out of stack or memory may be asked again.
function fail(error) {
  if (!isMachineFailure(error)) found = { hash: undefined }
  return false
}

// A hash whose methods say whether they succeeded.
function guarded({ digest, start, update, end }) {
  return {
    digest(bytes, into) {
      try {
        digest(bytes, into)
        return true
      } catch (error) {
        return fail(error)
      }
    },
    start() {
      let running
      let isWell = attempt(() => (running = start()))
      return {
        update(bytes) {
          isWell &&= attempt(() => update(running, bytes))
        },
        digest: (into) => isWell && attempt(() => end(running, into)),
      }
    },
  }
}

function attempt(work) {
  try {
    work()
    return true
  } catch (error) {
    return fail(error)
  }
}

function hashOfNode() {
  // Asked for in this way because every bundler would try to resolve an import.
  const { hash, createHash } = globalThis.process.getBuiltinModule('node:crypto')
  const { update, digest } = createHash('sha256')
  return {
    digest: (bytes, into) => put(hash('sha256', bytes, ENCODING), into),
    start: () => createHash('sha256'),
    update: (running, bytes) => apply(update, running, [bytes]),
    end: (running, into) => put(apply(digest, running, [ENCODING]), into),
  }
}

function put(digest, { units }) {
  if (digest.length !== units.length) throw new TypeError('no digest of SHA-256')
  for (let i = 0; i < units.length; i++) units[i] = digest.charCodeAt(i)
}

// Bun's own is there without loading anything, is quicker than its node:crypto, and writes the bytes itself.
function hashOfBun() {
  const { SHA256 } = globalThis.Bun
  const hash = SHA256.hash.bind(SHA256)
  const { update, digest } = SHA256.prototype
  return {
    digest(bytes, into) {
      clear(into)
      hash(bytes, into.bytes)
      checkWritten(into)
    },
    start: () => new SHA256(),
    update: (running, bytes) => apply(update, running, [bytes]),
    end(running, into) {
      clear(into)
      apply(digest, running, [into.bytes])
      checkWritten(into)
    },
  }
}

// A digest that was there before must not pass for the new one. Four numbers are quicker to write and to read than
// their bytes.
function clear({ words }) {
  words[0] = words[1] = words[2] = words[3] = 0
}

function checkWritten({ words }) {
  const isClear = words[0] === 0 && words[1] === 0 && words[2] === 0 && words[3] === 0
  if (isClear) throw new TypeError('no digest of SHA-256')
}
