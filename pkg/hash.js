// SHA-256 by the runtime itself: several times as fast as WebAssembly where the processor has it built in.

/** Set it to 'wasm' on globalThis and nothing is hashed by the runtime: the tests run both ways. */
const setting = Symbol.for('hookproof.hash')

// A digest comes as a text of two bytes a character: a buffer takes twice as long to make, and a text of
// more characters longer to take apart.
const ENCODING = 'utf16le'

// Loading node:crypto takes milliseconds, so it must be worth it: this many bytes are hashed without it.
let untilWorthLoading = 64 * 1024
let found

/**
 * The runtime's hash, for so many bytes; undefined where there is none that answers at once, or not yet.
 * `isRight` is asked once of each that there is. A hash writes digests where it is told, and throws where it
 * does not: `digest(bytes, into)` of what lies in one piece; `start()` of what does not.
 */
export function runtimeHash(bytes, isRight) {
  if (globalThis[setting] === 'wasm') return undefined
  if (untilWorthLoading > 0) untilWorthLoading -= bytes
  if (untilWorthLoading > 0) return undefined
  found ??= { hash: find(isRight) }
  return found.hash
}

/** Gives the runtime's hash up, after it threw or gave something else than a digest. */
export function giveUpRuntimeHash() {
  found = {}
}

function find(isRight) {
  return hashes().find((hash) => {
    try {
      return isRight(hash)
    } catch {
      return false
    }
  })
}

function hashes() {
  try {
    // Asked for in this way because every bundler would try to resolve an import.
    const crypto = globalThis.process.getBuiltinModule('node:crypto')
    const start = () => startWith(crypto)
    const hash = { digest: (bytes, into) => put(crypto.hash('sha256', bytes, ENCODING), into), start }
    const { Bun } = globalThis
    return Bun ? [{ digest: (bytes, into) => digestByBun(Bun, bytes, into), start }, hash] : [hash]
  } catch {
    // Next's edge runtime throws where it is asked what it has not.
    return []
  }
}

function startWith(crypto) {
  const running = crypto.createHash('sha256')
  return {
    update(bytes) {
      running.update(bytes)
      return this
    },
    digest: (into) => put(running.digest(ENCODING), into),
  }
}

function put(digest, into) {
  if (digest.length !== into.length) throw new TypeError('no digest of SHA-256')
  for (let i = 0; i < into.length; i++) into[i] = digest.charCodeAt(i)
}

// Bun's own is quicker than its node:crypto, and writes the bytes themselves. A digest that was there before
// must not pass for the new one.
function digestByBun({ SHA256 }, bytes, into) {
  into.fill(0)
  SHA256.hash(bytes, into)
  if (into.every((unit) => unit === 0)) throw new TypeError('no digest of SHA-256')
}
