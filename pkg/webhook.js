import {
  checkOptions,
  clock,
  kind,
  option,
  readByteCount,
  readOptions,
  readPayload,
  readSeconds,
  readSecrets,
  readString,
} from './argument.js'
import { Delivery, readId, StreamedDelivery } from './delivery.js'
import { converse } from './door.js'
import { errorOf, isOwn, refusalOf, refusalWith, typeError, webhookError } from './error.js'
import { schemes } from './gen/tables/schemes.js'
import { PayloadTooLarge, UnknownProvider } from './gen/tables/statuses.js'
import { lookUp } from './headers.js'
import { inside } from './inside.js'
import { randomId } from './random-id.js'
import { readScheme } from './scheme.js'
import { Verifier } from './verifier.js'

const attemptOptions = ['now']

export class Webhook {
  // What a log shows, in the minified package too.
  static name = 'Webhook'

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

    const [signsTimestamp, signsId] = this.#ask((door) => door.checkScheme(this.#scheme))
    this.#ask((door) => door.checkTolerance(this.#scheme, toleranceSeconds))
    this.#ask((door) => door.checkCount(this.#secrets))
    this.#secrets.forEach((each, index) => {
      const which = Array.isArray(secret) ? `secret[${index}]` : 'secret'
      this.#ask((door) => door.checkSecret(this.#scheme, each), `${which} for ${this.#scheme.name}: `)
    })
    const signed = ['payload', signsTimestamp && 'timestamp', signsId && 'id'].filter(Boolean)
    this.#signed = Object.freeze(signed)
  }

  check(payload, headers, options) {
    let code = 'invalid_option'
    try {
      checkOptions(options, attemptOptions)
      const now = readSeconds('now', option(options, 'now')) ?? clock()
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

  createVerifier(headers, options) {
    checkOptions(options, attemptOptions)
    const now = readSeconds('now', option(options, 'now')) ?? clock()
    const found = lookUp(headers, this.#scheme.headers)
    const open = (door) => door.open(this.#scheme, this.#secrets, found, now, this.#toleranceSeconds)
    const deliver = (door) => new StreamedDelivery(this.#facts(door))
    return new Verifier(this.#scheme, open, deliver, this.#maxPayloadBytes)
  }

  sign(payload, options) {
    const { id, timestamp = clock() } = readOptions(options, ['id', 'timestamp'])
    readString('id', id)
    readSeconds('timestamp', timestamp)
    const body = readPayload(payload)
    const label = id ?? this.#makeId(body)
    const sign = (door) => door.signScheme(this.#scheme, this.#secrets, label, body, timestamp)
    const answer = converse((door) => door.signed(sign(door)))
    if (answer.status) throw errorOf(answer, this.#scheme.headers)
    return Object.fromEntries(answer.headers)
  }

  [inside]() {
    const { name, flat, toleranceSeconds } = this.#scheme
    return { name, flat, secrets: this.#secrets, toleranceSeconds: this.#toleranceSeconds ?? toleranceSeconds }
  }

  // Throws what the core refuses, and gives the numbers of its answer.
  #ask(question, place) {
    const answer = converse((door) => door.answer(question(door)))
    if (answer.status) throw errorOf(answer, this.#scheme.headers, place)
    return answer.data
  }

  #check(body, found, now) {
    const tooLarge = this.#checkSize(body)
    if (tooLarge) return tooLarge
    return converse((door) => {
      const status = door.verifyScheme(this.#scheme, this.#secrets, found, body, now, this.#toleranceSeconds)
      if (status) return refusalOf({ status, data: door.data }, this.#scheme.headers)
      return { ok: true, delivery: new Delivery(this.#facts(door), body) }
    })
  }

  // What the core's answer says of a delivery that is verified.
  #facts(door) {
    const [secretIndex, timestamp, idAt, idBytes] = door.data
    return {
      provider: this.#scheme.name,
      timestamp: Number.isNaN(timestamp) ? null : timestamp,
      signed: this.#signed,
      secretIndex,
      id: Number.isNaN(idAt) ? null : door.id(idAt, idBytes),
      member: this.#scheme.member,
    }
  }

  // A UTF-16 unit is one to three bytes of UTF-8, so most strings need no counting, and of one that is too
  // long already only a lower bound is known.
  #checkSize(body) {
    const max = this.#maxPayloadBytes
    if (body.length * 3 <= max) return undefined
    const bytes = body.length > max ? body.length : converse((door) => door.byteLength(body))
    return bytes > max ? refusalWith(PayloadTooLarge, bytes, max) : undefined
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
  const { code, message } = refusalWith(UnknownProvider)
  throw webhookError(code, `${message}: the names are ${Object.keys(schemes).join(', ')}`)
}
