import {
  clock, eachOption, readByteCount, readOptions, readPayload, readSeconds, readSecrets, readString, readUnchecked,
  unknownOption, wrongType,
} from './argument.js'
import { Delivery, readId, StreamedDelivery } from './delivery.js'
import { ask, converse } from './door.js'
import { isMachineFailure, isOwn, refusalOf, webhookError } from './error.js'
import { schemes } from './gen/tables/schemes.js'
import { PayloadTooLarge, UnknownProvider } from './gen/tables/statuses.js'
import { lookUp } from './headers.js'
import { inside } from './inside.js'
import { randomId } from './random-id.js'
import { readScheme } from './scheme.js'
import { countBytes } from './utf8.js'
import { Verifier } from './verifier.js'

export class Webhook {
  // What a log shows, in the minified package too.
  static name = 'Webhook'

  #scheme
  #secrets
  #toleranceSeconds
  #maxPayloadBytes

  constructor(provider, secret, options) {
    const names = ['toleranceSeconds', 'maxPayloadBytes']
    const { toleranceSeconds, maxPayloadBytes = Infinity } = readOptions(options, names)
    this.#toleranceSeconds = readSeconds('toleranceSeconds', toleranceSeconds)
    this.#maxPayloadBytes = readByteCount('maxPayloadBytes', maxPayloadBytes)
    const scheme = readScheme(schemeOf(provider))
    const secrets = readSecrets(secret, ` for ${scheme.name}`)

    const checked = ask((door) => door.checkScheme(scheme, toleranceSeconds, secrets.length), scheme.headers)
    const [settled, signsId] = checked
    scheme.toleranceSeconds = settled
    // A tolerance is a number where a time is signed, which may be 0.
    const signs = { payload: true, timestamp: settled >= 0, id: signsId }
    scheme.signed = Object.freeze(Object.keys(signs).filter((part) => signs[part]))
    secrets.forEach((each, index) => {
      const which = Array.isArray(secret) ? `secret[${index}]` : 'secret'
      ask((door) => door.checkSecret(scheme, each), scheme.headers, `${which} for ${scheme.name}: `)
    })
    this.#scheme = scheme
    this.#secrets = secrets
  }

  check(payload, headers, options) {
    let code = 'invalid_option'
    let body, found, now
    try {
      const { wanted } = this.#scheme
      now = readNow(options)
      code = 'invalid_payload'
      body = readUnchecked(payload)
      code = 'malformed_header'
      found = lookUp(headers, wanted)
    } catch (error) {
      // A code of its own, if the error was made here; else that of the argument that was read.
      if (isOwn(error)) return { ok: false, code: Object.hasOwn(error, 'code') ? error.code : code, message: error.message }
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
    const now = readNow(options)
    const scheme = this.#scheme
    const found = lookUp(headers, scheme.wanted)
    const open = (door) => door.open(scheme, this.#secrets, found, now, this.#toleranceSeconds)
    const deliver = (door) => new StreamedDelivery(scheme, door)
    return new Verifier(scheme, open, deliver, this.#maxPayloadBytes)
  }

  sign(payload, options) {
    const { id, timestamp = clock() } = readOptions(options, ['id', 'timestamp'])
    readString('id', id)
    readSeconds('timestamp', timestamp)
    const body = readPayload(payload)
    const scheme = this.#scheme
    const label = id ?? makeId(scheme, body)
    const sign = (door) => door.signScheme(scheme, this.#secrets, label, body, timestamp) || door.signed()
    return Object.fromEntries(ask(sign, scheme.headers))
  }

  [inside]() {
    const { name, flat, toleranceSeconds } = this.#scheme
    return { name, flat, secrets: this.#secrets, toleranceSeconds }
  }

  #check(body, found, now) {
    const max = this.#maxPayloadBytes
    const bytes = countBytes(body, max)
    if (bytes > max) return refusalOf(PayloadTooLarge, [bytes, max])
    const scheme = this.#scheme
    return converse((door) => {
      const status = door.verifyScheme(scheme, this.#secrets, found, body, now, this.#toleranceSeconds)
      if (status) return refusalOf(status, door.data, scheme.headers)
      return { ok: true, delivery: new Delivery(scheme, door, body) }
    })
  }
}

const unexpected = 'an argument cannot be read, or check was not called on a Webhook'

function readNow(options) {
  let now
  eachOption(options, (option, value) => {
    if (option !== 'now') throw unknownOption(option, ['now'])
    now = readSeconds(option, value)
  })
  return now ?? clock()
}

// The id that a header will carry: the payload's, where the provider repeats it, else a new one.
function makeId({ headers, member }, body) {
  if (headers[2] === undefined) return undefined
  return (member !== undefined && readId(body, member)) || randomId()
}

function schemeOf(provider) {
  if (typeof provider === 'object' && provider !== null) return provider
  if (typeof provider !== 'string') throw wrongType('provider', "a provider's name or a scheme", provider)
  const scheme = schemes.find(({ name }) => name === provider)
  if (scheme) return scheme
  const { code, message } = refusalOf(UnknownProvider)
  throw webhookError(code, `${message}: the names are ${schemes.map(({ name }) => name).join(', ')}`)
}
