// The one suite of stores. A row hands it `open`, which connects once more to the same claims.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

const rounds = 30
const copies = 50

/** Tests a store under a name. */
export function testStore(name, open) {
  describe(name, () => tests(name, open))
}

function tests(name, open) {
  const opened = []
  let store
  let other
  const key = () => `test:id:${randomUUID()}`
  const stateOf = async (key) => (await store.claim(key, 60)).state

  before(async () => {
    opened.push(await open(), await open())
    ;[store, other] = opened.map((connection) => connection.store)
  })
  after(() => Promise.all(opened.map((connection) => connection.close())))

  test('a delivery is new, then busy, then done', async () => {
    const id = key()
    const first = await store.claim(id, 60)
    const second = await other.claim(id, 60)
    assert.equal(first.state, 'new')
    assert.equal(second.state, 'busy')
    assert.notEqual(first.token, second.token)
    assert.equal(await other.complete(id, second.token, 60), false, 'a token of a busy claim does nothing')
    assert.equal(await other.release(id, second.token), false)
    assert.equal(await stateOf(id), 'busy')
    assert.equal(await other.complete(id, first.token, 60), true, 'over another connection')
    assert.equal(await stateOf(id), 'done')
    assert.equal(await store.complete(id, first.token, 60), true, 'sent again, as clients do')
    assert.equal(await store.release(id, first.token), false, 'what is done is not given back')
    assert.equal(await stateOf(id), 'done')
  })

  test('a released delivery is new at once, and the old token is stale', async () => {
    const id = key()
    const first = await store.claim(id, 60)
    assert.equal(await store.release(id, first.token), true)
    assert.equal(await store.release(id, first.token), false)
    assert.equal(await store.complete(id, first.token, 60), false)
    const second = await other.claim(id, 60)
    assert.equal(second.state, 'new')
    assert.notEqual(second.token, first.token)
    assert.equal(await store.release(id, first.token), false)
    assert.equal(await store.complete(id, first.token, 60), false)
    assert.equal(await stateOf(id), 'busy')
    assert.equal(await store.complete(id, second.token, 60), true)
  })

  test('a handler that outlives its lease cannot finish the next claim', async () => {
    const id = key()
    const first = await store.claim(id, 0.1)
    assert.equal(first.state, 'new')
    const second = await untilNew(other, id)
    assert.notEqual(second.token, first.token)
    assert.equal(await store.complete(id, first.token, 60), false)
    assert.equal(await stateOf(id), 'busy')
    assert.equal(await store.release(id, first.token), false)
    assert.equal(await stateOf(id), 'busy')
    assert.equal(await other.complete(id, second.token, 60), true)
    assert.equal(await store.release(id, first.token), false)
    assert.equal(await stateOf(id), 'done')
  })

  test('a token is stale when its lease is over, though nobody came after it', async () => {
    const [completed, released] = [key(), key()]
    const claims = [await store.claim(completed, 0.1), await store.claim(released, 0.1)]
    await sleep(300)
    assert.equal(await store.complete(completed, claims[0].token, 60), false)
    assert.equal(await store.release(released, claims[1].token), false)
    assert.equal(await stateOf(completed), 'new')
    assert.equal(await stateOf(released), 'new')
  })

  test('when its time to live is over a delivery is new again', async () => {
    const id = key()
    const { token } = await store.claim(id, 60)
    assert.equal(await store.complete(id, token, 0.1), true)
    const again = await untilNew(store, id)
    assert.equal(await store.complete(id, token, 60), false)
    assert.equal(await stateOf(id), 'busy')
    assert.equal(await store.complete(id, again.token, 60), true)
  })

  test('a time to live counts from the completion and is not the lease', async () => {
    const id = key()
    const { token } = await store.claim(id, 2)
    assert.equal(await store.complete(id, token, 60), true)
    await sleep(2300)
    assert.equal(await stateOf(id), 'done')
  })

  test(`${copies} copies at the same instant, over two connections: one is new`, async (t) => {
    const slowest = []
    for (let round = 0; round < rounds; round++) {
      const id = key()
      const start = performance.now()
      const claims = await atOnce(store, other, id)
      slowest.push(performance.now() - start)
      const winner = oneNew(claims)
      assert.equal(await store.complete(id, winner.token, 60), true)
      const late = await atOnce(store, other, id)
      assert.ok(late.every((claim) => claim.state === 'done'))
    }
    const median = slowest.sort((a, b) => a - b)[rounds / 2].toFixed(0)
    t.diagnostic(
      `figure: ${name.padEnd(28)} ${copies} at once, ${rounds} rounds: 1 new, ${copies - 1} busy each (${median} ms a round)`,
    )
  })

  test(`${copies} copies when a lease is over: one is new`, async () => {
    for (let round = 0; round < 5; round++) {
      const id = key()
      await store.claim(id, 0.05)
      await sleep(150)
      oneNew(await atOnce(store, other, id))
    }
  })

  test('copies while the holder gives the delivery back: at most one is new', async () => {
    for (let round = 0; round < rounds; round++) {
      const id = key()
      const { token } = await store.claim(id, 60)
      const [claims, released] = await Promise.all([atOnce(store, other, id), other.release(id, token)])
      assert.equal(released, true)
      const fresh = claims.filter((claim) => claim.state === 'new')
      assert.ok(fresh.length <= 1)
      assert.equal(await stateOf(id), fresh.length === 1 ? 'busy' : 'new')
    }
  })

  test('copies while the holder completes: none is new', async () => {
    for (let round = 0; round < rounds; round++) {
      const id = key()
      const { token } = await store.claim(id, 60)
      const [claims, completed] = await Promise.all([atOnce(store, other, id), other.complete(id, token, 60)])
      assert.equal(completed, true)
      assert.ok(claims.every((claim) => claim.state !== 'new'))
      assert.equal(await stateOf(id), 'done')
    }
  })

  test('any key is one of its own', async () => {
    const begin = key()
    const ends = [
      '',
      ' ',
      '\0',
      '\0\0',
      'é',
      'e\u0301',
      '漢字',
      '🪝',
      "'",
      '"',
      "'; DROP TABLE hookproof_deliveries; --",
      '%',
      '%00',
      '\\',
      '\\x00',
      '\n',
      '\r\n',
      '{}',
      '*',
      '?',
      '#',
      '/',
      '../',
      ':',
      'A',
      'a',
      'x'.repeat(8192),
      'x'.repeat(8193),
      '🪝'.repeat(2048),
    ]
    const claims = []
    for (const end of ends) {
      const claim = await store.claim(begin + end, 60)
      assert.equal(claim.state, 'new', JSON.stringify(end.slice(0, 40)))
      claims.push(claim)
    }
    for (const [index, end] of ends.entries()) {
      const id = begin + end
      assert.equal(await stateOf(id), 'busy')
      const others = claims[(index + 1) % claims.length].token
      assert.equal(await store.complete(id, others, 60), false, "another delivery's token")
      assert.equal(await store.complete(id, claims[index].token, 60), true)
      assert.equal(await stateOf(id), 'done')
    }
  })

  test('what is no key, token or number of seconds is refused', async () => {
    const { token } = await store.claim(key(), 60)
    for (const bad of [undefined, null, '', 7, {}, '\ud800']) {
      await assert.rejects(store.claim(bad, 60), { name: 'TypeError', message: /^key / })
      await assert.rejects(store.complete(bad, token, 60), { name: 'TypeError', message: /^key / })
      await assert.rejects(store.release(bad, token), { name: 'TypeError', message: /^key / })
      await assert.rejects(store.complete('k', bad, 60), { name: 'TypeError', message: /^token / })
      await assert.rejects(store.release('k', bad), { name: 'TypeError', message: /^token / })
    }
    for (const bad of [0, -1, 1e9 + 1]) {
      await assert.rejects(store.claim(key(), bad), { code: 'invalid_option', message: /^leaseSeconds / })
      await assert.rejects(store.complete('k', token, bad), { code: 'invalid_option', message: /^ttlSeconds / })
    }
    for (const bad of [undefined, null, '60']) {
      await assert.rejects(store.claim(key(), bad), { name: 'TypeError', message: /^leaseSeconds / })
      await assert.rejects(store.complete('k', token, bad), { name: 'TypeError', message: /^ttlSeconds / })
    }
    const longest = key()
    assert.equal((await store.claim(longest, 1e9)).state, 'new')
    assert.equal(await stateOf(longest), 'busy')
  })
}

function atOnce(store, other, id) {
  return Promise.all(Array.from({ length: copies }, (_, index) => (index % 2 ? other : store).claim(id, 60)))
}

function oneNew(claims) {
  const states = claims.map((claim) => claim.state).sort()
  assert.deepEqual(states, [...Array(copies - 1).fill('busy'), 'new'])
  assert.equal(new Set(claims.map((claim) => claim.token)).size, copies)
  return claims.find((claim) => claim.state === 'new')
}

async function untilNew(store, id) {
  for (;;) {
    const claim = await store.claim(id, 60)
    if (claim.state === 'new') return claim
    await sleep(20)
  }
}
