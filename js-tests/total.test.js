// verifyWebhook returns true or false for every argument of every type, and is true only for the one call
// that is right.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import vm from 'node:vm'
import fc from 'fast-check'
import { signWebhook, verifyWebhook } from 'hookproof'

const secret = 'an example, not a secret'
const payload = '{"id":"evt_1"}'
const signature = signWebhook(payload, secret)

const revoked = (() => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
})()
const detached = new ArrayBuffer(8)
structuredClone(detached, { transfer: [detached] })
const throwing = {
  get form() {
    throw new Error('a getter that throws')
  },
}
const listed = [secret]
const oddities = [
  undefined,
  null,
  true,
  false,
  0,
  -0,
  NaN,
  Infinity,
  1n,
  '',
  ' ',
  '\0',
  '\ud800',
  'x'.repeat(100_000),
  Symbol('s'),
  () => true,
  {},
  [],
  [[]],
  new Date(),
  new String(payload),
  new Boolean(true),
  new Map(),
  new Set(),
  new WeakMap(),
  new Error('e'),
  /x/,
  Promise.resolve(true),
  new Proxy({}, {}),
  revoked,
  throwing,
  { length: 3 },
  { byteLength: 1 },
  { toString: () => payload },
  { [Symbol.toPrimitive]: () => payload },
  Object.create(null),
  Object.create(ArrayBuffer.prototype),
  globalThis,
  detached,
  new Uint8Array(0),
  new SharedArrayBuffer(8),
  new Uint8Array(new SharedArrayBuffer(8)),
  new Float64Array(2),
  [undefined],
  [null],
  Array(9).fill(secret),
  Array(3),
  new Array(1e6),
  listed,
]

test('each oddity in each place gives a boolean', () => {
  for (const oddity of oddities) {
    const calls = [
      [oddity, signature, secret],
      [payload, oddity, secret],
      [payload, signature, oddity],
      [payload, signature, [secret, oddity]],
      [payload, signature, secret, oddity],
      [payload, signature, secret, { form: oddity }],
      [payload, signature, secret, { now: oddity }],
      [payload, signature, secret, { toleranceSeconds: oddity }],
      [oddity, oddity, oddity, oddity],
    ]
    for (const call of calls) assert.equal(typeof verifyWebhook(...call), 'boolean')
  }
  assert.equal(verifyWebhook(), false)
  assert.equal(verifyWebhook(payload, signature, secret), true, 'the call after them all')
})

test('what is no payload, signature or secret is never accepted', () => {
  const empty = signWebhook('', secret)
  const zero = '\0'
  for (const oddity of oddities.filter((each) => each !== '' && !ArrayBuffer.isView(each))) {
    assert.equal(verifyWebhook(oddity, empty, secret), false, 'an oddity must not turn into the empty payload')
    assert.equal(verifyWebhook(payload, oddity, secret), false)
    if (oddity !== listed) assert.equal(verifyWebhook(payload, signature, oddity), false)
  }
  const hollow = Object.defineProperty(new Uint8Array(3), 'buffer', { value: Object.create(ArrayBuffer.prototype) })
  assert.equal(verifyWebhook(hollow, empty, secret), false, 'nor must a view of a buffer that is none')
  assert.throws(() => signWebhook(payload, zero), { code: 'invalid_secret' })
})

test('arbitrary arguments of arbitrary types give a boolean', () => {
  const anything = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withSparseArray: true,
    withNullPrototype: true,
    withUnicodeString: true,
  })
  fc.assert(
    fc.property(anything, anything, anything, anything, (...call) => typeof verifyWebhook(...call) === 'boolean'),
    { numRuns: 20_000 },
  )
})

test('of the six orders of the three texts, one is accepted', () => {
  const texts = [payload, signature, secret]
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ]
  const accepted = orders.filter((order) => verifyWebhook(...order.map((i) => texts[i])))
  assert.deepEqual(accepted, [[0, 1, 2]])
})

test('bytes made in another realm are bytes', () => {
  const foreign = vm.runInNewContext(`new Uint8Array([${new TextEncoder().encode(payload)}])`)
  assert.equal(verifyWebhook(foreign, signature, secret), true)
  assert.equal(verifyWebhook(foreign.buffer, signature, secret), true)
})

test('freshness cannot be turned off by a number that is none', () => {
  const now = 1_712_419_200
  const stale = signWebhook(payload, secret, { form: 'timestamped', timestamp: now - 301 })
  const with_ = (options) => verifyWebhook(payload, stale, secret, { form: 'timestamped', now, ...options })
  for (const tolerance of [NaN, -1, -Infinity, null, '1000', 1000n, [1000], new Date(), {}]) {
    assert.equal(with_({ toleranceSeconds: tolerance }), false)
  }
  for (const wrong of [NaN, -1, Infinity, null, String(now), BigInt(now), new Date(now * 1000), now * 1000]) {
    assert.equal(with_({ now: wrong }), false)
  }
  assert.equal(with_({}), false)
  assert.equal(with_({ toleranceSeconds: 301 }), true)
  assert.equal(with_({ toleranceSeconds: 301.9 }), true, 'floored')
  assert.equal(with_({ toleranceSeconds: 300.9 }), false, 'floored')
  assert.equal(with_({ now: now - 0.1 }), true, 'floored: 300 s ago')
  assert.equal(with_({ toleranceSeconds: Infinity }), true)
})

test('an option nobody knows is refused', () => {
  assert.equal(verifyWebhook(payload, signature, secret, { tolerance: 10 }), false)
})
