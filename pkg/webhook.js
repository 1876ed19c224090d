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
import { errorOf, isOwn, refusalNamed, refusalOf, typeError, webhookError } from './error.js'
import { schemes } from './gen/tables/schemes.js'
import { lookUp } from './headers.js'
import { inside } from './inside.js'
import { readScheme } from './scheme.js'

export class Webhook {
  #scheme
  #signed
  #secrets
  #toleranceSeconds
  #maxPayloadBytes

  constructor(provider, secret, options) {
    const names = ['toleranceSeconds', 'maxPayloadBytes']
    const { toleranceSeconds, maxPayloadBytes = Infinity } = readOptions(options, names)
    this.#toleranceSeconds = readSeconds('toleranceSeconds', toleranceSeconds)
    this.#maxPayloadBytes = readByteCount('maxPayloadBytes', maxPayloadBytes)
    this.#scheme = readScheme(schemeOf(provider))
    this.#secrets = readSecrets(secret, ` for ${this.#scheme.name}`)

    const scheme = converse((door) => door.checkScheme(this.#scheme, toleranceSeconds))
    if (scheme.status) throw errorOf(scheme, this.#scheme.headers)
    const secrets = converse((door) => door.checkSecrets(this.#scheme, this.#secrets))
    const which = Array.isArray(secret) ? `secret[${secrets.index}]` : 'secret'
    const place = secrets.index >= 0 ? `${which} for ${this.#scheme.name}: ` : ''
    if (secrets.status) throw errorOf(secrets, this.#scheme.headers, place)
    const [signsTimestamp, signsId] = scheme.data
    const signed = ['payload', signsTimestamp && 'timestamp', signsId && 'id'].filter(Boolean)
    this.#signed = Object.freeze(signed)
  }

  check(payload, headers, options) {
    let code = 'invalid_option'
    try {
      const { now = clock() } = readOptions(options, ['now'])
      readSeconds('now', now)
      code = 'invalid_payload'
      const body = readPayload(payload)
      code = 'malformed_header'
      const found = lookUp(headers, this.#scheme.headers)
      code = 'signature_mismatch'
      return this.#check(body, found, now)
    } catch (error) {
      // A code of its own, if the error was made here; else that of what was being read.
      if (!isOwn(error)) return { ok: false, code, message: unexpected }
      return { ok: false, code: error.code ?? code, message: error.message }
    }
  }

  verify(payload, headers, options) {
    const verdict = this.check(payload, headers, options)
    if (verdict.ok) return verdict.delivery
    throw webhookError(verdict.code, `${verdict.message} (explain of 'hookproof/explain' finds the cause)`)
  }

  sign(payload, options) {
    const { id, timestamp = clock() } = readOptions(options, ['id', 'timestamp'])
    readString('id', id)
    readSeconds('timestamp', timestamp)
    const body = readPayload(payload)
    const label = id ?? this.#makeId(body)
    const answer = converse((door) => door.sign(this.#scheme, this.#secrets, label, body, timestamp))
    if (answer.status) throw errorOf(answer, this.#scheme.headers)
    return Object.fromEntries(answer.headers)
  }

  [inside]() {
    const { name, flat, toleranceSeconds } = this.#scheme
    return { name, flat, secrets: this.#secrets, toleranceSeconds: this.#toleranceSeconds ?? toleranceSeconds }
  }

  #check(body, found, now) {
    const tooLarge = this.#checkSize(body)
    if (tooLarge) return tooLarge
    return converse((door) => {
      const answer = door.verify(this.#scheme, this.#secrets, found, body, now, this.#toleranceSeconds)
      if (answer.status) return refusalOf(answer, this.#scheme.headers)
      const [secretIndex, timestamp, idAt, idBytes] = answer.data
      const facts = {
        provider: this.#scheme.name,
        timestamp: Number.isNaN(timestamp) ? null : timestamp,
        signed: this.#signed,
        secretIndex,
        id: Number.isNaN(idAt) ? null : door.id(idAt, idBytes),
        member: this.#scheme.member,
      }
      return { ok: true, delivery: new Delivery(facts, body) }
    })
  }

  // A UTF-16 unit is one to three bytes of UTF-8, so most strings need no counting, and of one that is too
  // long already only a lower bound is known.
  #checkSize(body) {
    const max = this.#maxPayloadBytes
    if (body.length * 3 <= max) return undefined
    const bytes = body.length > max ? body.length : converse((door) => door.byteLength(body))
    return bytes > max ? refusalNamed('PayloadTooLarge', bytes, max) : undefined
  }

  // The id that a header will carry: the payload's, where the provider repeats it, else a new one.
  #makeId(body) {
    const { headers, member } = this.#scheme
    if (headers[2] === undefined) return undefined
    return (member !== undefined && readId(body, member)) || randomId()
  }
}

const unexpected =
  'an argument cannot be read, or the verifier stopped unexpectedly: the delivery is not verified'

function schemeOf(provider) {
  if (typeof provider === 'object' && provider !== null) return provider
  if (typeof provider !== 'string') {
    throw typeError(`provider must be a provider's name or a scheme, got ${kind(provider)}`)
  }
  if (Object.hasOwn(schemes, provider)) return schemes[provider]
  const { code, message } = refusalNamed('UnknownProvider')
  throw webhookError(code, `${message}: the names are ${Object.keys(schemes).join(', ')}`)
}

// A label and no secret: where there is no source of randomness, any will do.
function randomId() {
  if (globalThis.crypto?.randomUUID) return crypto.randomUUID()
  const digits = () => Math.random().toString(16).slice(2, 14).padEnd(12, '0')
  return `${digits()}-${digits()}`
}
