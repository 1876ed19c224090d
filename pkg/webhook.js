import {
  clock,
  eachOption,
  readByteCount,
  readOptions,
  readPayload,
  readSeconds,
  readSecrets,
  readString,
  readUnchecked,
  unknownOption,
  wrongType,
} from './argument.js'
import { checkScheme, makeKey, signScheme, Stream, verifyScheme } from './core/core.js'
import { Delivery, readId } from './delivery.js'
import { isMachineFailure, isOwn, refusalOf, webhookError } from './error.js'
import { schemes } from './gen/tables/schemes.js'
import { PayloadTooLarge, UnknownProvider } from './gen/tables/statuses.js'
import { lookUp } from './headers.js'
import { internals } from './internals.js'
import { randomId } from './random-id.js'
import { readScheme } from './scheme.js'
import { countBytes } from './utf8.js'
import { Verifier } from './verifier.js'

export class Webhook {
  // What a log shows, in the minified package too.
  static name = 'Webhook'

  #scheme
  #secrets
  // The key states of the secrets, one after the other. They equal the keys, so nothing gives them out.
  #keys
  // The tolerance that was passed, and the one in force.
  #toleranceSeconds
  #effectiveToleranceSeconds
  #maxPayloadBytes

  constructor(provider, secret, options) {
    const names = ['toleranceSeconds', 'maxPayloadBytes']
    const { toleranceSeconds, maxPayloadBytes = Infinity } = readOptions(options, names)
    this.#toleranceSeconds = readSeconds('toleranceSeconds', toleranceSeconds)
    this.#maxPayloadBytes = readByteCount('maxPayloadBytes', maxPayloadBytes)
    const scheme = schemeOf(provider)
    const secrets = readSecrets(secret, ` for ${scheme.name}`)

    const checked = checkScheme(scheme, toleranceSeconds, secrets.length)
    // A tolerance is a number where a time is signed, which may be 0.
    scheme.signsTimestamp = checked.toleranceSeconds >= 0
    const signs = { payload: true, timestamp: scheme.signsTimestamp, id: checked.signsId }
    scheme.signed ??= Object.freeze(Object.keys(signs).filter((part) => signs[part]))
    const keys = secrets.map((each, index) => {
      const which = Array.isArray(secret) ? `secret[${index}]` : 'secret'
      return makeKey(each, scheme.secretFormat, `${which} for ${scheme.name}: `)
    })
    this.#scheme = scheme
    this.#secrets = secrets
    this.#keys = joined(keys)
    this.#effectiveToleranceSeconds = checked.toleranceSeconds
  }

  check(payload, headers, options) {
    let code = 'invalid_option'
    let body, found, now
    try {
      const { wanted, signsTimestamp } = this.#scheme
      now = readNow(options, signsTimestamp)
      code = 'invalid_payload'
      body = readUnchecked(payload)
      code = 'malformed_header'
      found = lookUp(headers, wanted)
    } catch (error) {
      // A code of its own, if the error was made here; else that of the argument that was read.
      if (isOwn(error))
        return { ok: false, code: Object.hasOwn(error, 'code') ? error.code : code, message: error.message }
      if (isMachineFailure(error)) throw error
      return { ok: false, code, message: unexpected }
    }
    return this.#check(body, found, now)
  }

  verify(payload, headers, options) {
    const verdict = this.check(payload, headers, options)
    if (verdict.ok) return verdict.delivery
    throw webhookError(verdict.code, `${verdict.message} (explain of 'hookproof/explain' finds the cause)`)
  }

  createVerifier(headers, options) {
    const scheme = this.#scheme
    const now = readNow(options, scheme.signsTimestamp)
    const found = lookUp(headers, scheme.wanted)
    const stream = new Stream(scheme, this.#keys, found, now, this.#toleranceSeconds)
    return new Verifier(stream, scheme, this.#maxPayloadBytes)
  }

  sign(payload, options) {
    const { id, timestamp = clock() } = readOptions(options, ['id', 'timestamp'])
    readString('id', id)
    readSeconds('timestamp', timestamp)
    const body = readPayload(payload)
    const scheme = this.#scheme
    const label = id ?? makeId(scheme, body)
    return Object.fromEntries(signScheme(scheme, this.#keys, label, body, timestamp))
  }

  [internals]() {
    const { name, encoded } = this.#scheme
    return {
      name,
      encodedScheme: encoded,
      secrets: this.#secrets,
      toleranceSeconds: this.#effectiveToleranceSeconds,
    }
  }

  #check(body, found, now) {
    const max = this.#maxPayloadBytes
    const bytes = countBytes(body, max)
    if (bytes > max) return refusalOf(PayloadTooLarge, [bytes, max])
    const scheme = this.#scheme
    const verdict = verifyScheme(scheme, this.#keys, found, body, now, this.#toleranceSeconds)
    return verdict.ok ? { ok: true, delivery: new Delivery(scheme, verdict, body) } : verdict
  }
}

const unexpected = 'an argument cannot be read, or check was not called on a Webhook'

// The time to verify at. The clock is asked only where a time is signed.
function readNow(options, signsTimestamp) {
  let now
  eachOption(options, (option, value) => {
    if (option !== 'now') throw unknownOption(option, ['now'])
    now = readSeconds(option, value)
  })
  return now ?? (signsTimestamp ? clock() : 0)
}

function joined(keys) {
  const first = keys[0]
  if (keys.length === 1) return first
  const all = new Uint8Array(first.length * keys.length)
  keys.forEach((key, index) => all.set(key, first.length * index))
  return all
}

// The id that a header will carry: the payload's, where the provider repeats it, else a new one.
function makeId({ headers, member }, body) {
  if (headers[2] === undefined) return undefined
  return (member !== undefined && readId(body, member)) || randomId()
}

// The schemes of the table that were asked for: all Webhooks of a provider share one.
const shared = new Map()

function schemeOf(provider) {
  if (typeof provider === 'object' && provider !== null) return readScheme(provider)
  if (typeof provider !== 'string') throw wrongType('provider', "a provider's name or a scheme", provider)
  const known = shared.get(provider)
  if (known) return known
  const row = schemes.find(({ name }) => name === provider)
  if (row) {
    const scheme = readScheme(row)
    shared.set(provider, scheme)
    return scheme
  }
  const { code, message } = refusalOf(UnknownProvider)
  throw webhookError(code, `${message}: the names are ${schemes.map(({ name }) => name).join(', ')}`)
}
