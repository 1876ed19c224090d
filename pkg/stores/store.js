import { kind, readSpan, readText } from '../argument.js'
import { typeError } from '../error.js'
import { randomId } from '../random-id.js'

/**
 * A store out of three atomic calls on whatever holds the claims. What is alike in all of them is here: what
 * their arguments are, who makes the token, and that an answer nobody knows is never taken for `new`.
 */
export function storeOf({ claim, complete, release }) {
  return {
    async claim(key, leaseSeconds) {
      const token = randomId()
      const asked = [readKey(key), token, milliseconds('leaseSeconds', leaseSeconds)]
      try {
        const state = await claim(...asked)
        if (['new', 'busy', 'done'].includes(state)) return { state, token }
        throw new Error(`the store answered a claim with ${kind(state)} and no state: nothing may run`)
      } catch (error) {
        giveBack(release, key, token)
        throw error
      }
    },
    async complete(key, token, ttlSeconds) {
      return complete(readKey(key), readToken(token), milliseconds('ttlSeconds', ttlSeconds))
    },
    async release(key, token) {
      return release(readKey(key), readToken(token))
    },
  }
}

// A claim whose answer was lost may have been granted, and nobody has its token: retries would wait until its lease
// is over. Nobody waits for this, and where it fails the lease ends by itself. A client that has just lost its
// connection may refuse what comes before the next one, so it is tried once more.
function giveBack(release, key, token) {
  const once = async () => release(key, token)
  const later = () => {
    const timer = setTimeout(() => once().catch(() => {}), 1000)
    if (typeof timer.unref === 'function') timer.unref()
  }
  once().catch(later)
}

// Half a surrogate pair has no bytes, so a store could not tell such a key from another.
function readKey(key) {
  if (readText(key)) return key
  throw typeError(`key must be a delivery's key, a string that is not empty, got ${kind(key)}`)
}

function readToken(token) {
  if (readText(token)) return token
  throw typeError(`token must be the string that claim gave, got ${kind(token)}`)
}

function milliseconds(name, seconds) {
  return Math.ceil(readSpan(name, seconds) * 1000)
}
