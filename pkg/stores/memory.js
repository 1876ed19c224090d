import { clock, kind, readOptions } from '../argument.js'
import { typeError, webhookError } from '../error.js'
import { readTime } from '../read-time.js'
import { storeOf } from './store.js'

export function memoryStore(options) {
  const { maxKeys = 100_000, now = clock } = readOptions(options, ['maxKeys', 'now'])
  if (typeof now !== 'function') throw typeError(`now must be a function that gives unix seconds, got ${kind(now)}`)
  if (typeof maxKeys !== 'number') throw typeError(`maxKeys must be a number, got ${kind(maxKeys)}`)
  if (!Number.isSafeInteger(maxKeys) || maxKeys < 1) {
    throw webhookError('invalid_option', `maxKeys must be a whole number from 1 up, got ${maxKeys}`)
  }
  return storeOf(new Memory(maxKeys, () => readTime(now()) * 1000).calls)
}

/** Claims by key, the oldest first: what is being handled apart from what is done. */
class Memory {
  #active = new Map()
  #done = new Map()
  #maxKeys
  #now

  constructor(maxKeys, now) {
    this.#maxKeys = maxKeys
    this.#now = now
  }

  get calls() {
    return {
      claim: (...args) => this.#claim(...args),
      complete: (...args) => this.#complete(...args),
      release: (...args) => this.#release(...args),
    }
  }

  #claim(key, token, milliseconds) {
    if (this.#find(this.#done, key)) return 'done'
    if (this.#find(this.#active, key)) return 'busy'
    // The clock is asked before anything is forgotten: it may fail.
    const expiresAt = this.#now() + milliseconds
    this.#makeRoom()
    this.#active.set(key, { token, expiresAt })
    return 'new'
  }

  #complete(key, token, milliseconds) {
    const again = this.#find(this.#done, key)?.token === token
    if (!again && !this.#release(key, token)) return false
    this.#done.set(key, { token, expiresAt: this.#now() + milliseconds })
    return true
  }

  #release(key, token) {
    return this.#find(this.#active, key)?.token === token && this.#active.delete(key)
  }

  // What has expired is not there, and is let go of when it is met.
  #find(claims, key) {
    const claim = claims.get(key)
    if (claim === undefined || claim.expiresAt > this.#now()) return claim
    claims.delete(key)
    return undefined
  }

  // A claim whose lease is over goes first, then what is done, the oldest first; what is being handled never.
  #makeRoom() {
    const isFull = () => this.#active.size + this.#done.size >= this.#maxKeys
    if (!isFull()) return
    for (const key of this.#active.keys()) this.#find(this.#active, key)
    if (!isFull()) return
    const [oldest] = this.#done.keys()
    if (oldest !== undefined) return this.#done.delete(oldest)
    throw new Error(`the memory store holds ${this.#maxKeys} deliveries that are being handled, its maxKeys`)
  }
}
