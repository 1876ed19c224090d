import { kind, readOptions, uptime } from '../argument.js'
import { typeError, webhookError } from '../error.js'
import { readTime } from '../read-time.js'
import { Heap } from './heap.js'
import { storeOf } from './store.js'

export function memoryStore(options) {
  const { maxKeys = 100_000, now = uptime } = readOptions(options, ['maxKeys', 'now'])
  if (typeof now !== 'function') throw typeError(`now must be a function that gives unix seconds, got ${kind(now)}`)
  if (typeof maxKeys !== 'number') throw typeError(`maxKeys must be a number, got ${kind(maxKeys)}`)
  if (!Number.isSafeInteger(maxKeys) || maxKeys < 1) {
    throw webhookError('invalid_option', `maxKeys must be a whole number from 1 up, got ${maxKeys}`)
  }
  return storeOf(new Memory(maxKeys, () => readTime(now()) * 1000).calls)
}

/** Claims by key. No call looks at all of them. */
class Memory {
  #claims = new Map()
  // The running claims, by the end of their lease.
  #active = new Heap()
  // The done keys, the oldest first.
  #done = new Heap()
  #completions = 0
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
    // The clock is read before anything is forgotten: it may fail.
    const now = this.#now()
    const held = this.#find(key, now)
    if (held) return held.isDone ? 'done' : 'busy'
    this.#makeRoom(now)
    const expiresAt = now + milliseconds
    this.#add({ key, token, isDone: false, expiresAt, rank: expiresAt, at: 0 })
    return 'new'
  }

  #complete(key, token, milliseconds) {
    const now = this.#now()
    const claim = this.#find(key, now)
    if (claim?.token !== token) return false
    // A client may send its completion again, which does not make the delivery a newer one.
    const rank = claim.isDone ? claim.rank : ++this.#completions
    this.#forget(claim)
    this.#add({ key, token, isDone: true, expiresAt: now + milliseconds, rank, at: 0 })
    return true
  }

  #release(key, token) {
    const claim = this.#find(key, this.#now())
    if (claim?.token !== token || claim.isDone) return false
    this.#forget(claim)
    return true
  }

  // A claim that has expired counts as absent, and is dropped when it is met.
  #find(key, now) {
    const claim = this.#claims.get(key)
    if (claim === undefined || claim.expiresAt > now) return claim
    this.#forget(claim)
    return undefined
  }

  // A claim whose lease is over goes first, then what is done, the oldest first; what is being handled never.
  #makeRoom(now) {
    if (this.#claims.size < this.#maxKeys) return
    const { first: next } = this.#active
    const spare = next && next.expiresAt <= now ? next : this.#done.first
    if (spare === undefined) {
      throw new Error(`the memory store holds ${this.#maxKeys} deliveries that are being handled, its maxKeys`)
    }
    this.#forget(spare)
  }

  #add(claim) {
    this.#claims.set(claim.key, claim)
    this.#queueOf(claim).add(claim)
  }

  #forget(claim) {
    this.#claims.delete(claim.key)
    this.#queueOf(claim).remove(claim)
  }

  #queueOf({ isDone }) {
    return isDone ? this.#done : this.#active
  }
}
