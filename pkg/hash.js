// SHA-256 by the runtime itself: several times as fast as WebAssembly where the processor has it built in.

// What this kind of runtime is quick at: one of load/.
import { worthLoading } from '#load'

/** Set it to 'wasm' on globalThis and nothing is hashed by the runtime: the tests run both ways. */
const setting = Symbol.for('hookproof.hash')

// A digest comes as a text of two bytes a character: a buffer takes twice as long to make, and a text of
// more characters longer to take apart.
const ENCODING = 'utf16le'

let hashedHere = 0
let found

/**
 * The runtime's hash, for so many bytes; undefined where there is none that answers at once, or not yet.
 * `isRight` is asked once. A hash writes a digest where it is told, or throws: `digest(bytes, into)` of what
 * lies in one piece, `start()` of what does not.
 */
export function runtimeHash(bytes, isRight) {
  if (globalThis[setting] === 'wasm') return undefined
  if (!found) {
    const Bun = ANY_RUNTIME && globalThis.Bun
    hashedHere += bytes
    if (!Bun && hashedHere < worthLoading) return undefined
    found = find(Bun ? hashOfBun : hashOfNode, isRight)
  }
  return found.hash
}

/** Gives the runtime's hash up, after it threw or gave something else than a digest. */
export function giveUpRuntimeHash() {
  found = { hash: undefined }
}

function find(make, isRight) {
  try {
    const hash = make()
    return { hash: isRight(hash) ? hash : undefined }
  } catch {
    // Not every runtime has one. Next's edge runtime throws where it is asked what it has not.
    return { hash: undefined }
  }
}

function hashOfNode() {
  // Asked for in this way because every bundler would try to resolve an import.
  const crypto = globalThis.process.getBuiltinModule('node:crypto')
  return {
    digest: (bytes, into) => put(crypto.hash('sha256', bytes, ENCODING), into),
    start() {
      const running = crypto.createHash('sha256')
      return { update: (bytes) => running.update(bytes), digest: (into) => put(running.digest(ENCODING), into) }
    },
  }
}

function put(digest, into) {
  if (digest.length !== into.length) throw new TypeError('no digest of SHA-256')
  for (let i = 0; i < into.length; i++) into[i] = digest.charCodeAt(i)
}

// Bun's own is there without loading anything, is quicker than its node:crypto, and writes the bytes itself.
function hashOfBun() {
  const { SHA256 } = globalThis.Bun
  return {
    digest: (bytes, into) => fill(into, () => SHA256.hash(bytes, into)),
    start() {
      const running = new SHA256()
      return { update: (bytes) => running.update(bytes), digest: (into) => fill(into, () => running.digest(into)) }
    },
  }
}

// A digest that was there before must not pass for the new one.
function fill(into, write) {
  into.fill(0)
  write()
  if (into.every((unit) => unit === 0)) throw new TypeError('no digest of SHA-256')
}
