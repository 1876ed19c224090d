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

test('no claim of a full store looks at all the others', async () => {
  // Each look at a claim's expiry asked the clock; now each call asks it once, whatever the store holds.
  const counts = []
  for (const maxKeys of [10, 1000, 5000]) {
    let calls = 0
    const store = memoryStore({ maxKeys, now: () => (calls++, 1000) })
    for (let i = 0; i < maxKeys; i++) await store.claim(`live ${i}`, 60)
    calls = 0
    for (let i = 0; i < 10; i++) await assert.rejects(store.claim(`refused ${i}`, 60), /being handled/)
    await new Promise(setImmediate)
    counts.push(calls)
  }
  assert.deepEqual(counts, [20, 20, 20], 'a refused claim and the release that follows it')
})

test('leases that end in any order make room in that order', async () => {
  const { clock, store } = stopped({ maxKeys: 200 })
  const leases = Array.from({ length: 200 }, (_, i) => ((i * 67) % 200) + 1)
  for (const lease of leases) assert.equal(await stateOf(store, `${lease}`, lease), 'new')
  for (let elapsed = 1; elapsed <= 200; elapsed++) {
    await assert.rejects(store.claim('too early', 10), /being handled/)
    clock.seconds += 1
    if (elapsed < 200) assert.equal(await stateOf(store, `${elapsed + 1}`, 1), 'busy')
    assert.equal(await stateOf(store, `next ${elapsed}`, 1000), 'new')
  }
})

/** The store as a list that is searched from end to end. */
function slowStore(maxKeys, clock) {
  let claims = []
  const find = (key) => {
    claims = claims.filter((claim) => claim.key !== key || claim.until > clock.seconds)
    return claims.find((claim) => claim.key === key)
  }
  const forget = (dropped) => (claims = claims.filter((claim) => claim !== dropped))
  return {
    claim(key, leaseSeconds) {
      const held = find(key)
      if (held) return held.isDone ? 'done' : 'busy'
      if (claims.length >= maxKeys) {
        const active = claims.filter(({ isDone }) => !isDone).toSorted((a, b) => a.until - b.until)
        const spare = active[0]?.until <= clock.seconds ? active[0] : claims.find(({ isDone }) => isDone)
        if (!spare) return 'full'
        forget(spare)
      }
      claims.push({ key, isDone: false, until: clock.seconds + leaseSeconds })
      return 'new'
    },
    complete(key, ttlSeconds) {
      const held = find(key)
      if (!held) return false
      if (!held.isDone) claims = [...claims.filter((claim) => claim !== held), held]
      Object.assign(held, { isDone: true, until: clock.seconds + ttlSeconds })
      return true
    },
    release(key) {
      const held = find(key)
      if (!held || held.isDone) return false
      forget(held)
      return true
    },
  }
}

test('random calls have the answers of a slow store', async () => {
  let seed = 1
  const random = (below) => (seed = (seed * 48_271) % 2_147_483_647) % below
  const { clock, store } = stopped({ maxKeys: 8 })
  const slow = slowStore(8, clock)
  const tokens = {}
  const counts = {}
  for (let step = 0; step < 20_000; step++) {
    const key = `k${random(16)}`
    const seconds = 1 + random(40) + step / 1e6
    const call = ['claim', 'claim', 'complete', 'release', 'wait'][random(5)]
    if (call === 'wait') clock.seconds += random(8)
    else if (call === 'claim') {
      const { state, token } = await store.claim(key, seconds).catch(() => ({ state: 'full' }))
      assert.equal(state, slow.claim(key, seconds), `step ${step}`)
      if (state === 'new') tokens[key] = token
      counts[state] = (counts[state] ?? 0) + 1
    } else if (tokens[key]) {
      assert.equal(await store[call](key, tokens[key], seconds), slow[call](key, seconds), `step ${step}, ${call}`)
    }
  }
  for (const state of ['new', 'busy', 'done', 'full']) assert.ok(counts[state] > 100, state)
})

test('a change of the system clock moves no lease', async (t) => {
  const start = Date.now()
  for (const hours of [73, -10]) {
    const store = memoryStore()
    const done = await store.claim('done', 60)
    await store.complete('done', done.token, 72 * 3600)
    await store.claim('held', 60)
    const mocked = t.mock.method(Date, 'now', () => start + hours * 3_600_000)
    assert.deepEqual([await stateOf(store, 'done'), await stateOf(store, 'held')], ['done', 'busy'])
    assert.equal((await store.claim('other', 0.001)).state, 'new')
    await new Promise((resolve) => setTimeout(resolve, 20))
    assert.equal(await stateOf(store, 'other'), 'new')
    mocked.mock.restore()
  }
})

test('a runtime without a monotonic clock uses the system clock', async (t) => {
  const { performance } = globalThis
  t.after(() => (globalThis.performance = performance))
  globalThis.performance = undefined
  const store = memoryStore()
  assert.equal((await store.claim('a', 0.001)).state, 'new')
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.equal(await stateOf(store, 'a'), 'new')
  assert.equal(await stateOf(store, 'a'), 'busy')
})

test('wrong arguments are named', async () => {
  assert.throws(() => memoryStore({ maxKeys: '3' }), TypeError)
  assert.throws(() => memoryStore({ now: 1000 }), TypeError)
  for (const maxKeys of [0, 1.5, NaN, Infinity]) assert.throws(() => memoryStore({ maxKeys }), WebhookError)
  assert.throws(() => memoryStore({ max: 3 }), { code: 'invalid_option' })
})
