// As many as the core keeps between calls, before those for secrets that pass.
const KEPT = 64

/**
 * Which secret's key lies in which of the core's slots, so that a key is made once and not for every call.
 * It holds the last 64 secrets, each under the format it was read in; the oldest makes way. Texts are kept
 * from their first use on. Bytes are known by the array that holds them, from its second use on:
 * verifyWebhook copies a caller's bytes each time, and what comes once need not be kept.
 */
export class Slots {
  #byFormat = [new Map(), new Map(), new Map()]
  #held = []
  #seen = new WeakSet()
  #next = 0

  /** The slot in which a secret's key lies, if it does. */
  find(secret, format) {
    return this.#byFormat[format].get(secret)
  }

  /** A slot for a secret's key: one that none of `busy`, the slots of this very call, needs. */
  take(secret, format, busy) {
    if (typeof secret !== 'string' && !this.#seen.has(secret)) {
      this.#seen.add(secret)
      return KEPT + busy.length
    }
    while (busy.includes(this.#next)) this.#next = (this.#next + 1) % KEPT
    const slot = this.#next
    this.#next = (slot + 1) % KEPT
    this.forget(slot)
    const secrets = this.#byFormat[format]
    secrets.set(secret, slot)
    this.#held[slot] = () => secrets.delete(secret)
    return slot
  }

  /** Drops what a slot holds. */
  forget(slot) {
    this.#held[slot]?.()
    this.#held[slot] = undefined
  }
}
