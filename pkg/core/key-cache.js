const DEFAULT_SIZE = 1024

let size = DEFAULT_SIZE
let young = new Map()
let old = new Map()

/**
 * The key states of the secrets that `verifyWebhook` and `signWebhook` were called with. Two generations bound it: the
 * young one fills up, becomes the old one, and what was not used since is dropped. So it has the last `size` secrets
 * at least, and twice as many at most. Key states equal the key, so nothing gives the cache out.
 */
export const keyCache = {
  /** The key states of a secret, if they are here. */
  get(secret) {
    const states = young.get(secret)
    if (states !== undefined) return states
    const known = old.get(secret)
    if (known !== undefined) keyCache.set(secret, known)
    return known
  },

  set(secret, states) {
    if (size === 0) return
    if (young.size >= size) {
      old = young
      young = new Map()
    }
    young.set(secret, states)
  },

  /** Empties the cache, wipes what was in it, and sets its size. */
  clear(newSize = size) {
    const wiped = [...young.values(), ...old.values()]
    young = new Map()
    old = new Map()
    size = newSize
    // After they have left the cache: if the stack ends here, no later call gets wiped key states.
    for (const states of wiped) states.fill(0)
  },
}
