// SHA-256 by the runtime itself: several times as fast as WebAssembly where the processor has it built in.

// What this kind of runtime is quick at: one of load/.
import { worthLoading } from '#load'
import { isMachineFailure } from './error.js'

/** Set it to 'wasm' on globalThis and nothing is hashed by the runtime: the tests run both ways. */
const setting = Symbol.for('hookproof.hash')

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
 * yet. `isRight` compares it with the core's, and gives undefined where it made no digest. `digest(bytes, into)` hashes
 * what is in one piece, and `start()` gives a running hash for what is not. Both write the digest where they are told
 * and say whether they did. A hash that failed is never used again, unless only the stack or the memory ran out.
 */
export function runtimeHash(length, isRight) {
  if (globalThis[setting] === 'wasm') return undefined
  if (!found) {
    const Bun = ANY_RUNTIME && globalThis.Bun
    hashedHere += length
    if (!Bun && hashedHere < worthLoading) return undefined
    let hash
    // Not every runtime has one. Next's edge runtime throws where it is asked for what it lacks.
    attempt(() => (hash = guarded(Bun ? hashOfBun() : hashOfNode())))
    const right = hash && isRight(hash)
    if (right !== undefined) found = { hash: right ? hash : undefined }
  }
  return found?.hash
}

// Does what may fail, and says whether it went well.
function attempt(work) {
  try {
    work()
    return true
  } catch (error) {
    if (!isMachineFailure(error)) found = { hash: undefined }
    return false
  }
}

// A hash whose methods say whether they went well.
function guarded({ digest, start, update, end }) {
  return {
    digest: (bytes, into) => attempt(() => digest(bytes, into)),
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

function put(digest, into) {
  if (digest.length !== into.length) throw new TypeError('no digest of SHA-256')
  for (let i = 0; i < into.length; i++) into[i] = digest.charCodeAt(i)
}

// Bun's own is there without loading anything, is quicker than its node:crypto, and writes the bytes itself.
function hashOfBun() {
  const { SHA256 } = globalThis.Bun
  const hash = SHA256.hash.bind(SHA256)
  const { update, digest } = SHA256.prototype
  return {
    digest: (bytes, into) => fill(into, () => hash(bytes, into)),
    start: () => new SHA256(),
    update: (running, bytes) => apply(update, running, [bytes]),
    end: (running, into) => fill(into, () => apply(digest, running, [into])),
  }
}

// A digest that was there before must not pass for the new one.
function fill(into, write) {
  into.fill(0)
  write()
  if (into.every((unit) => unit === 0)) throw new TypeError('no digest of SHA-256')
}
