// SHA-256 by the runtime itself: several times as fast as WebAssembly where the processor has it built in.
import { hashFrom } from '#load'

/** Set it to 'wasm' on globalThis and nothing is hashed by the runtime: the tests run both ways. */
const setting = Symbol.for('hookproof.hash')

const DIGEST_BYTES = 32

let found

/**
 * The runtime's hash, for a payload that is long enough to be worth the call; undefined where there is none
 * that answers at once. `isRight` is asked once, before the first use.
 */
export function runtimeHash(length, isRight) {
  if (length < hashFrom || globalThis[setting] === 'wasm') return undefined
  found ??= find(isRight)
  return found.hash
}

/** Gives the runtime's hash up, after it threw or gave something else than a digest. */
export function giveUpRuntimeHash() {
  found = { hash: undefined }
}

function find(isRight) {
  // Asked for in this way because every bundler would try to resolve an import.
  const crypto = globalThis.process?.getBuiltinModule?.('node:crypto')
  if (!crypto?.hash || !crypto.createHash) return { hash: undefined }
  const hash = new RuntimeHash(crypto)
  return { hash: isRight(hash) ? hash : undefined }
}

class RuntimeHash {
  #crypto

  constructor(crypto) {
    this.#crypto = crypto
  }

  /** The digest of bytes that lie in one piece. */
  digest(bytes) {
    return checked(this.#crypto.hash('sha256', bytes, 'buffer'))
  }

  /** A digest of bytes that come in pieces: `update(bytes)`, then `digest()`. */
  start() {
    const hash = this.#crypto.createHash('sha256')
    return { update: (bytes) => void hash.update(bytes), digest: () => checked(hash.digest()) }
  }
}

function checked(digest) {
  if (digest instanceof Uint8Array && digest.length === DIGEST_BYTES) return digest
  throw new TypeError('no digest of SHA-256')
}
