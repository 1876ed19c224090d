// The types of arguments. What a value means is for the core; whether it is one at all is settled here,
// because at the boundary a wrong type would turn into a wrong value.
import { errorWith, typeError, webhookError } from './error.js'
import { PayloadNotText } from './gen/tables/statuses.js'

const byteLength = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'byteLength').get

/** A payload as a well-formed string or as bytes, which are the caller's own memory and not a copy. */
export function readPayload(payload) {
  const read = readText(payload) ?? readBytes(payload)
  if (read !== undefined) return read
  if (typeof payload === 'string') throw errorWith(PayloadNotText)
  const hint =
    typeof payload === 'object' && payload !== null
      ? ': pass the raw body, its bytes or its text, awaited and before any JSON parser'
      : payload === undefined
        ? ': is there a parser for raw bodies in front, like express.raw?'
        : ''
  throw typeError(`payload must be a string, an ArrayBuffer or a view of one, got ${kind(payload)}${hint}`)
}

/** One secret or a list of them, as strings and copied bytes. `whose` is named where one is wrong. */
export function readSecrets(secret, whose = '') {
  if (!Array.isArray(secret)) return [readSecret(secret, 'secret', whose)]
  // A longer list is refused for its length: no need to read all of it.
  return Array.from(secret.slice(0, 100), (each, index) => readSecret(each, `secret[${index}]`, whose))
}

function readSecret(secret, name, whose) {
  const read = readText(secret) ?? readBytes(secret)?.slice()
  if (read !== undefined) return read
  if (typeof secret === 'string') throw webhookError('invalid_secret', `${name}${whose} is not well-formed Unicode`)
  const hint = secret === undefined || secret === null ? ': is the environment variable set?' : ''
  throw typeError(`${name}${whose} must be a string, an ArrayBuffer or a view of one, got ${kind(secret)}${hint}`)
}

/** Refuses options that nobody knows: they would be ignored. */
export function checkOptions(options, names) {
  if (options === undefined) return
  if (typeof options !== 'object' || options === null) {
    throw typeError(`options must be an object, got ${kind(options)}`)
  }
  // Walked and not listed: a list would be made for every call.
  for (const name in options) {
    if (names.includes(name) || !Object.hasOwn(options, name)) continue
    throw webhookError('invalid_option', `there is no option ${name}: the options are ${names.join(', ')}`)
  }
}

/**
 * An option's value, read once. Only where it is the object's own: freshness must not depend on what
 * somebody did to a prototype.
 */
export function option(options, name) {
  return options !== undefined && Object.hasOwn(options, name) ? options[name] : undefined
}

/** All options of these names, for callers who are in no hurry. */
export function readOptions(options, names) {
  checkOptions(options, names)
  return Object.fromEntries(names.map((name) => [name, option(options, name)]))
}

/** A number of seconds, or undefined. Which numbers will do is for the core. */
export function readSeconds(name, seconds) {
  if (seconds === undefined || typeof seconds === 'number') return seconds
  throw typeError(`${name} must be a number of seconds, got ${kind(seconds)}`)
}

export function readString(name, text) {
  if (text === undefined || typeof text === 'string') return text
  throw typeError(`${name} must be a string, got ${kind(text)}`)
}

export function readBoolean(name, value) {
  if (typeof value === 'boolean') return value
  throw typeError(`${name} must be a boolean, got ${kind(value)}`)
}

/** A number of bytes from 0 up. Infinity is no bound. */
export function readByteCount(name, bytes) {
  if (typeof bytes !== 'number') throw typeError(`${name} must be a number of bytes, got ${kind(bytes)}`)
  if (bytes >= 0 && (Number.isInteger(bytes) || bytes === Infinity)) return bytes
  throw webhookError('invalid_option', `${name} must be a whole number of bytes from 0 up, got ${bytes}`)
}

/** Unix seconds by this machine's clock. */
export function clock() {
  return Date.now() / 1000
}

/** What a value is, in words, and nothing of what is in it. */
export function kind(value) {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'undefined') return 'undefined'
  return `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`
}

/** A string that has a UTF-8: one with half a surrogate pair has none. */
export function readText(value) {
  if (typeof value !== 'string') return undefined
  const wellFormed = value.isWellFormed ? value.isWellFormed() : !/\p{Surrogate}/u.test(value)
  return wellFormed ? value : undefined
}

// Memory that another thread can write is refused: what is read later need not be what was verified.
function readBytes(value) {
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength } = value
    // A view that lies outside its resized buffer looks like an empty one.
    if (buffer.resizable && byteLength === 0) return undefined
    return isArrayBuffer(buffer) ? new Uint8Array(buffer, byteOffset, byteLength) : undefined
  }
  return isArrayBuffer(value) ? new Uint8Array(value) : undefined
}

// By what the value is, not by which window or worker made it.
function isArrayBuffer(value) {
  try {
    byteLength.call(value)
    return true
  } catch {
    return false
  }
}
