import { wrongType } from './argument.js'
import { isOwn, typeError, webhookError } from './error.js'
import { item, items } from './property.js'

// A header that came several times, or as something that is no text.
const MALFORMED = null

/**
 * The values of the headers of these names, which are in small letters, in the names' order: undefined where
 * there is none, a string, which need not be well-formed, or what is no text. `headers` is anything iterable
 * as pairs, else an object's own keys; names in any ASCII case. Anything else is a malformed header.
 */
export function lookUp(headers, names) {
  try {
    return lookUpIn(headers, names)
  } catch (error) {
    throw isOwn(error) ? webhookError('malformed_header', error.message) : error
  }
}

function lookUpIn(headers, names) {
  const listed = isIterable(headers)
  // Asked by name it need not be walked, for which runtimes copy and sort all of it. It is known by its tag:
  // in Node to name its class loads all of fetch.
  if (listed && headers[Symbol.toStringTag] === 'Headers') {
    return names.map((name) => name && (headers.get(name) ?? undefined))
  }
  const found = listed ? listOf(headers) : headers
  const keys = listed ? found.map((pair) => item(pair, 0)) : Object.keys(found)
  return names.map((name) => name && find(name, keys, (i) => (listed ? item(found[i], 1) : found[keys[i]])))
}

/** The headers as pairs of name and value, as they were passed. */
export function pairs(headers) {
  if (!isIterable(headers)) return Object.entries(headers)
  return listOf(headers).map((pair) => items(pair))
}

function listOf(headers) {
  return Array.from(Array.isArray(headers) ? items(headers) : headers, checkPair)
}

function isIterable(headers) {
  if (typeof headers === 'object' && headers !== null) return typeof headers[Symbol.iterator] === 'function'
  throw wrongType('headers', 'a Headers object, a Map, an array of pairs or an object', headers)
}

function checkPair(pair) {
  if (Array.isArray(pair)) return pair
  throw typeError('headers must be pairs of name and value; in Node pass req.headersDistinct, not req.rawHeaders')
}

function join(before, value) {
  const one = Array.isArray(value) && value.length <= 1 ? item(value, 0) : value
  if (one === undefined) return before
  return before === undefined && typeof one === 'string' ? one : MALFORMED
}

// The value of all headers of a name, of which there is to be one.
function find(name, keys, valueOf) {
  let found
  for (let i = 0; i < keys.length; i++) if (isName(keys[i], name)) found = join(found, valueOf(i))
  return found
}

// Most names differ in length. A key outside ASCII is none: toLowerCase maps a few of its letters into it.
function isName(key, name) {
  if (typeof key !== 'string' || key.length !== name.length) return false
  return key === name || (key.toLowerCase() === name && !/[^\0-\x7f]/.test(key))
}
