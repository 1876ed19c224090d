import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WebhookError } from 'hookproof'
import { memoryStore } from 'hookproof/stores/memory'

/** A store whose time stands still until it is set. */
function stopped(options) {
  const clock = { seconds: 1000 }
  return { clock, store: memoryStore({ now: () => clock.seconds, ...options }) }
}

const stateOf = async (store, key, leaseSeconds = 10) => (await store.claim(key, leaseSeconds)).state

test('a claim is new once, busy while it is held, done when it was completed, new when that is over', async () => {
  const { clock, store } = stopped()
  const { state, token } = await store.claim('a', 10)
  assert.equal(state, 'new')
  assert.equal(await stateOf(store, 'a'), 'busy')
  assert.equal(await stateOf(store, 'b'), 'new', 'another delivery')
  assert.equal(await store.complete('a', token, 100), true)
  assert.equal(await stateOf(store, 'a'), 'done')
  clock.seconds += 99.999
  assert.equal(await stateOf(store, 'a'), 'done')
  clock.seconds += 0.001
  assert.equal(await stateOf(store, 'a'), 'new')
})

test('of fifty at the same instant one is new', async () => {
  const { store } = stopped()
  const states = await Promise.all(Array.from({ length: 50 }, () => stateOf(store, 'a')))
  assert.deepEqual([states.filter((state) => state === 'new').length, states.includes('done')], [1, false])
})

test('what was released is new at once', async () => {
  const { store } = stopped()
  const { token } = await store.claim('a', 10)
  assert.equal(await store.release('a', token), true)
  assert.equal(await stateOf(store, 'a'), 'new')
})

test('a stale token completes and releases nothing', async () => {
  const { clock, store } = stopped()
  const first = await store.claim('a', 10)
  clock.seconds += 10
  assert.equal(await store.complete('a', first.token, 100), false, 'its lease is over')
  const second = await store.claim('a', 10)
  assert.equal(second.state, 'new')
  assert.equal(await store.complete('a', first.token, 100), false)
  assert.equal(await store.release('a', first.token), false)
  assert.equal(await stateOf(store, 'a'), 'busy')
  assert.equal(await store.complete('a', second.token, 100), true)
  assert.equal(await store.complete('a', second.token, 100), true, 'once more')
  assert.equal(await store.release('a', second.token), false, 'what is done stays done')
  assert.equal(await stateOf(store, 'a'), 'done')
})

test('a full store forgets what was done longest ago, and nothing that is being handled', async () => {
  const { clock, store } = stopped({ maxKeys: 3 })
  const held = await store.claim('held', 10)
  for (const key of ['a', 'b', 'c']) await store.complete(key, (await store.claim(key, 10)).token, 100)
  assert.equal(await stateOf(store, 'b'), 'done')
  assert.equal(await stateOf(store, 'a'), 'new', 'it was forgotten, and b is by this claim')
  assert.equal(await stateOf(store, 'b'), 'new', 'and c by this one')
  await assert.rejects(store.claim('c', 10), /3 deliveries that are being handled/)
  assert.equal(await stateOf(store, 'held'), 'busy')
  clock.seconds += 10
  assert.equal(await stateOf(store, 'c'), 'new', 'the leases are over')
  assert.equal(await store.complete('held', held.token, 100), false)
})

test('claims of handlers that died make room before anything that was done', async () => {
  const { clock, store } = stopped({ maxKeys: 3 })
  for (const key of ['dead', 'dead too']) await store.claim(key, 10)
  clock.seconds += 10
  for (const key of ['a', 'b', 'c']) await store.complete(key, (await store.claim(key, 10)).token, 100)
  for (const key of ['a', 'b', 'c']) assert.equal(await stateOf(store, key), 'done', key)
})

test('a clock that gives no time rejects the claim, and nothing is forgotten for it', async () => {
  const isNamed = (error) => error instanceof WebhookError && error.code === 'invalid_option'
  for (const time of [undefined, null, NaN, Infinity, -Infinity, '1000', 1000n, Promise.resolve(1000)]) {
    const { clock, store } = stopped({ maxKeys: 1 })
    clock.seconds = time
    for (let index = 0; index < 2; index++) await assert.rejects(store.claim('a', 10), isNamed)
    clock.seconds = 1000
    const { state, token } = await store.claim('a', 10)
    assert.equal(state, 'new')
    clock.seconds = time
    await assert.rejects(store.complete('a', token, 100), { code: 'invalid_option' })
    clock.seconds = 1000
    assert.equal(await store.complete('a', token, 100), true)
    clock.seconds = time
    await assert.rejects(store.claim('b', 10), { code: 'invalid_option' })
    clock.seconds = 1000
    assert.equal(await stateOf(store, 'a'), 'done')
  }
})

test('wrong arguments are named', async () => {
  assert.throws(() => memoryStore({ maxKeys: '3' }), TypeError)
  assert.throws(() => memoryStore({ now: 1000 }), TypeError)
  for (const maxKeys of [0, 1.5, NaN, Infinity]) assert.throws(() => memoryStore({ maxKeys }), WebhookError)
  assert.throws(() => memoryStore({ max: 3 }), { code: 'invalid_option' })
})
