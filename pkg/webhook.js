import {
  clock,
  kind,
  readByteCount,
  readOptions,
  readPayload,
  readSeconds,
  readSecrets,
  readString,
} from './argument.js'
import { Delivery, readId } from './delivery.js'
import { converse } from './door.js'
import { errorNamed, errorOf, refusalOf, WebhookError } from './error.js'
import { schemes } from './gen/tables/schemes.js'
import { lookUp } from './headers.js'
import { flatten, headerNames } from './scheme.js'

export class Webhook {
  #scheme
  #choice
  #headerNames
  #signed
  #secrets
  #toleranceSeconds
  #maxPayloadBytes

  constructor(provider, secret, options) {
    const names = ['toleranceSeconds', 'maxPayloadBytes']
    const { toleranceSeconds, maxPayloadBytes = Infinity } = readOptions(options, names)
    this.#toleranceSeconds = readSeconds('toleranceSeconds', toleranceSeconds)
    this.#maxPayloadBytes = readByteCount('maxPayloadBytes', maxPayloadBytes)
    this.#scheme = readScheme(provider)
    this.#choice = { flat: flatten(this.#scheme) }
    this.#headerNames = headerNames(this.#scheme)
    this.#secrets = readSecrets(secret)

    const scheme = converse((door) => door.checkScheme(this.#choice, toleranceSeconds))
    if (scheme.status) throw errorOf(scheme, this.#headerNames)
    const secrets = converse((door) => door.checkSecrets(this.#choice, this.#secrets))
    const place = Array.isArray(secret) && secrets.index >= 0 ? `secret[${secrets.index}]: ` : ''
    if (secrets.status) throw errorOf(secrets, this.#headerNames, place)
    const [signsTimestamp, signsId] = scheme.data
    const signed = ['payload', signsTimestamp && 'timestamp', signsId && 'id'].filter(Boolean)
    this.#signed = Object.freeze(signed)
  }

  check(payload, headers, options) {
    try {
      return this.#check(payload, headers, options)
    } catch (error) {
      const { code, message } = error instanceof WebhookError ? error : unexpected
      return { ok: false, code, message }
    }
  }

  verify(payload, headers, options) {
    const verdict = this.check(payload, headers, options)
    if (verdict.ok) return verdict.delivery
    throw new WebhookError(verdict.code, verdict.message)
  }

  sign(payload, options) {
    const { id, timestamp = clock() } = readOptions(options, ['id', 'timestamp'])
    readString('id', id)
    readSeconds('timestamp', timestamp)
    const body = readPayload(payload)
    const label = id ?? this.#makeId(body)
    const answer = converse((door) => door.sign(this.#choice, this.#secrets, label, body, timestamp))
    if (answer.status) throw errorOf(answer, this.#headerNames)
    return Object.fromEntries(answer.headers)
  }

  #check(payload, headers, options) {
    const now = settle('invalid_option', () => {
      const { now = clock() } = readOptions(options, ['now'])
      return readSeconds('now', now)
    })
    const body = settle('invalid_payload', () => readPayload(payload))
    const found = settle('malformed_header', () => lookUp(headers, this.#headerNames))
    return converse((door) => {
      this.#checkSize(door, body)
      const answer = door.verify(this.#choice, this.#secrets, found, body, now, this.#toleranceSeconds)
      if (answer.status) return refusalOf(answer, this.#headerNames)
      const [secretIndex, timestamp, idAt, idBytes] = answer.data
      const delivery = {
        provider: this.#scheme.name,
        timestamp: Number.isNaN(timestamp) ? null : timestamp,
        signed: this.#signed,
        secretIndex,
        id: Number.isNaN(idAt) ? null : door.id(idAt, idBytes),
        member: this.#scheme.id?.payload,
      }
      return { ok: true, delivery: new Delivery(delivery, body) }
    })
  }

  #checkSize(door, body) {
    const max = this.#maxPayloadBytes
    // A UTF-16 unit is at most three bytes of UTF-8, so most strings need no counting.
    if (body.length * 3 <= max) return
    const bytes = door.byteLength(body)
    if (bytes > max) throw errorNamed('PayloadTooLarge', bytes, max)
  }

  // The id that a header will carry: the payload's, where the provider repeats it, else a new one.
  #makeId(body) {
    const [, , header] = this.#headerNames
    if (header === undefined) return undefined
    const member = this.#scheme.id.payload
    return (member !== undefined && readId(body, member)) || randomId()
  }
}

// What cannot happen is a refusal all the same.
const unexpected = {
  code: 'signature_mismatch',
  message: 'the verifier stopped unexpectedly, so the delivery is not verified: please report this',
}

function readScheme(provider) {
  if (typeof provider === 'object' && provider !== null) return structuredClone(provider)
  if (typeof provider !== 'string') {
    throw new TypeError(`provider must be a provider's name or a scheme, got ${kind(provider)}`)
  }
  if (Object.hasOwn(schemes, provider)) return schemes[provider]
  const { code, message } = errorNamed('UnknownProvider')
  throw new WebhookError(code, `${message}: the names are ${Object.keys(schemes).join(', ')}`)
}

// Reads an argument. What the caller got wrong becomes a verdict of this code, for check never throws.
function settle(code, read) {
  try {
    return read()
  } catch (error) {
    if (error instanceof WebhookError) throw error
    throw new WebhookError(code, error instanceof TypeError ? error.message : 'the argument cannot be read')
  }
}

// A label and no secret: where there is no source of randomness, any will do.
function randomId() {
  if (globalThis.crypto?.randomUUID) return crypto.randomUUID()
  const digits = () => Math.random().toString(16).slice(2, 14).padEnd(12, '0')
  return `${digits()}-${digits()}`
}
