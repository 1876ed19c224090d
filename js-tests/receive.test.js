// What is alike in all adapters, through the adapter for Node and over a socket: arguments, the store, the
// operator's view. And what the entry for fetch has besides.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { Webhook, WebhookError } from 'hookproof'
import { receive, webhook as forFetch } from 'hookproof/fetch'
import { webhook } from 'hookproof/node'
import { memoryStore } from 'hookproof/stores/memory'
import { http1 } from './client.js'
import { listen } from './receivers.js'

const { post } = http1
const require = createRequire(import.meta.url)
const now = 1_712_419_200
const secret = 'only for this test'
const hook = new Webhook('humiris', secret)
const payload = '{"type":"sms.sent"}'
const request = { headers: Object.entries(hook.sign(payload, { timestamp: now })), chunks: [payload] }
// A scheme of the caller's own that signs a time and names no tolerance, so that 300 seconds hold.
const acme = {
  name: 'acme',
  signature: { header: 'Acme-Signature', form: { separator: ',', assign: '=', tag: 'v1' } },
  encoding: 'hex',
  content: ['timestamp', { literal: '.' }, 'payload'],
  secret: 'utf8',
  timestamp: { field: 't' },
}
const unsaid = new Webhook(acme, secret)
const noop = () => {}

// A server that never answers fails its test and not the machine's patience.
const LIMIT = { timeout: 30_000 }

/** Serves, sends, and gives the answers and what the operator heard. */
async function receives(options, handler = noop, sent = [request], to = hook) {
  const rejected = []
  const onReject = (code, details) => rejected.push(details)
  const server = await listen(createServer(webhook(to, handler, { now, onReject, ...options })))
  try {
    const answers = []
    for (const each of sent) answers.push(await post(server.port, each))
    return { answers, statuses: answers.map(({ status }) => status), rejected, codes: rejected.map(({ code }) => code) }
  } finally {
    await server.close()
  }
}

test('what webhook() takes is checked at once, in every adapter and in both kinds of module', () => {
  const wrong = [
    [[undefined, noop], TypeError, /hook must be a Webhook.* got undefined/],
    [[Webhook, noop], TypeError, /hook must be a Webhook/],
    [[hook], TypeError, /handler must be a function, got undefined/],
    [[hook, noop, null], TypeError, /options must be an object/],
    [[hook, noop, { stroe: {} }], WebhookError, /no option stroe/],
    [[hook, noop, { store: {} }], TypeError, /no claim/],
    [[hook, noop, { store: null }], TypeError, /store must be a store/],
    [[hook, noop, { onReject: 'log' }], TypeError, /onReject must be a function/],
    [[hook, noop, { maxPayloadBytes: -1 }], WebhookError, /maxPayloadBytes/],
    [[hook, noop, { leaseSeconds: 0 }], WebhookError, /leaseSeconds/],
    [[hook, noop, { leaseSeconds: '60' }], TypeError, /leaseSeconds/],
    [[hook, noop, { ttlSeconds: Infinity }], WebhookError, /ttlSeconds/],
    [[hook, noop, { ttlSeconds: 599 }], WebhookError, /ttlSeconds must be at least 600/],
    [[unsaid, noop, { ttlSeconds: 599 }], WebhookError, /ttlSeconds must be at least 600/],
    [[new Webhook(acme, secret, { toleranceSeconds: 5 }), noop, { ttlSeconds: 9 }], WebhookError, /ttlSeconds must be at least 10/],
    [[hook, noop, { now: new Date() }], TypeError, /now must be a number/],
    [[hook, noop, { now: NaN }], WebhookError, /now.* must be a number of seconds from 0 up/],
    [[hook, noop, { now: -1 }], WebhookError, /now.* must be a number of seconds from 0 up/],
    [[hook, noop, { now: Infinity }], WebhookError, /now.* must be a number of seconds from 0 up/],
  ]
  for (const entry of ['express', 'fastify', 'fetch', 'hono', 'node']) {
    for (const [args, type, message] of wrong) {
      assert.throws(() => require(`hookproof/${entry}`).webhook(...args), (error) => {
        assert.ok(error instanceof type, `${entry}: ${error}`)
        assert.match(error.message, message)
        if (type === WebhookError) assert.equal(error.code, 'invalid_option')
        return true
      })
    }
  }
  assert.throws(() => webhook(hook, noop, { bogus: 1 }), WebhookError)
})

test('a hook and an adapter may come from different copies of the package', async () => {
  const other = new (require('hookproof').Webhook)('humiris', secret)
  const { statuses } = await receives({}, noop, [request], other)
  assert.deepEqual(statuses, [200])
})

test('the operator learns the reason, and nothing secret; the sender one body', async () => {
  const forged = [
    {},
    { headers: [['X-Humiris-Signature', 'x']] },
    { headers: [['X-Humiris-Signature', `t=${now},v1=${'0'.repeat(64)}`]] },
    { headers: Object.entries(hook.sign(payload, { timestamp: now - 301 })) },
    { headers: Object.entries(hook.sign(payload, { timestamp: now + 301 })) },
  ].map((each) => ({ ...each, chunks: [payload] }))
  const { answers, codes, rejected } = await receives({}, noop, forged)
  assert.deepEqual(codes, ['missing_header', 'malformed_timestamp', 'signature_mismatch', 'too_old', 'too_new'])
  const alike = answers.map(({ status, body, headers: { date, ...headers } }) => ({ status, body, headers }))
  for (const each of alike) assert.deepEqual(each, alike[0])
  for (const { provider, status, message, key } of rejected) {
    assert.deepEqual({ provider, status, key }, { provider: 'humiris', status: 401, key: null })
    assert.ok(!message.includes(secret) && !message.includes(payload))
  }
})

test('what onReject throws or rejects with changes nothing', async (t) => {
  const printed = t.mock.method(console, 'error', noop)
  const boom = new Error('from onReject')
  const throwing = [() => { throw boom }, async () => { throw boom }]
  for (const onReject of throwing) {
    assert.deepEqual((await receives({ onReject }, noop, [{ chunks: ['x'] }])).statuses, [401])
  }
  assert.deepEqual(printed.mock.calls.map(({ arguments: [, error] }) => error), [boom, boom])
})

test('without onReject it is a line on the console, with what the handler threw', async (t) => {
  const printed = t.mock.method(console, 'error', noop)
  const boom = new Error('from the handler')
  const { answers } = await receives({ onReject: undefined }, () => { throw boom }, [request, { chunks: ['x'] }])
  assert.equal(answers[0].status, 500)
  assert.ok(!answers[0].body.includes('from the handler'))
  const [failed, refused] = printed.mock.calls.map((call) => call.arguments)
  assert.match(failed[0], /^hookproof: humiris: handler_failed, answered 500: the handler threw an error, "humiris:sha256:[0-9a-f]{64}":$/)
  assert.equal(failed[1], boom)
  assert.match(refused[0], /^hookproof: humiris: missing_header, answered 401: the X-Humiris-Signature header/)
})

test('a store that cannot be asked is 503, and no handler has run', async () => {
  let runs = 0
  const broken = [
    () => { throw new Error('gone') },
    async () => { throw new Error('gone') },
    () => undefined,
    () => ({}),
    () => ({ state: 'NEW', token: '1' }),
    () => new Promise(noop),
  ]
  for (const claim of broken) {
    const store = { claim, complete: noop, release: noop }
    const { statuses, codes, rejected } = await receives({ store }, () => runs++)
    assert.deepEqual([statuses, codes], [[503], ['store_unavailable']])
    assert.ok(rejected[0].error instanceof Error)
  }
  assert.equal(runs, 0)
})

test('a claim that comes after the answer is given back', LIMIT, async () => {
  let answer
  const released = new Promise((resolve) => {
    const store = {
      claim: () => new Promise((resolveClaim) => (answer = resolveClaim)),
      complete: noop,
      release: (key, token) => resolve([key, token]),
    }
    receives({ store }).then(({ statuses }) => {
      assert.deepEqual(statuses, [503])
      answer({ state: 'new', token: 'late' })
    })
  })
  assert.equal((await released)[1], 'late')
})

test('an end that cannot be recorded is 503: nobody was told that it is handled', async () => {
  const memory = memoryStore()
  const store = { ...memory, complete: async () => { throw new Error('gone') } }
  let runs = 0
  const { statuses, rejected } = await receives({ store }, () => runs++, [request, request])
  assert.deepEqual(statuses, [503, 409], 'and the claim is held until its lease is over')
  assert.equal(runs, 1)
  assert.match(rejected[0].message, /the handler ran/)
})

test('a failed handler is 500 also where its claim cannot be released', async () => {
  const store = { ...memoryStore(), release: async () => { throw new Error('gone') } }
  const { statuses, codes } = await receives({ store }, () => { throw new Error('boom') })
  assert.deepEqual([statuses, codes], [[500], ['store_unavailable', 'handler_failed']])
})

test('a handler that outlives its lease is answered 200, and the next holder keeps its claim', async () => {
  let time = 0
  const store = memoryStore({ now: () => time })
  let next
  const { statuses } = await receives({ store, leaseSeconds: 10 }, async ({ key }) => {
    time = 10
    next = { key, ...(await store.claim(key, 10)) }
  })
  assert.deepEqual(statuses, [200])
  assert.equal(next.state, 'new')
  assert.equal((await store.claim(next.key, 10)).state, 'busy')
  assert.equal(await store.complete(next.key, next.token, 10), true)
})

test('the time to live is the longest of 72 hours, the retries and an hour, and twice the tolerance', async () => {
  const asked = []
  const store = { claim: () => ({ state: 'new', token: '1' }), complete: (...args) => asked.push(args), release: noop }
  const week = 7 * 24 * 3600
  for (const [to, options, expected] of [
    [hook, {}, 72 * 3600],
    [new Webhook('humiris', secret, { toleranceSeconds: week }), {}, 2 * week],
    [new Webhook('humiris', secret, { toleranceSeconds: Infinity }), {}, 72 * 3600],
    [hook, { ttlSeconds: 600 }, 600],
    [unsaid, { ttlSeconds: 600 }, 600],
    [new Webhook({ ...acme, toleranceSeconds: week }, secret), {}, 2 * week],
    [new Webhook({ ...acme, toleranceSeconds: Infinity }, secret), { ttlSeconds: 1 }, 1],
    [new Webhook('immutis', secret), { ttlSeconds: 1 }, 1],
  ]) {
    const sent = { headers: Object.entries(to.sign(payload, { timestamp: now })), chunks: [payload] }
    assert.deepEqual((await receives({ store, ...options }, noop, [sent], to)).statuses, [200])
    assert.equal(asked.at(-1)[2], expected)
  }
})

test('now may be a function; one that fails is the receiver’s fault', async () => {
  assert.deepEqual((await receives({ now: () => now })).statuses, [200])
  assert.deepEqual((await receives({ now: () => now + 301 })).codes, ['too_old'])
  const failed = await receives({ now: () => { throw new Error('no clock') } })
  assert.deepEqual([failed.statuses, failed.codes], [[500], ['invalid_option']])
  assert.deepEqual((await receives({ now: () => 'noon' })).statuses, [500])
})

test('a hook with a smaller bound refuses with 413 too', async () => {
  const small = new Webhook('humiris', secret, { maxPayloadBytes: 5 })
  const { statuses, codes } = await receives({}, noop, [request], small)
  assert.deepEqual([statuses, codes], [[413], ['payload_too_large']])
})

test('a request that ended before anybody read it is not waited for', LIMIT, async (t) => {
  const codes = []
  const listener = webhook(hook, noop, { now, onReject: (code) => codes.push(code) })
  let received
  const done = new Promise((resolve) => (received = resolve))
  const server = await listen(createServer((req, res) => req.on('close', () => listener(req, res).then(received))))
  t.after(server.close)
  await http1.hangUp(server.port, request.headers)
  await done
  assert.deepEqual(codes, ['upload_aborted'])
})

test('a header in two parts is two headers, which are not joined', async () => {
  const [[name, value]] = request.headers
  const parts = value.split(',').map((part) => [name, part])
  assert.deepEqual((await receives({}, noop, [{ ...request, headers: parts }])).codes, ['malformed_header'])
})

test('an answer that the handler has already written stays', async () => {
  const { answers } = await receives({}, (delivery, req, res) => res.writeHead(202).end('mine'))
  assert.deepEqual([answers[0].status, answers[0].body], [202, 'mine'])
})

test('fetch: receive gives the delivery, or throws with a code', async () => {
  const made = (body = payload, headers = request.headers) => new Request('http://localhost', { method: 'POST', headers, body, duplex: 'half' })
  const delivery = await receive(hook, made(), { now })
  assert.equal(delivery.text(), payload)
  const used = made()
  await used.text()
  const reading = made()
  reading.body.getReader()
  const drained = made()
  for await (const chunk of drained.body) void chunk
  const cut = new ReadableStream({ pull: (controller) => controller.error(new Error('cut off')) })
  for (const [sent, options, code] of [
    [made('{}'), { now }, 'signature_mismatch'],
    [made(), { now: now + 301 }, 'too_old'],
    [made(), { now: () => now, maxPayloadBytes: 5 }, 'payload_too_large'],
    [used, { now }, 'payload_lost'],
    [reading, { now }, 'payload_lost'],
    [drained, { now }, 'payload_lost'],
    [made(cut), { now }, 'upload_aborted'],
    [made(), { store: {} }, 'invalid_option'],
  ]) {
    const failed = (error) => error instanceof WebhookError && error instanceof Error && error.code === code
    await assert.rejects(receive(hook, sent, options), failed, code)
  }
  await assert.rejects(receive({}, made()), TypeError)
  await assert.rejects(receive(hook, { headers: {} }), /request must be a Request/)
})

test('fetch: the handler gets what the runtime passed', async () => {
  const sent = new Request('http://localhost', { method: 'POST', headers: request.headers, body: payload })
  const got = []
  const handle = forFetch(hook, (...args) => got.push(...args), { now })
  assert.equal((await handle(sent, 'env', 'ctx')).status, 200)
  assert.deepEqual(got.slice(1), [sent, 'env', 'ctx'])
})

test('another framework’s request is an error that says so, and never waits', () => {
  assert.throws(() => forFetch(hook, noop)({ headers: {} }), /request must be a Request.*another framework/)
  assert.throws(() => webhook(hook, noop)(new Request('http://localhost')), /req must be a Node request.*another framework/)
})

test('an error of one copy is an error of all, and of no other class', () => {
  const { WebhookError: Other } = require('hookproof')
  assert.notEqual(Other, WebhookError)
  assert.ok(new Other('too_old', 'x') instanceof WebhookError)
  class Mine extends WebhookError {}
  assert.ok(new Mine('too_old', 'x') instanceof Mine && new Mine('too_old', 'x') instanceof WebhookError)
  assert.ok(!(new WebhookError('too_old', 'x') instanceof Mine))
  for (const value of [null, undefined, 1, {}, new Error('x')]) assert.ok(!(value instanceof WebhookError))
})
