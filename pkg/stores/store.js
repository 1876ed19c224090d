import { kind, readText } from '../argument.js'
import { typeError, webhookError } from '../error.js'
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

// Thirty years: below it every store's own arithmetic holds.
const mostSeconds = 1e9

function milliseconds(name, seconds) {
  if (typeof seconds !== 'number') throw typeError(`${name} must be a number of seconds, got ${kind(seconds)}`)
  if (seconds > 0 && seconds <= mostSeconds) return Math.ceil(seconds * 1000)
  throw webhookError('invalid_option', `${name} must be more than 0 and at most ${mostSeconds}, got ${seconds}`)
}
