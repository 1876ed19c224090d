// Object.prototype and Array.prototype hold values under every name that the package reads, as after a careless merge
// of JSON. Every outcome is as without them.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { signWebhook, verifyWebhook, Webhook } from 'hookproof'
import { explain } from 'hookproof/explain'
import { webhook as forExpress } from 'hookproof/express'
import { webhook as forFastify } from 'hookproof/fastify'
import { receive, webhook as forFetch } from 'hookproof/fetch'
import { webhook as forHono } from 'hookproof/hono'
import { webhook as forNode } from 'hookproof/node'
import { DeliveryStore, durableObjectStore } from 'hookproof/stores/durable-object'
import { memoryStore } from 'hookproof/stores/memory'
import { postgresStore } from 'hookproof/stores/postgres'
import { redisStore } from 'hookproof/stores/redis'

const now = 1_712_419_200
const secret = 'only for this test'
const hook = new Webhook('humiris', secret)
const payload = '{"type":"sms.sent"}'
const signed = hook.sign(payload, { timestamp: now })
const MAX_PAYLOAD_BYTES = 3000
const long = 'x'.repeat(MAX_PAYLOAD_BYTES + 1)
const longSigned = hook.sign(long, { timestamp: now })
const other = 'y'.repeat(2000)
const otherSigned = hook.sign(other, { timestamp: now })

/** The requests to each endpoint, in this order, and the answers. */
const SENT = [
  ['valid', payload, signed, 200],
  ['duplicate', payload, signed, 200],
  ['forged', '{}', signed, 'signature_mismatch'],
  ['too long', long, longSigned, 'payload_too_large'],
  ['unsigned', payload, {}, 'missing_header'],
  ['unsigned and too long', long, {}, 'payload_too_large'],
  ['hashed by the runtime', other, otherSigned, 200],
]

/** A request of node:http, whose headers are an object like any other. */
function nodeRequest(body, headers) {
  const request = Readable.from([Buffer.from(body)], { objectMode: false })
  return Object.assign(request, { method: 'POST', headers: { ...headers }, rawHeaders: Object.entries(headers).flat() })
}

class NodeResponse {
  setHeader() {}
  end() {}
  get headersSent() {
    return false
  }
  get writableEnded() {
    return false
  }
}

class FastifyReply {
  raw = new NodeResponse()
  get sent() {
    return false
  }
  code(status) {
    this.status = status
    return this
  }
  headers() {
    return this
  }
  send() {
    return { statusCode: this.status }
  }
}

class FastifyRequest {
  #raw
  constructor(raw) {
    this.#raw = raw
  }
  get raw() {
    return this.#raw
  }
}

class HonoContext {
  constructor(raw) {
    this.req = { raw, bodyCache: {} }
  }
  body(body, status) {
    return { statusCode: status }
  }
}

const webRequest = (body, headers) => new Request('http://localhost/', { method: 'POST', body, headers })
const overNode = (webhook) => ({
  webhook,
  arguments: (body, headers) => [nodeRequest(body, headers), new NodeResponse()],
  statusOf: (answer, request) => request[1].statusCode,
})

/** Each adapter: the arguments of a request, made before anything is polluted, and the status of its answer. */
const ADAPTERS = {
  node: overNode(forNode),
  express: overNode(forExpress),
  fastify: {
    webhook: forFastify,
    arguments: (body, headers) => [new FastifyRequest(nodeRequest(body, headers)), new FastifyReply()],
    statusOf: (answer) => answer.statusCode,
  },
  hono: {
    webhook: forHono,
    arguments: (body, headers) => [new HonoContext(webRequest(body, headers))],
    statusOf: (answer) => answer.statusCode,
  },
  fetch: {
    webhook: forFetch,
    arguments: (body, headers) => [webRequest(body, headers)],
    statusOf: (answer) => answer.status,
  },
}

/** The place of the name of a rejection's code. */
const LINE = /^hookproof: humiris: (\w+), answered (\d+)/

function printed() {
  const lines = []
  console.error = (line) => lines.push(LINE.exec(line)?.slice(1) ?? line)
  return lines
}

/** Sends all of SENT to one adapter; the handler's runs and what was printed belong to the outcome. */
function prepareAdapter({ webhook, arguments: makeArguments, statusOf }) {
  const requests = SENT.map(([, body, headers]) => makeArguments(body, headers))
  return async () => {
    const outcome = []
    const handle = webhook(hook, (delivery) => void outcome.push(delivery.key), {
      now,
      maxPayloadBytes: MAX_PAYLOAD_BYTES,
    })
    const lines = printed()
    for (const request of requests) outcome.push(statusOf(await handle(...request), request))
    return [...outcome, lines]
  }
}

/** A handler that must not run, over stores that answer nothing that is a state. */
function prepareBrokenStores() {
  const answers = [{}, { state: 'new' }, { token: 'x' }, { state: 'new', token: '' }, [], 'new']
  const requests = answers.map(() => webRequest(payload, signed))
  return async () => {
    let runs = 0
    printed()
    const statuses = []
    for (let i = 0; i < answers.length; i++) {
      const store = { claim: () => answers[i], complete() {}, release() {} }
      const handle = forFetch(hook, () => void runs++, { now, store })
      statuses.push((await handle(requests[i])).status)
    }
    return [statuses, runs]
  }
}

const own = (value, name) => (Object.hasOwn(value, name) ? value[name] : undefined)

const outcomeOf = async (call) => {
  try {
    return await call()
  } catch (error) {
    return Object.hasOwn(error, 'code') ? error.code : error.name
  }
}

/** Claims, ends and claims again; then what the client answers that is no state. */
function prepareStore(make) {
  return async () => {
    const store = make()
    const first = await outcomeOf(() => store.claim('a', 60))
    const stateOf = async () => outcomeOf(async () => (await store.claim('a', 60)).state)
    const outcomes = [own(first, 'state'), await stateOf()]
    outcomes.push(await outcomeOf(() => store.complete('a', own(first, 'token'), 60)))
    outcomes.push(await stateOf())
    outcomes.push(await outcomeOf(() => store.release('a', own(first, 'token'))))
    return outcomes
  }
}

/** A client that gives these answers in turn, and the last one for ever. */
const inTurn =
  (...answers) =>
  () =>
    Promise.resolve(answers.length > 1 ? answers.shift() : answers[0])

const redisClient = (...answers) => ({ evalSha() {}, eval: inTurn(...answers) })
const ioredisClient = (...answers) => ({ defineCommand() {}, eval: inTurn(...answers) })
const row = (state) => ({ rowCount: 1, rows: [{ state }] })

class Storage {
  #held = new Map()
  get = async (key) => this.#held.get(key)
  put = async (key, value) => void this.#held.set(key, value)
  deleteAll = async () => this.#held.clear()
  setAlarm = async () => {}
  deleteAlarm = async () => {}
}

class Namespace {
  #object = new DeliveryStore({ storage: new Storage() })
  idFromName(name) {
    return name
  }
  get() {
    return { fetch: (url, { body }) => this.#object.fetch({ json: async () => JSON.parse(body) }) }
  }
}

const STORES = {
  memory: () => memoryStore(),
  redis: () => redisStore(redisClient(1, 2, 1, 3, 0)),
  ioredis: () => redisStore(ioredisClient('1', '2', '1', '3', '0')),
  postgres: () => postgresStore({ query: inTurn(row('new'), row('busy'), row('x'), row('done'), { rowCount: 0 }) }),
  'durable object': () => durableObjectStore(new Namespace()),
  'redis, other numbers': () => redisStore(redisClient(4)),
  'redis, null': () => redisStore(redisClient(null)),
  'postgres, no row': () => postgresStore({ query: inTurn({ rowCount: 0, rows: [] }) }),
  'postgres, no rows': () => postgresStore({ query: inTurn({}) }),
  'postgres, no state': () => postgresStore({ query: inTurn({ rows: [{}] }) }),
}

// The client answers with the polluted name: a lookup by it must find nothing.
const ANSWERS = ['1', '2', 'new', 'busy', 'done']
const storesByName = (name) => ({
  'redis, the name': () => redisStore(redisClient(ANSWERS.includes(name) ? 'x' : name)),
  'postgres, the name': () => postgresStore({ query: inTurn(row(ANSWERS.includes(name) ? 'x' : name)) }),
})

const SCHEME = {
  name: 'acme',
  signature: { header: 'Acme', form: 'bare' },
  encoding: 'hex',
  content: ['payload'],
  secret: 'utf8',
}

/** The package without an adapter. */
function prepareCore() {
  const [[header, signature]] = Object.entries(signed)
  const plain = new Webhook('immutis', secret).sign(payload)
  const [tag] = Object.values(plain)
  // A list with holes has them here too.
  /* eslint-disable no-sparse-arrays */
  const lists = [
    [[header, signature]],
    [[header]],
    [[header, ,]],
    [[, signature]],
    [, [header, signature]],
    { [header]: [] },
    { [header]: [,] },
    new Map([[header, signature]]),
  ]
  const request = webRequest('{}', signed)
  return async () => {
    const outcomes = lists
      .map((headers) => hook.check(payload, headers, { now }))
      .map(({ ok, ...rest }) => [ok, Object.hasOwn(rest, 'code') && rest.code])
    outcomes.push(
      verifyWebhook(payload, tag, secret),
      verifyWebhook('{}', tag, secret),
      verifyWebhook(payload, tag, [, 'x']),
    )
    for (const args of [
      [SCHEME, secret],
      [SCHEME, [secret, ,]],
      [{ ...SCHEME, content: [, 'payload'] }, secret],
      [{ ...SCHEME, content: undefined }, secret],
      [{ name: 'x' }, secret],
    ]) {
      outcomes.push(await outcomeOf(() => void new Webhook(...args)))
    }
    const verifier = hook.createVerifier(signed, { now })
    verifier.update(payload)
    outcomes.push(verifier.verify().timestamp, await outcomeOf(() => receive(hook, request, { now })))
    outcomes.push(
      explain(hook, payload, signed, { now }).cause,
      await outcomeOf(() => explain([, hook], payload, signed).cause),
    )
    outcomes.push(hook.check(5, signed, { now }).code, hook.check(payload, [5], { now }).code)
    return outcomes
  }
}

/** Everything, made ready before anything is polluted. */
function prepare(name) {
  const parts = { core: prepareCore(), 'broken stores': prepareBrokenStores() }
  for (const [adapter, row] of Object.entries(ADAPTERS)) parts[adapter] = prepareAdapter(row)
  for (const [store, make] of Object.entries({ ...STORES, ...storesByName(name) })) parts[store] = prepareStore(make)
  return parts
}

// Only an index fills the holes of lists.
const pollutedBy = (name) => (/^-?\d/.test(name) ? [Object.prototype, Array.prototype] : [Object.prototype])

/** The outcome of each part while the prototypes hold a value under these names. */
async function outcomes(names, value, parts) {
  const { error } = console
  const failed = process.exitCode
  const outcome = Object.create(null)
  for (const name of names) {
    for (const prototype of pollutedBy(name)) prototype[name] = value
  }
  try {
    for (const part in parts) {
      if (!Object.hasOwn(parts, part)) continue
      try {
        outcome[part] = await parts[part]()
      } catch (thrown) {
        outcome[part] = `${thrown?.stack}`
      }
    }
  } finally {
    console.error = error
    process.exitCode = failed
    for (const name of names) for (const prototype of pollutedBy(name)) delete prototype[name]
  }
  return outcome
}

/**
 * Names with which the language or Node itself breaks: a property descriptor inherits `get` and `set`, Node's Response
 * closes an iterator by its `return` and reads `cancel` of a source, and the test runner's stream calls an inherited
 * `resume` as a listener.
 */
const OF_THE_RUNTIME = ['get', 'set', 'return', 'cancel', 'resume']

// Names of one or two letters are those that the minifier made, but for these.
const SHORT = ['ok', 'id', 'on', '0', '1', '2', '-1']

/**
 * Every name that the bundles read from anything or take apart, and the first indexes of lists. The modules that are
 * inlined are left out: one is hex, and explain-workerd.js is explain.js without the other.
 */
function namesRead() {
  const root = join(import.meta.dirname, 'node_modules/hookproof/gen')
  const files = readdirSync(root, { recursive: true }).filter((file) => file.endsWith('.js') && file !== 'explain.js')
  const names = new Set(SHORT)
  for (const file of files) {
    const code = readFileSync(join(root, file), 'utf8').replace(/[0-9a-f]{2000,}/g, '')
    for (const [, read, taken, asked] of code.matchAll(
      /\.([A-Za-z_$][\w$]*)|[{,]([A-Za-z_$][\w$]*)(?=[:=,}])|,["']([\w-]+)["']\)/g,
    )) {
      names.add(read ?? taken ?? asked)
    }
  }
  return [...names].filter(
    (name) => !(name in Array.prototype) && !OF_THE_RUNTIME.includes(name) && (name.length > 2 || SHORT.includes(name)),
  )
}

const names = namesRead()
const clean = await outcomes([], true, prepare('x'))

test('without pollution the outcomes are right', () => {
  for (const adapter of Object.keys(ADAPTERS)) {
    const lines = clean[adapter].at(-1)
    const statuses = clean[adapter].filter((each) => typeof each === 'number')
    assert.deepEqual(statuses, [200, 200, 401, 413, 401, 413, 200], adapter)
    assert.deepEqual(
      lines.map(([code]) => code),
      SENT.map((each) => each[3]).filter((code) => code !== 200),
      adapter,
    )
    assert.equal(clean[adapter].length, SENT.length + 3, 'two deliveries are handled')
  }
  for (const store of Object.keys(STORES).slice(0, 5))
    assert.deepEqual(clean[store], ['new', 'busy', true, 'done', false], store)
  assert.deepEqual(clean['broken stores'], [Array(6).fill(503), 0])
})

test('every name that the package reads is known', () => {
  for (const name of [
    'ok',
    'delivery',
    'state',
    'token',
    'code',
    'rawBody',
    'rows',
    'content-length',
    'headers',
    'store',
    'evalSha',
    'fromHex',
  ]) {
    assert.ok(names.includes(name), name)
  }
})

const differences = (label, found) =>
  Object.keys(clean)
    .filter((part) => JSON.stringify(found[part]) !== JSON.stringify(clean[part]))
    .map((part) => `${label}, ${part}: ${JSON.stringify(clean[part])} became ${JSON.stringify(found[part])}`)

for (const value of [true, 'new', 1_000_000_000]) {
  test(`all names together change no outcome, with ${value}`, async () => {
    assert.deepEqual(differences('all', await outcomes(names, value, prepare('x'))), [])
  })
}

test('one polluted name changes no outcome', async () => {
  const wrong = []
  for (const name of names) wrong.push(...differences(name, await outcomes([name], 'new', prepare(name))))
  assert.deepEqual(wrong, [])
})

// A pattern like `[a]` that leaves items over calls the iterator's `return`, which the prototype then has.
test('an inherited return changes no outcome', async () => {
  for (const value of [true, 'new', 1]) {
    const parts = prepare('x')
    // Node cannot make their Response.
    delete parts.fetch
    delete parts['broken stores']
    const found = await outcomes(['return'], value, parts)
    assert.equal(Object.keys(found).length, Object.keys(clean).length - 2)
    const changed = Object.keys(found).filter((part) => JSON.stringify(found[part]) !== JSON.stringify(clean[part]))
    assert.deepEqual(
      changed.map((part) => [part, found[part]]),
      [],
    )
  }
})

test('an inherited return breaks no signing, no stream and no explanation of pairs', () => {
  Object.prototype.return = 1
  let signature, streamed, cause, kyc
  try {
    signature = signWebhook(payload, secret)
    const verifier = hook.createVerifier(signed, { now })
    verifier.update(payload)
    streamed = verifier.verify()
    cause = explain(hook, payload, Object.entries(signed), { now }).cause
    kyc = new Webhook('kyc', [secret, 'another']).sign(payload, { timestamp: now })
  } finally {
    delete Object.prototype.return
  }
  assert.ok(verifyWebhook(payload, signature, secret))
  assert.equal(streamed.provider, 'humiris')
  assert.equal(cause, 'verified')
  assert.ok(new Webhook('kyc', secret).check(payload, kyc).ok)
})

test('inherited accessors and constants change nothing of a delivery', () => {
  const scheme = { ...SCHEME, content: ['payload'] }
  const deliveries = () => {
    const verifier = hook.createVerifier(signed, { now })
    verifier.update(payload)
    const own = new Webhook(scheme, secret)
    const verdicts = [hook.check(payload, signed, { now }), own.check(payload, own.sign(payload))]
    return JSON.stringify([verifier.verify(), ...verdicts.map((verdict) => verdict.delivery)])
  }
  const expected = deliveries()
  for (const name of ['provider', 'timestamp', 'signed', 'secretIndex', 'id', 'signsTimestamp']) {
    for (const inherited of [{ get: () => 'polluted', set() {} }, { get: () => 'polluted' }, { value: 'polluted' }]) {
      let found
      Object.defineProperty(Object.prototype, name, { __proto__: null, configurable: true, ...inherited })
      try {
        found = deliveries()
      } finally {
        delete Object.prototype[name]
      }
      assert.equal(found, expected, name)
    }
  }
})
