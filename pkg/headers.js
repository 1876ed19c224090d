import { readText } from './argument.js'
import { typeError } from './error.js'

/** A header that came several times, or as something that is no text. */
export const MALFORMED = Symbol('malformed')

/**
 * The values of the named headers, in the names' order: a string, undefined where there is none, or
 * MALFORMED. `headers` is anything iterable as pairs, else an object's own keys; names in any ASCII case.
 */
export function lookUp(headers, names) {
  const found = names.map(() => undefined)
  const wanted = names.map((name) => name?.toLowerCase())
  for (const [name, value] of pairs(headers)) {
    if (typeof name !== 'string' || !isAscii(name)) continue
    const index = wanted.indexOf(name.toLowerCase())
    if (index >= 0) found[index] = join(found[index], value)
  }
  return found
}

/** The headers as pairs of name and value, as they were passed. */
export function pairs(headers) {
  if (typeof headers !== 'object' || headers === null) {
    throw typeError('headers must be a Headers object, a Map, an array of pairs or an object')
  }
  if (typeof headers[Symbol.iterator] !== 'function') {
    return Object.keys(headers).map((name) => [name, headers[name]])
  }
  return Array.from(headers, (pair) => {
    if (Array.isArray(pair)) return pair
    throw typeError('headers must be pairs of name and value; in Node pass req.headersDistinct, not req.rawHeaders')
  })
}

function join(before, value) {
  const one = Array.isArray(value) && value.length <= 1 ? value[0] : value
  if (one === undefined) return before
  return before === undefined && readText(one) !== undefined ? one : MALFORMED
}

// toLowerCase maps a few letters outside ASCII into it.
function isAscii(name) {
  return !/[^\0-\x7f]/.test(name)
}
