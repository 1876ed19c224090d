// The types of arguments. What a value means is for the core; whether it is one at all is settled here,
// because at the boundary a wrong type would turn into a wrong value.
import { errorNamed, WebhookError } from './error.js'

const byteLength = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'byteLength').get

/** A payload as a well-formed string or as bytes, which are the caller's own memory and not a copy. */
export function readPayload(payload) {
  const read = readText(payload) ?? readBytes(payload)
  if (read !== undefined) return read
  if (typeof payload === 'string') throw errorNamed('PayloadNotText')
  const hint =
    typeof payload === 'object' && payload !== null
      ? ': pass the raw body, before any JSON parser, not what came of it'
      : ''
  throw new TypeError(`payload must be a string, an ArrayBuffer or a view of one, got ${kind(payload)}${hint}`)
}

/** One secret or a list of them, as strings and copied bytes. */
export function readSecrets(secret) {
  const list = Array.isArray(secret) ? Array.from(secret) : [secret]
  return list.map((each, index) => {
    const read = readText(each) ?? readBytes(each)?.slice()
    if (read !== undefined) return read
    const name = Array.isArray(secret) ? `secret[${index}]` : 'secret'
    if (typeof each === 'string') throw new WebhookError('invalid_secret', `${name} is not well-formed Unicode`)
    const hint = each === undefined ? ': is the environment variable set?' : ''
    throw new TypeError(`${name} must be a string, an ArrayBuffer or a view of one, got ${kind(each)}${hint}`)
  })
}

/** The options named, each read once. An option nobody knows is an error: it would be ignored. */
export function readOptions(options, names) {
  if (options === undefined) return {}
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`options must be an object, got ${kind(options)}`)
  }
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) {
      throw new WebhookError('invalid_option', `there is no option ${name}: the options are ${names.join(', ')}`)
    }
  }
  return Object.fromEntries(names.map((name) => [name, options[name]]))
}

/** A number of seconds, or undefined. Which numbers will do is for the core. */
export function readSeconds(name, seconds) {
  if (seconds === undefined || typeof seconds === 'number') return seconds
  throw new TypeError(`${name} must be a number of seconds, got ${kind(seconds)}`)
}

export function readString(name, text) {
  if (text === undefined || typeof text === 'string') return text
  throw new TypeError(`${name} must be a string, got ${kind(text)}`)
}

/** A number of bytes from 0 up. Infinity is no bound. */
export function readByteCount(name, bytes) {
  if (typeof bytes !== 'number') throw new TypeError(`${name} must be a number of bytes, got ${kind(bytes)}`)
  if (bytes >= 0 && (Number.isInteger(bytes) || bytes === Infinity)) return bytes
  throw new WebhookError('invalid_option', `${name} must be a whole number of bytes from 0 up, got ${bytes}`)
}

/** Unix seconds by this machine's clock. */
export function clock() {
  return Date.now() / 1000
}

/** What a value is, in words, and nothing of what is in it. */
export function kind(value) {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'number') return `the number ${value}`
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
