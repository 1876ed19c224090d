// The types of arguments. What a value means is for the core; whether it is one at all is settled here,
// because at the boundary a wrong type would turn into a wrong value.
import { isMachineFailure, typeError, webhookError } from './error.js'
import { payloadNotText } from './gen/tables/rows.js'
import { items } from './property.js'
import { isWellFormed } from './utf8.js'

const BYTES = 'a string, an ArrayBuffer or a view of one'
const { hasOwnProperty } = Object.prototype
const bufferLength = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'byteLength').get

/** A payload as a well-formed string or as bytes, which are the caller's own memory and not a copy. */
export function readPayload(payload) {
  const read = readUnchecked(payload)
  if (typeof read === 'string' && !isWellFormed(read)) throw webhookError(...payloadNotText)
  return read
}

/** The same for a call of the core, which refuses a string that is not well-formed by itself. */
export function readUnchecked(payload) {
  const read = typeof payload === 'string' ? payload : readBytes(payload)
  if (read !== undefined) return read
  const hint =
    typeof payload === 'object' && payload !== null
      ? ': pass the raw body, its bytes or its text, awaited and before any JSON parser'
      : payload === undefined
        ? ': is there a parser for raw bodies in front, like express.raw?'
        : ''
  throw wrongType('payload', BYTES, payload, hint)
}

/** One secret or a list of them, as strings and copied bytes. `whose` is named where one is wrong. */
export function readSecrets(secret, whose = '') {
  if (!Array.isArray(secret)) return [readSecret(secret, 'secret', whose)]
  // A longer list is refused for its length: no need to read all of it.
  return items(secret, 100).map((each, index) => readSecret(each, `secret[${index}]`, whose))
}

function readSecret(secret, name, whose) {
  const read = readText(secret) ?? readBytes(secret)?.slice()
  if (read !== undefined) return read
  if (typeof secret === 'string') throw webhookError('invalid_secret', `${name}${whose} is not well-formed Unicode`)
  const hint = secret === undefined || secret === null ? ': is the environment variable set?' : ''
  throw wrongType(name + whose, BYTES, secret, hint)
}

/** All options of these names. */
export function readOptions(options, names) {
  const read = { __proto__: null }
  eachOption(options, (name, value) => {
    if (!names.includes(name)) throw unknownOption(name, names)
    read[name] = value
  })
  return read
}

/**
 * Hands over the name and value of each option, read once. Only those that are the object's own: freshness
 * must not depend on what somebody did to a prototype.
 */
export function eachOption(options, visit) {
  if (options === undefined) return
  if (typeof options !== 'object' || options === null) throw wrongType('options', 'an object', options)
  // Walked and not listed: a list would be made for every call. Engines know this way to ask whose a name is.
  for (const name in options) if (hasOwnProperty.call(options, name)) visit(name, options[name])
}

/** An option that nobody knows is refused: it would be ignored. */
export function unknownOption(name, names) {
  return webhookError('invalid_option', `there is no option ${name}: the options are ${names.join(', ')}`)
}

/** A number of seconds, or undefined. Which numbers will do is for the core. */
export function readSeconds(name, seconds) {
  if (seconds === undefined || typeof seconds === 'number') return seconds
  throw wrongType(name, 'a number of seconds', seconds)
}

/** Thirty years, below which every store's own arithmetic is right. */
export const MAX_SPAN_SECONDS = 1e9

/** A number of seconds for which something holds. */
export function readSpan(name, seconds) {
  if (typeof seconds !== 'number') throw wrongType(name, 'a number of seconds', seconds)
  if (seconds > 0 && seconds <= MAX_SPAN_SECONDS) return seconds
  throw webhookError(
    'invalid_option',
    `${name} must be more than 0 and at most ${MAX_SPAN_SECONDS} seconds, got ${seconds}`,
  )
}

export function readString(name, text) {
  if (text === undefined || typeof text === 'string') return text
  throw wrongType(name, 'a string', text)
}

export function readBoolean(name, value) {
  if (typeof value === 'boolean') return value
  throw wrongType(name, 'a boolean', value)
}

/** A number of bytes from 0 up. Infinity is no bound. */
export function readByteCount(name, bytes) {
  if (typeof bytes !== 'number') throw wrongType(name, 'a number of bytes', bytes)
  if (bytes >= 0 && (Number.isInteger(bytes) || bytes === Infinity)) return bytes
  throw webhookError('invalid_option', `${name} must be a whole number of bytes from 0 up, got ${bytes}`)
}

/** A number of keys from 0 up. */
export function readKeyCount(name, keys) {
  if (typeof keys !== 'number') throw wrongType(name, 'a number of keys', keys)
  if (Number.isSafeInteger(keys) && keys >= 0) return keys
  throw webhookError('invalid_option', `${name} must be a whole number of keys from 0 up, got ${keys}`)
}

/** Unix seconds by this machine's clock. */
export function clock() {
  return Date.now() / 1000
}

/**
 * Seconds by a clock that no change of the system's time moves. Where the runtime has none it is the system's. Workers
 * stop both clocks between two I/O operations.
 */
export function uptime() {
  const { performance } = globalThis
  return typeof performance?.now === 'function' ? performance.now() / 1000 : clock()
}

/** What is said of an argument of a type that will not do. */
export function wrongType(name, expected, got, hint = '') {
  return typeError(`${name} must be ${expected}, got ${kind(got)}${hint}`)
}

/** What a value is, in words, and nothing of what is in it. */
export function kind(value) {
  if (value === null || value === undefined) return `${value}`
  if (Array.isArray(value)) return 'an array'
  return `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`
}

/** A string that has a UTF-8: one with half a surrogate pair has none. */
export function readText(value) {
  return typeof value === 'string' && isWellFormed(value) ? value : undefined
}

// Memory that another thread can write is refused: what is read later need not be what was verified.
function readBytes(value) {
  if (!ArrayBuffer.isView(value)) return isArrayBuffer(value) ? new Uint8Array(value) : undefined
  const { buffer, byteOffset, byteLength } = value
  // A view that lies outside its resized buffer looks like an empty one.
  if ((byteLength === 0 && buffer.resizable) || !isArrayBuffer(buffer)) return undefined
  return new Uint8Array(buffer, byteOffset, byteLength)
}

// By what the value is, not by which window or worker made it, nor by its prototype: an object that only has
// that one would be read as no bytes at all, and an empty payload can be signed.
function isArrayBuffer(value) {
  try {
    bufferLength.call(value)
    return true
  } catch (error) {
    if (isMachineFailure(error)) throw error
    return false
  }
}
