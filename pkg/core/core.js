// The package's calls to the core. Each call takes plain values and gives plain results; arguments were read before,
// so no caller's code runs during one. A call that throws has failed as a machine does, and drops its instance.
import { hashFrom } from '#load'
import { errorOf, refusalOf } from '../error.js'
import { ANY_FORM, KEY_STATES_BYTES, MAX_KEYS, NOT_TEXT, UTF8_FORMAT } from '../gen/tables/boundary.js'
import { PayloadNotText } from '../gen/tables/statuses.js'
import { digestAtOnce, digestInPieces, NO_DIGEST, runtimeHash } from './inner-hash.js'
import { keepInstance, takeInstance } from './instance.js'
import { keyCache } from './key-cache.js'
import { write, writeHeader } from './memory.js'
import { mayFit, pieceAt, visitPieces, writePayload } from './payload-text.js'

/** Whether a payload verifies against the text of a signature under a form, or under whichever it is in. */
export function verifyForm(form, secrets, signature, payload, now, toleranceSeconds) {
  const instance = takeInstance()
  const status = verifyFormIn(instance, form, secrets, signature, payload, now, toleranceSeconds)
  keepInstance(instance)
  return status === 0
}

function verifyFormIn(instance, form, secrets, signature, payload, now, toleranceSeconds) {
  const { wasm, memory } = instance
  const status = writeSecrets(instance, secrets)
  if (status) return status
  const bytes = write(memory.signature, signature)
  // The form may depend on how the payload begins, where that is with a digit.
  const start = typeof payload === 'string' ? payload.charCodeAt(0) : payload[0]
  const isDigit = start >= 0x30 && start <= 0x39
  const first = form.number === ANY_FORM && isDigit ? writePayload(instance, beginningOf(payload)) : 0
  const keys = secrets.length
  const isGiven = toleranceSeconds === undefined ? 0 : 1
  const opened = wasm.open_form(form.number, keys, bytes, first, now, isGiven, toleranceSeconds ?? 0)
  return opened || finish(instance, payload, keys)
}

/**
 * Verifies a payload under a scheme. `keys` are the key states, one after the other, and `headers` the values by role.
 * Gives `{ ok: true, secretIndex, timestamp, id }`, or the refusal.
 */
export function verifyScheme(scheme, keys, headers, payload, now, toleranceSeconds) {
  const instance = takeInstance()
  const status =
    openScheme(instance, scheme, keys, headers, now, toleranceSeconds) ||
    finish(instance, payload, keys.length / KEY_STATES_BYTES)
  const verdict = verdictOf(instance, status, scheme, headers)
  keepInstance(instance)
  return verdict
}

/** A verification of a payload that arrives in chunks. It has an instance for itself. */
export class Stream {
  #instance
  #scheme
  #headers

  /** Checks the headers. Throws a refusal. */
  constructor(scheme, keys, headers, now, toleranceSeconds) {
    const instance = takeInstance()
    const status = openScheme(instance, scheme, keys, headers, now, toleranceSeconds)
    this.#instance = instance
    this.#scheme = scheme
    this.#headers = headers
    if (status) throw this.close(refusalErrorOf(instance, status, scheme.headers))
  }

  /** Takes a chunk of the payload and gives its length in bytes. */
  update(chunk) {
    const instance = this.#take()
    let sum = 0
    visitPieces(instance, chunk, (bytes) => {
      instance.wasm.update(bytes)
      sum += bytes
    })
    this.#instance = instance
    return sum
  }

  /** Ends the payload and gives what `verifyScheme` gives. */
  finish() {
    const instance = this.#take()
    const verdict = verdictOf(instance, instance.wasm.finish(0), this.#scheme, this.#headers)
    this.#instance = instance
    return this.close(verdict)
  }

  /** Gives the instance back, and passes a result on. */
  close(result) {
    const instance = this.#take()
    instance.memory.wipeKeys()
    keepInstance(instance)
    return result
  }

  #take() {
    const instance = this.#instance
    this.#instance = undefined
    return instance
  }
}

/**
 * Checks a scheme, a tolerance that will be used with it, and the number of secrets. Gives the tolerance in force, NaN
 * where no time is signed, and whether the id is signed.
 */
export function checkScheme(scheme, toleranceSeconds, secrets) {
  const isGiven = toleranceSeconds === undefined ? 0 : 1
  const numbers = callOrThrow(scheme.headers, '', (instance) => {
    const { wasm } = instance
    return (
      setScheme(instance, scheme) ||
      wasm.check_keys(secrets) ||
      wasm.check_options(scheme.number, isGiven, toleranceSeconds ?? 0)
    )
  })
  return { toleranceSeconds: numbers[0], signsId: numbers[1] === 1 }
}

/** Makes the key states of a secret in a format. They equal the key. `place` begins the text of a refusal. */
export function makeKey(secret, format, place) {
  let states
  callOrThrow([], place, (instance) => {
    const status = makeKeyAt(instance, 0, secret, format)
    if (!status) states = instance.memory.copyKey(0)
    return status
  })
  return states
}

/** The text of a signature header under a form, signed with the first secret. */
export function signForm(form, secrets, payload, timestamp) {
  const headers = sign([], (instance) => {
    return writeSecrets(instance, secrets) || signIn(instance, 0, form.number, undefined, payload, timestamp)
  })
  return headers[0][1]
}

/** The headers of a payload under a scheme, as pairs, signed with the first key. */
export function signScheme(scheme, keys, id, payload, timestamp) {
  return sign(scheme.headers, (instance) => {
    instance.memory.writeKeys(keys)
    return setScheme(instance, scheme) || signIn(instance, scheme.number, ANY_FORM, id, payload, timestamp)
  })
}

/** SHA-256 of a payload, in hex. */
export function digest(payload) {
  const instance = takeInstance()
  const hex = digestIn(instance, payload)
  keepInstance(instance)
  return hex
}

// Makes a call that gives a status, and throws where that is a refusal. Gives the numbers of the answer.
function callOrThrow(headers, place, call) {
  const instance = takeInstance()
  const status = call(instance)
  const numbers = Array.from(instance.memory.numbers)
  const refusal = status ? refusalErrorOf(instance, status, headers, place) : undefined
  keepInstance(instance)
  if (refusal) throw refusal
  return numbers
}

function refusalErrorOf({ memory }, status, headers, place) {
  return errorOf(status, [memory.numbers[0], memory.numbers[1]], headers, place)
}

function verdictOf({ memory: { numbers } }, status, scheme, headers) {
  if (status) return refusalOf(status, [numbers[0], numbers[1]], scheme.headers)
  const timestamp = numbers[1]
  const before = numbers[2]
  const id = headers[2]
  return {
    ok: true,
    secretIndex: numbers[0],
    timestamp: Number.isNaN(timestamp) ? null : timestamp,
    // The text of the id's header without the white space around it.
    id: Number.isNaN(before) ? null : id.slice(before, id.length - numbers[3]),
  }
}

// A scheme is set, decoded and checked, until another is. The module traps where a call means another one.
function setScheme(instance, scheme) {
  if (instance.schemeNumber === scheme.number) return 0
  const { wasm, memory } = instance
  const status = wasm.set_scheme(scheme.number, write(memory.scheme, scheme.encoded))
  instance.schemeNumber = status ? 0 : scheme.number
  return status
}

function openScheme(instance, scheme, keys, headers, now, toleranceSeconds) {
  const status = setScheme(instance, scheme)
  if (status) return status
  const { wasm, memory } = instance
  memory.writeKeys(keys)
  return wasm.open_scheme(
    scheme.number,
    keys.length / KEY_STATES_BYTES,
    writeHeader(memory.signature, headers[0]),
    writeHeader(memory.timestamp, headers[1]),
    writeHeader(memory.id, headers[2]),
    now,
    // As a number: Bun is slow to pass a boolean.
    toleranceSeconds === undefined ? 0 : 1,
    toleranceSeconds ?? 0,
  )
}

// Writes the key states of plain texts and bytes, from the cache or made here.
function writeSecrets(instance, secrets) {
  // The core refuses both lengths. An empty list would write no key, and signing would use the one of the last call.
  if (secrets.length === 0 || secrets.length > MAX_KEYS) return instance.wasm.check_keys(secrets.length)
  for (let i = 0; i < secrets.length; i++) {
    const secret = secrets[i]
    const states = keyCache.get(secret)
    if (states === undefined) {
      const status = makeKeyAt(instance, i, secret, UTF8_FORMAT)
      if (status) return status
      // Bytes are a copy that no later call comes with.
      if (typeof secret === 'string') keyCache.set(secret, instance.memory.copyKey(i))
    } else instance.memory.writeKeys(states, i)
  }
  return 0
}

function makeKeyAt({ wasm, memory }, index, secret, format) {
  return memory.makeKey(() => wasm.make_key(index, write(memory.secret, secret), format))
}

// Hashes the payload, and ends the verification that was opened.
function finish(instance, payload, keys) {
  const { wasm, memory } = instance
  const { length } = memory.payload
  const mayBeWhole = typeof payload === 'string' ? mayFit(instance, payload) : payload.length < length
  const bytes = mayBeWhole ? writePayload(instance, payload) : length
  if (bytes >= hashFrom) return finishLong(instance, payload, bytes, keys)
  return bytes === NOT_TEXT ? PayloadNotText : wasm.finish(bytes)
}

function finishLong(instance, payload, bytes, keys) {
  const { wasm, memory } = instance
  const fits = bytes < memory.payload.length
  const hash = runtimeHash(instance, payload.length, digestIn)
  if (!hash) return fits ? wasm.finish(bytes) : finishHere(instance, payload)
  const status = fits ? digestAtOnce(hash, instance, bytes, keys) : digestInPieces(hash, instance, payload, keys)
  if (status === NO_DIGEST) return finishHere(instance, payload)
  const decided = wasm.decide()
  return status || decided
}

function finishHere(instance, payload) {
  const { wasm } = instance
  return visitPieces(instance, payload, (bytes, isLast) => (isLast ? wasm.finish(bytes) : wasm.update(bytes)))
}

// Makes a call that writes headers as text, and reads them.
function sign(headers, call) {
  const instance = takeInstance()
  const status = call(instance)
  const { memory } = instance
  const refusal = status ? refusalErrorOf(instance, status, headers) : undefined
  const text = status ? '' : memory.readText(memory.numbers[0])
  keepInstance(instance)
  if (refusal) throw refusal
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/: (.*)/, 2))
}

function signIn(instance, scheme, form, id, payload, timestamp) {
  const { wasm, memory } = instance
  return (
    wasm.open_signing(scheme, form, writeHeader(memory.id, id), timestamp) ||
    visitPieces(instance, payload, (bytes, isLast) => (isLast ? wasm.finish_signing(bytes) : wasm.update(bytes)))
  )
}

function digestIn(instance, payload) {
  const { wasm, memory } = instance
  visitPieces(instance, payload, (bytes) => wasm.digest(bytes))
  return memory.readText(wasm.finish_digest())
}

// At least the 13 bytes that a timestamp and its dot can have, and no half of a surrogate pair.
function beginningOf(payload) {
  return pieceAt(payload, 0, 198)
}
