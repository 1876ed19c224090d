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
      const state = await claim(readKey(key), token, milliseconds('leaseSeconds', leaseSeconds))
      if (!['new', 'busy', 'done'].includes(state)) {
        throw new Error(`the store answered a claim with ${kind(state)} and no state: nothing may run`)
      }
      return { state, token }
    },
    async complete(key, token, ttlSeconds) {
      return complete(readKey(key), readToken(token), milliseconds('ttlSeconds', ttlSeconds))
    },
    async release(key, token) {
      return release(readKey(key), readToken(token))
    },
  }
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
