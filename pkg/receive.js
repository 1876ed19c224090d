// What every adapter does with a request, and no framework in it.
import { clock, kind, MAX_SPAN_SECONDS, readByteCount, readOptions, readSpan, wrongType } from './argument.js'
import { isMachineFailure, isOwn, typeError, webhookError } from './error.js'
import { retrySpans } from './gen/tables/retry-spans.js'
import { internals } from './internals.js'
import { property } from './property.js'
import { readTime } from './read-time.js'
import { memoryStore } from './stores/memory.js'

const HOUR = 3600

/** At most this many bytes of a body are read, unless the caller says otherwise. */
export const MAX_PAYLOAD_BYTES = 1024 * 1024

// Less than the shortest deadline there is: a store that hangs must not make the provider wait in vain.
const STORE_SECONDS = 2

/** The status that a refusal is answered with. All the others are about authenticity, and look alike. */
const STATUSES = {
  __proto__: null,
  upload_aborted: 400,
  busy: 409,
  payload_too_large: 413,
  invalid_option: 500,
  payload_lost: 500,
  handler_failed: 500,
  machine_failure: 500,
  store_unavailable: 503,
}

const BODIES = {
  __proto__: null,
  200: '',
  400: 'the body was cut off\n',
  401: 'not verified\n',
  405: 'only POST is received here\n',
  409: 'being handled\n',
  413: 'the payload is too large\n',
  500: 'not handled\n',
  503: 'not handled: try again later\n',
}

/**
 * Checks the arguments of `webhook` once, and gives a function that receives a request: `{ method, headers,
 * read(maxPayloadBytes) }` and what the handler gets besides; it promises `{ status, headers, body }`, and
 * neither throws nor rejects.
 */
export function receiver(hook, handler, options) {
  const { name, toleranceSeconds } = readHook(hook)
  if (typeof handler !== 'function') throw typeError(`handler must be a function, got ${kind(handler)}`)
  const settings = readSettings(options, hook, name, toleranceSeconds)
  const endpoint = { provider: name, hook, handler, ...settings }
  return (request, ...context) => receiveOne(endpoint, request, context)
}

/** Settings of a `webhook`, with what holds where none is given. */
function readSettings(options, hook, name, toleranceSeconds) {
  const names = ['store', 'maxPayloadBytes', 'leaseSeconds', 'ttlSeconds', 'onReject', 'now']
  const read = readOptions(options, names)
  const { store = memoryStore(), leaseSeconds = 60, ttlSeconds = ttlOf(name, toleranceSeconds) } = read
  const { onReject = log, maxPayloadBytes = MAX_PAYLOAD_BYTES, now } = read
  for (const call of ['claim', 'complete', 'release']) {
    if (typeof store?.[call] !== 'function')
      throw typeError(`store must be a store, as redisStore(client) gives, and it has no ${call}()`)
  }
  if (typeof onReject !== 'function') throw typeError(`onReject must be a function, got ${kind(onReject)}`)
  readSpan('leaseSeconds', leaseSeconds)
  const window = replayWindow(toleranceSeconds)
  if (window > MAX_SPAN_SECONDS) {
    const why = 'because a delivery is remembered for twice the tolerance: make the Webhook with a smaller one'
    const bound = `at most ${MAX_SPAN_SECONDS / 2} seconds in an adapter, got ${toleranceSeconds}`
    throw webhookError('invalid_option', `the hook's toleranceSeconds must be ${bound}, ${why}`)
  }
  readSpan('ttlSeconds', ttlSeconds)
  if (ttlSeconds < window) {
    const why = `got ${ttlSeconds}: a replay would pass once the store has forgotten the delivery`
    throw webhookError('invalid_option', `ttlSeconds must be at least ${window}, twice the tolerance, ${why}`)
  }
  readByteCount('maxPayloadBytes', maxPayloadBytes)
  return { store, leaseSeconds, ttlSeconds, onReject, maxPayloadBytes, now: readNow(now, hook) }
}

/** What a hook says of itself; a hook of the package's other copies is one as well. */
export function readHook(hook) {
  if (typeof property(hook, internals) === 'function') return hook[internals]()
  throw typeError(`hook must be a Webhook, as new Webhook(provider, secret) gives, got ${kind(hook)}`)
}

/** A function that gives the time: `now` is one, a fixed number of unix seconds that the hook takes, or undefined. */
export function readNow(now = clock, hook) {
  if (typeof now === 'function') return () => readTime(now())
  if (typeof now !== 'number') throw wrongType('now', 'a number of unix seconds or a function that gives one', now)
  const verdict = hook.check('', [], { now })
  if (property(verdict, 'code') === 'invalid_option') throw webhookError(verdict.code, verdict.message)
  return () => now
}

async function receiveOne(endpoint, request, context) {
  if (request.method !== 'POST') return answer(405, { __proto__: null, Allow: 'POST' })
  const { refusal, delivery } = await verify(endpoint, request)
  if (refusal) return refuse(endpoint, refusal)
  const claim = await claimOf(endpoint, delivery)
  if (claim.code) return refuse(endpoint, claim)
  return claim.state === 'done' ? answer(200) : handle(endpoint, delivery, claim, request, context)
}

// Objects that are made here and read here have no prototype, so that a member they lack is nowhere.

/** The verified delivery, or why there is none. */
async function verify({ hook, maxPayloadBytes, now }, request) {
  const { payload, time, refusal } = await readRequest(request, maxPayloadBytes, now)
  if (refusal) return { __proto__: null, refusal }
  try {
    const verdict = hook.check(payload, request.headers, { now: time })
    if (property(verdict, 'ok') === true) return { __proto__: null, delivery: verdict.delivery }
    const { code, message } = verdict
    return refusalOf(code, message)
  } catch (error) {
    // A hook answers whatever the sender sent with a verdict.
    return refusalOf('machine_failure', brokenMachine, error)
  }
}

async function readRequest(request, maxPayloadBytes, now) {
  let message = 'the body could not be read'
  try {
    const payload = await request.read(maxPayloadBytes)
    message = 'the function passed as now threw an error'
    return { __proto__: null, payload, time: now() }
  } catch (error) {
    if (isOwn(error)) return refusalOf(property(error, 'code'), error.message)
    if (isMachineFailure(error)) return refusalOf('machine_failure', brokenMachine, error)
    return refusalOf('invalid_option', message, error)
  }
}

const brokenMachine =
  'the stack or the memory ran out, or this runtime has no WebAssembly: this says nothing about the sender'

function refusalOf(code, message, error) {
  return { __proto__: null, refusal: { __proto__: null, code, message, error } }
}

/** The claim, or why there is none. */
async function claimOf({ store, leaseSeconds }, delivery) {
  let key
  try {
    // A digest of the payload, which the core makes.
    key = delivery.key
  } catch (error) {
    return refusalOf('machine_failure', brokenMachine, error).refusal
  }
  try {
    const asked = Promise.resolve(store.claim(key, leaseSeconds))
    const claim = await withinTime(asked, () => releaseLate(store, key, asked))
    const state = property(claim, 'state')
    const token = property(claim, 'token')
    if (state === 'busy') return busy(key, leaseSeconds)
    const isState = state === 'done' || (state === 'new' && token)
    if (isState) return { __proto__: null, key, state, token }
    throw new Error('the store answered a claim with no state that is known, or with no token')
  } catch (error) {
    return { __proto__: null, code: 'store_unavailable', message: 'the claim failed: the handler was not run', error }
  }
}

// The handler has ended before anybody is answered, and its end is recorded before anybody hears that it did.
async function handle(endpoint, delivery, { key, token }, request, context) {
  const { store, handler, ttlSeconds } = endpoint
  const failed = async (message, error) => {
    await giveBack(endpoint, key, token)
    return refuse(endpoint, { __proto__: null, code: 'handler_failed', message, key, error }, request.ownStatus?.())
  }
  try {
    const status = statusOf(await handler(delivery, ...context)) ?? request.ownStatus?.()
    if (status >= 400) return failed(`the handler answered ${status}, so the delivery counts as not handled`)
  } catch (error) {
    return failed('the handler threw an error', error)
  }
  try {
    // False says that the claim was over, and then the delivery is the next holder's. This work is done.
    const isRecorded = await withinTime(store.complete(key, token, ttlSeconds))
    if (isRecorded === false)
      tell(endpoint, { __proto__: null, code: 'lease_over', message: outlived, key, status: 200 })
    return answer(200)
  } catch (error) {
    const message = 'the handler ran, but that could not be recorded: a retry will run it again'
    return refuse(endpoint, { __proto__: null, code: 'store_unavailable', message, key, error })
  }
}

const outlived =
  'the claim was over before the handler ended: it took longer than leaseSeconds, or the store lost the claim. ' +
  'That it ran is not recorded: a retry or a replay may run it again'

// The status of a Response that the handler gave, which would be the answer in the frameworks that have one. What cannot
// be looked at is not a Response: the handler has done its work.
function statusOf(returned) {
  try {
    const isResponse = typeof property(property(returned, 'headers'), 'get') === 'function'
    const status = isResponse ? property(returned, 'status') : undefined
    return typeof status === 'number' ? status : undefined
  } catch {
    return undefined
  }
}

// So that the retry gets through at once. Where this fails the lease ends by itself.
async function giveBack(endpoint, key, token) {
  try {
    await withinTime(endpoint.store.release(key, token))
  } catch (error) {
    const message = 'the claim of a failed handler could not be released: retries wait until its lease is over'
    refuse(endpoint, { __proto__: null, code: 'store_unavailable', message, key, error })
  }
}

// A claim that came too late is nobody's.
async function releaseLate(store, key, asked) {
  try {
    const claim = await asked
    if (property(claim, 'state') === 'new') await store.release(key, property(claim, 'token'))
  } catch {
    // It was reported when it was late.
  }
}

async function withinTime(asked, whenLate = () => {}) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => {
      whenLate()
      reject(new Error(`the store did not answer within ${STORE_SECONDS} s`))
    }, STORE_SECONDS * 1000)
  })
  try {
    return await Promise.race([asked, late])
  } finally {
    clearTimeout(timer)
  }
}

function busy(key, leaseSeconds) {
  const headers = { __proto__: null, 'Retry-After': String(Math.ceil(leaseSeconds)) }
  return { __proto__: null, code: 'busy', message: 'the same delivery is being handled', key, headers }
}

/** Tells the operator, and gives the answer, which says less. */
function refuse(endpoint, refusal, status = STATUSES[refusal.code] ?? 401) {
  tell(endpoint, { __proto__: null, ...refusal, status })
  return answer(status, refusal.headers)
}

// Neither waited for nor able to change the answer.
function tell({ provider, onReject }, { code, message, status, key = null, error }) {
  const details = { code, message, provider, status, key, error }
  const told = async () => onReject(code, details)
  told().catch((failure) => print('hookproof: onReject failed', failure))
}

// Prints a line, and the caller's own error where there is one. That error may throw when it is inspected, and the
// console may fail too: neither may end the process.
function print(line, ...errors) {
  const printed = async (...args) => console.error(...args)
  const isAlone = errors.length === 0
  printed(isAlone ? line : `${line}:`, ...errors)
    .catch(() => isAlone || printed(`${line}, and the error cannot be shown`))
    .catch(() => {})
}

// The key is all that the sender wrote, and it is quoted. The delivery was verified before it was claimed.
function log(code, { provider, status, message, key, error }) {
  const which = key === null ? '' : `, ${JSON.stringify(key)}`
  const line = `hookproof: ${provider}: ${code}, answered ${status}: ${message}${which}`
  print(line, ...(error === undefined ? [] : [error]))
}

function answer(status, headers) {
  return {
    __proto__: null,
    status,
    headers: { __proto__: null, 'Content-Type': 'text/plain; charset=utf-8', ...headers },
    body: BODIES[status],
  }
}

// The longest of 72 hours, the whole retry schedule and an hour, and the time in which a replay is fresh.
function ttlOf(name, toleranceSeconds) {
  const retries = Object.hasOwn(retrySpans, name) ? retrySpans[name] + HOUR : 0
  return Math.max(72 * HOUR, retries, replayWindow(toleranceSeconds))
}

// Where freshness is off a replay is fresh for ever, as where no time is signed (NaN): no time to live is enough.
function replayWindow(toleranceSeconds) {
  return Number.isFinite(toleranceSeconds) ? 2 * toleranceSeconds : 0
}
