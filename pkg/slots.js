// As many as the core keeps between calls, before those for secrets that pass.
const KEPT = 64

/**
 * Which secret's key lies in which of the core's slots, so that a key is made once and not for every call.
 * It holds the last 64 secrets, each under the format it was read in; the oldest makes way. Texts are kept
 * from their first use on. Bytes are known by the array that holds them, from its second use on:
 * verifyWebhook copies a caller's bytes each time, and what comes once need not be kept.
 */
export function makeSlots() {
  const byFormat = [new Map(), new Map(), new Map()]
  const held = new Map()
  const seen = new WeakSet()
  let next = 0

  /** Drops what a slot holds. */
  function forget(slot) {
    const [secrets, secret] = held.get(slot) ?? []
    secrets?.delete(secret)
    held.delete(slot)
  }

  return {
    forget,

    /** The slot in which a secret's key lies, if it does. */
    find: (secret, format) => byFormat[format].get(secret),

    /** A slot for a secret's key: one that none of `busy`, the slots of this very call, needs. */
    take(secret, format, busy) {
      if (typeof secret !== 'string' && !seen.has(secret)) {
        seen.add(secret)
        return KEPT + busy.length
      }
      while (busy.includes(next)) next = (next + 1) % KEPT
      const slot = next
      next = (slot + 1) % KEPT
      forget(slot)
      held.set(slot, [byFormat[format].set(secret, slot), secret])
      return slot
    },
  }
}
