// What is alike in all adapters, through the adapter for Node and over a socket: arguments, the store, the
// operator's view. And what the entry for fetch has besides.
import assert from 'node:assert/strict'
import { Agent, createServer, request as httpRequest } from 'node:http'
import { createRequire } from 'node:module'
import { PassThrough, Readable } from 'node:stream'
import { setTimeout as setTimeoutAsync } from 'node:timers/promises'
import { inspect } from 'node:util'
import { test } from 'node:test'
import Fastify from 'fastify'
import { Webhook, WebhookError } from 'hookproof'
import { webhook as forFastify } from 'hookproof/fastify'
import { receive, webhook as forFetch } from 'hookproof/fetch'
import { webhook as forHono } from 'hookproof/hono'
import { webhook } from 'hookproof/node'
import { memoryStore } from 'hookproof/stores/memory'
import { http1 } from './client.js'
import { listen, serveFetch } from './receivers.js'

const { post } = http1
const require = createRequire(import.meta.url)

const { exports: entries } = require('hookproof/package.json')
const adapters = Object.keys(entries).filter((name) => entries[name].import?.default.startsWith('./gen/adapters/'))
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
    [
      [new Webhook(acme, secret, { toleranceSeconds: 5 }), noop, { ttlSeconds: 9 }],
      WebhookError,
      /ttlSeconds must be at least 10/,
    ],
    [[hook, noop, { now: new Date() }], TypeError, /now must be a number/],
    [[hook, noop, { now: NaN }], WebhookError, /now.* must be a number of seconds from 0 up/],
    [[hook, noop, { now: -1 }], WebhookError, /now.* must be a number of seconds from 0 up/],
    [[hook, noop, { now: Infinity }], WebhookError, /now.* must be a number of seconds from 0 up/],
  ]
  for (const entry of adapters) {
    for (const [args, type, message] of wrong) {
      assert.throws(
        () => require(entry.replace('.', 'hookproof')).webhook(...args),
        (error) => {
          assert.ok(error instanceof type, `${entry}: ${error}`)
          assert.match(error.message, message)
          if (type === WebhookError) assert.equal(error.code, 'invalid_option')
          return true
        },
      )
    }
  }
  assert.throws(() => webhook(hook, noop, { bogus: 1 }), WebhookError)
})

test('an error names the option that was passed, and no other', () => {
  const tolerant = (toleranceSeconds) => new Webhook('humiris', secret, { toleranceSeconds })
  for (const toleranceSeconds of [500_000_001, 1e12]) {
    for (const options of [{}, { ttlSeconds: 1e9 }, { ttlSeconds: 5 }]) {
      assert.throws(
        () => webhook(tolerant(toleranceSeconds), noop, options),
        (error) => {
          assert.equal(error.code, 'invalid_option')
          assert.match(
            error.message,
            new RegExp(`^the hook's toleranceSeconds must be at most 500000000 .* got ${toleranceSeconds}`),
          )
          assert.doesNotMatch(error.message, /ttlSeconds/)
          return true
        },
      )
    }
  }
  webhook(tolerant(500_000_000), noop)
  webhook(tolerant(Infinity), noop)
  assert.throws(
    () => webhook(tolerant(300), noop, { ttlSeconds: 1e10 }),
    /^WebhookError: ttlSeconds must be more than 0 and at most 1000000000/,
  )
  assert.throws(() => webhook(hook, noop, { leaseSeconds: 1e10 }), /^WebhookError: leaseSeconds/)
})

test('a refusal names whose bound a payload exceeds', async () => {
  const large = new Webhook('humiris', secret, { maxPayloadBytes: 10_000_000 })
  const long = { headers: request.headers, chunks: ['x'.repeat(2_000_000)] }
  const { rejected } = await receives({}, noop, [long], large)
  assert.match(rejected[0].message, /the adapter's maxPayloadBytes, 1048576$/)
})

test('a clock is blamed only where one was passed', async () => {
  const broken = {
    get now() {
      throw new Error('no clock')
    },
  }
  const failed = await receives({ now: () => broken.now })
  assert.match(failed.rejected[0].message, /passed as now/)
  const handle = []
  const unreadable = new Request('http://localhost', { method: 'POST', headers: request.headers, body: payload })
  Object.defineProperty(unreadable, 'bodyUsed', {
    get() {
      throw new Error('unreadable')
    },
  })
  await forFetch(hook, noop, { onReject: (code, { message }) => handle.push(code, message) })(unreadable)
  assert.deepEqual(handle, ['invalid_option', 'the body could not be read'])
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
  for (const onReject of [
    () => {
      throw boom
    },
    async () => {
      throw boom
    },
  ]) {
    assert.deepEqual((await receives({ onReject }, noop, [{ chunks: ['x'] }])).statuses, [401])
  }
  assert.deepEqual(
    printed.mock.calls.map(({ arguments: [, error] }) => error),
    [boom, boom],
  )
})

test('without onReject it is a line on the console, with what the handler threw', async (t) => {
  const printed = t.mock.method(console, 'error', noop)
  const boom = new Error('from the handler')
  const { answers } = await receives(
    { onReject: undefined },
    () => {
      throw boom
    },
    [request, { chunks: ['x'] }],
  )
  assert.equal(answers[0].status, 500)
  assert.ok(!answers[0].body.includes('from the handler'))
  const [failed, refused] = printed.mock.calls.map((call) => call.arguments)
  assert.match(
    failed[0],
    /^hookproof: humiris: handler_failed, answered 500: the handler threw an error, "humiris:sha256:[0-9a-f]{64}":$/,
  )
  assert.equal(failed[1], boom)
  assert.match(refused[0], /^hookproof: humiris: missing_header, answered 401: the X-Humiris-Signature header/)
})

// Each throws in a way of its own when it is looked at, awaited or printed.
const inspectThrows = {
  [Symbol.for('nodejs.util.inspect.custom')]() {
    throw inspectThrows
  },
}
const overflows = {
  [Symbol.for('nodejs.util.inspect.custom')]: function inspect() {
    return inspect()
  },
}
const throwing = () => {
  throw inspectThrows
}
const traps = Object.fromEntries(Object.getOwnPropertyNames(Reflect).map((name) => [name, throwing]))
const { proxy: revoked, revoke } = Proxy.revocable({}, {})
revoke()
const HOSTILE = {
  'throws when it is inspected': inspectThrows,
  'overflows the stack when it is inspected': overflows,
  'a proxy that throws': new Proxy(noop, traps),
  'a revoked proxy': revoked,
  'getters that throw': Object.defineProperties(
    {},
    Object.fromEntries(['then', 'headers', 'message', 'stack', 'name'].map((name) => [name, { get: throwing }])),
  ),
  'a thenable that throws': { then: throwing },
  'a thenable that rejects': { then: (resolve, reject) => reject(inspectThrows) },
  'no prototype': Object.create(null),
  'a status that is no number': { headers: new Headers(), status: { [Symbol.toPrimitive]: throwing } },
  undefined,
  'a symbol': Symbol('x'),
}

/** Answers two requests, a good one and an unsigned one, with the console and the process watched. */
async function survives(handler, options, print) {
  const lines = []
  const { error } = console
  const unhandled = []
  const note = (reason) => unhandled.push(typeof reason)
  process.on('unhandledRejection', note)
  console.error =
    print ??
    ((line, ...errors) => {
      errors.forEach((each) => inspect(each))
      lines.push(line)
    })
  try {
    const handle = forFetch(hook, handler, { now, ...options })
    const statuses = []
    for (const headers of [request.headers, []]) {
      statuses.push((await handle(new Request('http://localhost', { method: 'POST', headers, body: payload }))).status)
    }
    await setTimeoutAsync(5)
    return { statuses, lines, unhandled }
  } finally {
    console.error = error
    process.off('unhandledRejection', note)
  }
}

for (const [name, value] of Object.entries(HOSTILE)) {
  test(`logging survives a handler and an observer: ${name}`, LIMIT, async () => {
    const isAwaited = name.includes('thenable') || name.includes('proxy') || name.includes('getters')
    const thrown = () => {
      throw value
    }
    const first = await survives(thrown, {})
    assert.deepEqual([first.statuses, first.unhandled], [[500, 401], []], 'thrown by the handler')
    assert.match(first.lines[0], /^hookproof: humiris: handler_failed, answered 500: the handler threw an error/)
    assert.match(first.lines[1], /^hookproof: humiris: missing_header, answered 401: /)
    const { statuses, unhandled } = await survives(() => value, {})
    assert.deepEqual([statuses[1], unhandled], [401, []], 'returned by the handler')
    assert.ok(statuses[0] === 200 || isAwaited, `${name}: ${statuses}`)
    for (const onReject of [
      thrown,
      () => value,
      async () => {
        throw value
      },
    ]) {
      const { statuses, unhandled } = await survives(noop, { onReject })
      assert.deepEqual([statuses, unhandled], [[200, 401], []], String(onReject))
    }
    const clock = await survives(noop, {
      now: async () => {
        throw value
      },
    })
    assert.deepEqual([clock.statuses, clock.unhandled], [[500, 500], []], 'a clock that rejects')
    for (const print of [thrown, null, () => Promise.reject(value)]) {
      const { statuses, unhandled } = await survives(thrown, {}, print ?? undefined)
      assert.deepEqual([statuses, unhandled], [[500, 401], []], String(print))
    }
  })
}

test('a runtime without a console answers all the same', async () => {
  const { console: kept } = globalThis
  try {
    globalThis.console = undefined
    const handle = forFetch(
      hook,
      () => {
        throw new Error('boom')
      },
      { now },
    )
    const { status } = await handle(
      new Request('http://localhost', { method: 'POST', headers: request.headers, body: payload }),
    )
    await setTimeoutAsync(5)
    assert.equal(status, 500)
  } finally {
    globalThis.console = kept
  }
})

/** A hook that fails in a method or a delivery that fails in its key. */
function failingHook(fail, delivery) {
  const failing = new Webhook('humiris', secret)
  failing.check = (body, headers, options) => (options.now === undefined || !delivery ? fail() : { ok: true, delivery })
  return failing
}

const overflow = () => overflow() + 1
const FAILURES = {
  'a RangeError': () => {
    throw new RangeError('Maximum call stack size exceeded')
  },
  'an InternalError': () => {
    throw Object.assign(new Error('too much recursion'), { name: 'InternalError' })
  },
  'a text for memory': () => {
    throw 'out of memory'
  },
  'a stack that overflows': overflow,
  'no WebAssembly': () => {
    throw new Error('hookproof needs WebAssembly')
  },
}

for (const [name, fail] of Object.entries(FAILURES)) {
  test(`a machine failure is 500 and no verdict: ${name}`, async () => {
    let runs = 0
    const keyless = {
      get key() {
        return fail()
      },
    }
    for (const to of [failingHook(fail), failingHook(fail, keyless)]) {
      const { statuses, codes, rejected } = await receives({ now: () => now }, () => runs++, [request], to)
      assert.deepEqual([statuses, codes], [[500], ['machine_failure']])
      assert.match(rejected[0].message, /the stack or the memory ran out/)
      assert.ok(rejected[0].error !== undefined)
    }
    assert.equal(runs, 0)
  })
}

test('memory that runs out while a body is read is 500', async () => {
  for (const fail of [
    () => new Uint8Array(2 ** 53),
    () => {
      throw 'out of memory'
    },
    overflow,
  ]) {
    const rejected = []
    const handle = forFetch(hook, noop, {
      now,
      onReject: (code, { status, error }) => rejected.push([code, status, error !== undefined]),
    })
    const sent = new Request('http://localhost', { method: 'POST', headers: request.headers, body: payload })
    Object.defineProperty(sent, 'bodyUsed', { get: fail })
    assert.equal((await handle(sent)).status, 500)
    const pull = () => fail()
    const body = new ReadableStream({ pull }, { highWaterMark: 0 })
    const streamed = new Request('http://localhost', { method: 'POST', headers: request.headers, body, duplex: 'half' })
    assert.equal((await handle(streamed)).status, 500)
    assert.deepEqual(rejected, Array(2).fill(['machine_failure', 500, true]))
  }
})

test('a store that cannot be asked is 503, and no handler has run', async () => {
  let runs = 0
  const broken = [
    () => {
      throw new Error('gone')
    },
    async () => {
      throw new Error('gone')
    },
    () => undefined,
    () => ({}),
    () => ({ state: 'NEW', token: '1' }),
    () => ({ state: 'new' }),
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
  const store = {
    ...memory,
    complete: async () => {
      throw new Error('gone')
    },
  }
  let runs = 0
  const { statuses, rejected } = await receives({ store }, () => runs++, [request, request])
  assert.deepEqual(statuses, [503, 409], 'and the claim is held until its lease is over')
  assert.equal(runs, 1)
  assert.match(rejected[0].message, /the handler ran/)
})

test('a failed handler is 500 also where its claim cannot be released', async () => {
  const store = {
    ...memoryStore(),
    release: async () => {
      throw new Error('gone')
    },
  }
  const { statuses, codes } = await receives({ store }, () => {
    throw new Error('boom')
  })
  assert.deepEqual([statuses, codes], [[500], ['store_unavailable', 'handler_failed']])
})

test('a handler that outlives its lease is answered 200, and the next holder keeps its claim', async () => {
  let time = 0
  const store = memoryStore({ now: () => time })
  let next
  const { statuses, rejected } = await receives({ store, leaseSeconds: 10 }, async ({ key }) => {
    time = 10
    next = { key, ...(await store.claim(key, 10)) }
  })
  assert.deepEqual(statuses, [200])
  const [{ code, status, key, message }] = rejected
  assert.deepEqual([code, status, key], ['lease_over', 200, next.key], 'the operator hears of it')
  assert.match(message, /leaseSeconds/)
  assert.equal(next.state, 'new')
  assert.equal((await store.claim(next.key, 10)).state, 'busy')
  assert.equal(await store.complete(next.key, next.token, 10), true)
})

test('a store that has lost the claim is told of: the lease was long enough', async () => {
  const { statuses, rejected } = await receives({ store: { ...memoryStore(), complete: async () => false } })
  assert.deepEqual([statuses, rejected[0].code], [[200], 'lease_over'])
  assert.match(rejected[0].message, /longer than leaseSeconds, or the store lost the claim/)
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
  const failed = await receives({
    now: () => {
      throw new Error('no clock')
    },
  })
  assert.deepEqual([failed.statuses, failed.codes], [[500], ['invalid_option']])
  for (const time of ['noon', undefined, null, NaN, Infinity, Promise.resolve(now)]) {
    const { statuses, codes } = await receives({ now: () => time })
    assert.deepEqual([statuses, codes], [[500], ['invalid_option']], String(time))
  }
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

test('a handler that answers that it failed has failed: the retry runs it again', async () => {
  let runs = 0
  const failing = (delivery, req, res) => void (runs++ ? null : res.writeHead(503).end('mine'))
  const { statuses, rejected } = await receives({}, failing, [request, request])
  assert.deepEqual([statuses, runs], [[503, 200], 2])
  assert.deepEqual(
    rejected.map(({ code, status }) => [code, status]),
    [['handler_failed', 503]],
  )
  const answered = (delivery, req, res) => {
    res.writeHead(200).end()
    throw new Error('boom')
  }
  assert.equal((await receives({}, answered)).rejected[0].status, 200, 'that is what was answered')

  const made = () => new Request('http://localhost', { method: 'POST', headers: request.headers, body: payload })
  const returned = [new Response('mine', { status: 500 }), new Response('mine', { status: 202 })]
  const handle = forFetch(hook, () => returned.shift(), { now, onReject: noop })
  assert.deepEqual([(await handle(made())).status, (await handle(made())).status, returned.length], [500, 200, 0])
})

// Whoever reads beside an adapter may stop the stream, or take what it would have got.
test('a body that something else reads as well comes whole, or is said to be lost', LIMIT, async (t) => {
  const long = 'x'.repeat(200_000)
  const headers = Object.entries(hook.sign(long, { timestamp: now }))
  for (const [front, status] of [
    [(req) => req.pipe(new PassThrough()), 200],
    [(req) => Readable.toWeb(req), 200],
    [(req) => req.pause(), 200],
    [(req) => req.on('readable', noop), 500],
    [(req) => req[Symbol.asyncIterator]().next(), 500],
  ]) {
    const codes = []
    const receiveOne = webhook(hook, noop, { now, onReject: (code) => codes.push(code) })
    const server = await listen(createServer((req, res) => (front(req), receiveOne(req, res))))
    t.after(server.close)
    assert.equal((await post(server.port, { headers, chunks: [long] })).status, status, String(front))
    assert.deepEqual(codes, status === 200 ? [] : ['payload_lost'])
  }
})

test('fetch: a body that is no bytes is no payload', async () => {
  for (const chunks of [[5], ['{"type":', '"sms.sent"}'], [new Uint8Array(3), 'x'], [new Uint16Array(2)]]) {
    const body = new ReadableStream({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(chunk)
        controller.close()
      },
    })
    const empty = hook.sign('', { timestamp: now })
    const sent = new Request('http://localhost', { method: 'POST', headers: empty, body, duplex: 'half' })
    await assert.rejects(receive(hook, sent, { now }), { code: 'payload_lost' })
  }
})

test('fetch: of a body that does not end, 64 MiB are read on and no more', LIMIT, async () => {
  let mebibytes = 0
  const cancelled = new Promise((resolve) => {
    const pull = (controller) => {
      // So that a bound that is gone fails the test, and does not keep it for ever.
      if (++mebibytes > 100) throw new Error('read on and on')
      controller.enqueue(new Uint8Array(1024 * 1024))
    }
    const body = new ReadableStream({ pull, cancel: () => resolve(true) })
    const sent = new Request('http://localhost', { method: 'POST', headers: request.headers, body, duplex: 'half' })
    assert.rejects(receive(hook, sent, { now }), { code: 'payload_too_large' }).catch(resolve)
  })
  assert.equal(await cancelled, true)
  assert.ok(mebibytes >= 64, String(mebibytes))
})

test('fetch: the connection on which a payload was too long brings the next one', LIMIT, async (t) => {
  const server = await serveFetch(forFetch(hook, noop, { now, onReject: noop }))
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  t.after(() => (agent.destroy(), server.close()))
  const send = (body, isChunked) =>
    new Promise((resolve, reject) => {
      const signed = Object.fromEntries(request.headers)
      const headers = isChunked
        ? { ...signed, 'transfer-encoding': 'chunked' }
        : { ...signed, 'content-length': body.length }
      const sent = httpRequest({ port: server.port, host: '127.0.0.1', method: 'POST', agent, headers })
      sent.on('response', (response) => response.resume().on('end', () => resolve(response.statusCode)))
      sent.on('error', reject).end(body)
    })
  for (const isChunked of [true, false]) {
    for (let i = 0; i < 4; i++) {
      assert.equal(await send('x'.repeat(2_000_000), isChunked), 413)
      assert.equal(await send(payload), 200)
    }
  }
})

test('fetch: receive gives the delivery, or throws with a code', async () => {
  const made = (body = payload, headers = request.headers) =>
    new Request('http://localhost', { method: 'POST', headers, body, duplex: 'half' })
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

test('fastify: an answer of the handler stays, however it is made, and a failed one is a failure', LIMIT, async (t) => {
  const codes = []
  const handlers = [
    [(reply) => reply.send('mine'), [200, 'mine']],
    [(reply) => void reply.code(202).send(Readable.from(['mi', 'ne'])), [202, 'mine']],
    [(reply) => void (reply.raw.writeHead(203), setTimeout(() => reply.raw.end('mine'), 20)), [203, 'mine']],
    [(reply) => void (reply.hijack(), reply.raw.end('mine')), [200, 'mine']],
    [(reply) => void reply.code(503).send('mine'), [503, 'mine']],
    [() => 'no answer', [200, '']],
  ]
  const app = Fastify()
  // What waits before it sends.
  app.addHook('onSend', async () => void (await setTimeoutAsync(10)))
  t.after(() => app.close())
  handlers.forEach(([handle], i) => {
    const plugin = forFastify(hook, (delivery, asked, reply) => handle(reply), {
      now,
      onReject: (code) => codes.push(code),
    })
    app.register(plugin, { prefix: `/${i}` })
  })
  const headers = Object.fromEntries(request.headers)
  for (const [i, [, expected]] of handlers.entries()) {
    const { statusCode, body } = await app.inject({ method: 'POST', url: `/${i}`, headers, payload })
    assert.deepEqual([statusCode, body], expected, String(handlers[i][0]))
  }
  assert.deepEqual(codes, ['handler_failed'])
})

test('fastify: a content type that is none is nobody’s reason to refuse', LIMIT, async (t) => {
  const app = Fastify()
  t.after(() => app.close())
  const types = []
  app.register(
    forFastify(hook, (delivery, asked) => types.push(asked.headers['content-type']), { now }),
    { prefix: '/' },
  )
  for (const type of ['json', '', 'application/json, text/plain', 'text/plain; charset=utf-8', undefined]) {
    const sent = Buffer.from(`a payload as ${type}`)
    const headers = { ...hook.sign(sent, { timestamp: now }), ...(type !== undefined && { 'content-type': type }) }
    const { statusCode } = await app.inject({ method: 'POST', url: '/', headers, payload: sent })
    assert.equal(statusCode, 200, type)
  }
  assert.deepEqual(
    types.map((type) => type?.slice(0, 10)),
    [undefined, undefined, undefined, 'text/plain', undefined],
  )
})

test('another framework’s request is an error that says so, and never waits', () => {
  assert.throws(() => forFetch(hook, noop)({ headers: {} }), /request must be a Request.*another framework/)
  assert.throws(
    () => webhook(hook, noop)(new Request('http://localhost')),
    /req must be a Node request.*another framework/,
  )
  assert.throws(() => forHono(hook, noop)({ headers: {} }), /request must be a Request.*another framework/)
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
