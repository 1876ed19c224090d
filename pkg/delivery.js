import { digest } from './core/core.js'
import { errorOf, isOwn } from './error.js'
import { PayloadNotJson, PayloadNotText } from './gen/tables/statuses.js'
import { decode, encode, isWellFormed } from './utf8.js'

/** What is known of a verified delivery whose payload went by in chunks. */
export class StreamedDelivery {
  // What a log shows, in the minified package too.
  static name = 'StreamedDelivery'

  // Declared, so that they are its own whatever a prototype has under their names.
  provider
  timestamp
  signed
  secretIndex
  id

  constructor(scheme, verdict) {
    this.provider = scheme.name
    this.timestamp = verdict.timestamp
    this.signed = scheme.signed
    this.secretIndex = verdict.secretIndex
    // An id in the payload went by with it.
    this.id = scheme.member === undefined ? verdict.id : null
  }
}

/** One verified attempt to deliver. What is dear to make is made when it is asked for, once. */
export class Delivery {
  // What a log shows, in the minified package too.
  static name = 'Delivery'

  provider
  timestamp
  signed
  secretIndex
  #payload
  #member
  #id
  #key

  constructor(scheme, verdict, payload) {
    this.provider = scheme.name
    this.timestamp = verdict.timestamp
    this.signed = scheme.signed
    this.secretIndex = verdict.secretIndex
    // Where the id stands in the payload's JSON; without it the id is what a header said.
    this.#member = scheme.member
    this.#id = scheme.member === undefined ? verdict.id : undefined
    this.#payload = payload
  }

  bytes() {
    return typeof this.#payload === 'string' ? encode(this.#payload) : this.#payload
  }

  text() {
    return textOf(this.#payload)
  }

  json() {
    return jsonOf(this.#payload)
  }

  get id() {
    if (this.#id === undefined) this.#id = readId(this.#payload, this.#member)
    return this.#id
  }

  get key() {
    return (this.#key ??= this.#makeKey())
  }

  /** What a log may hold: everything but the payload. */
  toJSON() {
    return { ...this, id: this.id, key: this.key }
  }

  #makeKey() {
    if (this.signed.includes('id') && this.id !== null) return `${this.provider}:id:${this.id}`
    return `${this.provider}:sha256:${digest(this.#payload)}`
  }
}

/** The non-empty string under a name at the top level of a payload's JSON, else null. */
export function readId(payload, member) {
  let event
  try {
    event = jsonOf(payload)
  } catch (error) {
    if (isOwn(error)) return null
    throw error
  }
  if (typeof event !== 'object' || event === null || Array.isArray(event)) return null
  const id = Object.hasOwn(event, member) ? event[member] : undefined
  // Half a surrogate pair has no bytes, so a store could not tell such an id from another.
  return typeof id === 'string' && id !== '' && isWellFormed(id) ? id : null
}

function textOf(payload) {
  if (typeof payload === 'string') return payload
  try {
    return decode(payload)
  } catch (error) {
    throw isNamed(error, 'TypeError', 'URIError') ? errorOf(PayloadNotText) : error
  }
}

function jsonOf(payload) {
  const text = textOf(payload)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw isNamed(error, 'SyntaxError') ? errorOf(PayloadNotJson) : error
  }
}

// Anything else says that the stack or the memory ran out, or that the text is too long for this runtime.
function isNamed(error, ...names) {
  return names.includes(error.name)
}
