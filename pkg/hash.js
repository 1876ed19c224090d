// SHA-256 by the runtime itself: several times as fast as WebAssembly where the processor has it built in.

/** Set it to 'wasm' on globalThis and nothing is hashed by the runtime: the tests run both ways. */
const setting = Symbol.for('hookproof.hash')

// A digest comes as a text of two bytes a character: a buffer takes twice as long to make, and a text of
// more characters longer to take apart.
const ENCODING = 'utf16le'
const DIGEST_CHARACTERS = 16

// Loading node:crypto takes milliseconds, so it must be worth it: this many bytes are hashed without it.
let untilWorthLoading = 64 * 1024
let found

/**
 * The runtime's hash, for so many bytes; undefined where there is none that answers at once, or not yet.
 * `isRight` is asked once.
 */
export function runtimeHash(bytes, isRight) {
  if (globalThis[setting] === 'wasm') return undefined
  if (untilWorthLoading > 0) untilWorthLoading -= bytes
  if (untilWorthLoading > 0) return undefined
  found ??= find(isRight)
  return found.hash
}

/** Gives the runtime's hash up, after it threw or gave something else than a digest. */
export function giveUpRuntimeHash() {
  found = { hash: undefined }
}

function find(isRight) {
  try {
    // Asked for in this way because every bundler would try to resolve an import.
    const crypto = globalThis.process?.getBuiltinModule?.('node:crypto')
    const hash = crypto?.hash && crypto.createHash ? new RuntimeHash(crypto) : undefined
    return { hash: hash && isRight(hash) ? hash : undefined }
  } catch {
    // Next's edge runtime throws where it is asked what it has not.
    return { hash: undefined }
  }
}

class RuntimeHash {
  #crypto

  constructor(crypto) {
    this.#crypto = crypto
  }

  /** The digest of bytes that lie in one piece. */
  digest(bytes) {
    return checked(this.#crypto.hash('sha256', bytes, ENCODING))
  }

  /** A digest of bytes that come in pieces: `update(bytes)`, then `digest()`. */
  start() {
    const hash = this.#crypto.createHash('sha256')
    return { update: (bytes) => void hash.update(bytes), digest: () => checked(hash.digest(ENCODING)) }
  }
}

function checked(digest) {
  if (typeof digest === 'string' && digest.length === DIGEST_CHARACTERS) return digest
  throw new TypeError('no digest of SHA-256')
}
