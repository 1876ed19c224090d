// Every store, over real clients and real servers, and in workerd.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { durableObjectStore } from 'hookproof/stores/durable-object'
import { memoryStore } from 'hookproof/stores/memory'
import { createTableSql, postgresStore } from 'hookproof/stores/postgres'
import { redisStore } from 'hookproof/stores/redis'
import { Miniflare } from 'miniflare'
import { packageModules } from './package-modules.js'
import { clients } from './stores/clients.js'
import { startProxy } from './stores/proxy.js'
import { startServer } from './stores/servers.js'
import { testStore } from './stores/suite.js'
import { startWorkerd } from './stores/workerd.js'

// What xtask could not install it names, and the rows of it are not here.
const available = (process.env.STORE_SERVERS ?? 'redis postgres').split(' ').filter(Boolean)

const running = { workerd: await startWorkerd(mkdtempSync(join(tmpdir(), 'workerd-'))) }
for (const name of available) running[name] = await startServer(name)
after(() => Promise.all(Object.values(running).map((server) => server.stop())))

const memory = memoryStore()
testStore('memory', () => ({ store: memory, close() {} }))
for (const [name, { server, connect }] of Object.entries(clients)) {
  if (available.includes(server)) testStore(name, () => connect(running[server].url))
}
testStore('durable object, SQLite', () => inWorkerd('SQLITE'))
testStore('durable object, key-value', () => inWorkerd('KEY_VALUE'))

function inWorkerd(binding) {
  const call =
    (name) =>
    (...args) =>
      running.workerd.call(binding, name, ...args)
  return { store: { claim: call('claim'), complete: call('complete'), release: call('release') }, close() {} }
}

test('a client that is none is refused at once, and the message says what is', () => {
  const wrong = [undefined, null, {}, 'redis://localhost', { eval() {} }, { query: 'text' }, () => {}]
  for (const client of wrong) {
    assert.throws(() => redisStore(client), { name: 'TypeError', message: /^client must be .*redis.*ioredis/ })
    assert.throws(() => postgresStore(client), { name: 'TypeError', message: /^pool must be a Pool of pg/ })
    assert.throws(() => durableObjectStore(client), { name: 'TypeError', message: /^namespace must be .*binding/ })
  }
  const pool = { query() {} }
  assert.throws(() => redisStore(pool), TypeError)
  assert.throws(() => redisStore({ eval() {}, evalSha() {} }, { prefix: 7 }), TypeError)
  assert.throws(() => redisStore({ eval() {}, evalSha() {} }, { prefx: '' }), { code: 'invalid_option' })
  assert.throws(() => postgresStore(pool, { table: 7 }), TypeError)
  for (const table of ['', 'a"b', 'a b', 'a; DROP TABLE b', 'a.b.c', '.a', 'é', '1a', 'x'.repeat(64)]) {
    assert.throws(() => postgresStore(pool, { table }), { code: 'invalid_option' })
    assert.throws(() => createTableSql({ table }), { code: 'invalid_option' })
  }
})

test('an answer that is no state is never taken for new', async () => {
  for (const answer of [null, undefined, '', 0, [], 4, 'OK', true, {}]) {
    const redis = redisStore({ evalSha() {}, eval: async () => answer })
    await assert.rejects(redis.claim('key', 60))
    const postgres = postgresStore({ query: async () => ({ rows: [{ state: answer }], rowCount: 1 }) })
    await assert.rejects(postgres.claim('key', 60))
    const object = { idFromName() {}, get: () => ({ fetch: async () => Response.json(answer ?? null) }) }
    await assert.rejects(durableObjectStore(object).claim('key', 60))
  }
  await assert.rejects(postgresStore({ query: async () => ({ rows: [] }) }).claim('key', 60))
  const failed = { idFromName() {}, get: () => ({ fetch: async () => Response.json('new', { status: 500 }) }) }
  await assert.rejects(durableObjectStore(failed).claim('key', 60))
})

test('a claim that was rejected is given back: nobody waits for that, and nobody hears where it fails', async () => {
  const failure = new Error('the release failed')
  const releases = [
    () => new Promise(() => {}),
    () => Promise.reject(failure),
    () => {
      throw failure
    },
  ]
  const asked = await Promise.all(
    releases.map(async (release) => {
      const asked = []
      const answer = async (script, { arguments: args }) => {
        asked.push(args)
        if (asked.length === 1) throw new Error('the answer was lost')
        return release()
      }
      const store = redisStore({ evalSha() {}, eval: answer })
      await assert.rejects(store.claim('', 60), TypeError)
      assert.deepEqual(asked, [], 'nothing was claimed')
      await assert.rejects(store.claim('key', 60), /the answer was lost/)
      await sleep(1500)
      return asked
    }),
  )
  for (const [claim, ...given] of asked)
    assert.ok(
      given.every((args) => args.join() === claim[0]),
      'by its token',
    )
  assert.deepEqual(
    asked.map((calls) => calls.length),
    [2, 3, 3],
    'one that failed is tried once more',
  )
})

for (const [name, { server, connect }] of Object.entries(clients)) {
  if (!available.includes(server)) continue
  test(`${name}: a claim whose answer was lost is given back`, async (t) => {
    const { proxy, lost, direct } = await throughProxy(t, server, connect)
    proxy.does = 'cuts'
    await assert.rejects(lost.claim(name, 60))
    proxy.does = 'passes'
    const end = Date.now() + 5000
    let state
    while (state !== 'new' && Date.now() < end) {
      ;({ state } = await direct.claim(name, 60))
      await sleep(20)
    }
    assert.equal(state, 'new')
  })

  // Nothing bounds a command of `redis` 4, and the documents say so.
  if (name === 'redis 4') continue
  test(`${name}: a server that does not answer is not waited for for ever`, async (t) => {
    const { proxy, lost } = await throughProxy(t, server, connect)
    proxy.does = 'holds'
    const start = performance.now()
    await assert.rejects(lost.claim(`${name} held`, 60))
    const seconds = (performance.now() - start) / 1000
    assert.ok(seconds > 2 && seconds < 9, `longer than an adapter, and not for ever: ${seconds} s`)
    proxy.does = 'passes'
    // The client is not closed for good.
    const end = Date.now() + 10_000
    let state
    while (state !== 'new' && Date.now() < end) {
      state = await lost.claim(`${name} after`, 60).then(
        (claim) => claim.state,
        () => sleep(100),
      )
    }
    assert.equal(state, 'new')
  })
}

/** A store over a connection through a proxy, which has been used, and one over a connection of its own. */
async function throughProxy(t, server, connect) {
  const proxy = await startProxy(running[server].url)
  const opened = [await connect(proxy.url), await connect(running[server].url)]
  t.after(async () => {
    await Promise.all(opened.map(({ close }) => close()))
    proxy.stop()
  })
  const [lost, direct] = opened.map(({ store }) => store)
  await lost.claim(randomUUID(), 60)
  return { proxy, lost, direct }
}

test('in workerd a binding that is missing is named as such', async () => {
  await assert.rejects(running.workerd.call('MISSING', 'claim', 'key', 60), {
    name: 'TypeError',
    message: /got undefined.*binding/,
  })
})

if (available.includes('redis')) {
  test('redis: a prefix keeps two applications apart, and every key expires', async (t) => {
    const { default: Redis } = await import('ioredis')
    const client = new Redis(running.redis.url)
    t.after(() => client.disconnect())
    const [one, two] = [redisStore(client, { prefix: 'one:' }), redisStore(client, { prefix: 'two:' })]
    const { token } = await one.claim('prefixed', 60)
    assert.equal((await two.claim('prefixed', 60)).state, 'new')
    assert.ok((await client.pttl('one:prefixed')) <= 60_000)
    assert.ok(await one.complete('prefixed', token, 3600))
    assert.ok((await client.pttl('one:prefixed')) > 60_000)
    // -1 is a key that never does, -2 one that did just now.
    for (const key of await client.keys('*')) assert.notEqual(await client.pttl(key), -1, key)
  })
}

if (available.includes('postgres')) {
  test('postgres: a table of any plain name, in a schema; pruning deletes what is over and nothing else', async (t) => {
    const { pool, close } = await clients.pg.connect(running.postgres.url)
    t.after(close)
    await pool.query('CREATE SCHEMA "Odd"')
    const options = { table: 'Odd.Select' }
    await pool.query(createTableSql(options))
    await pool.query(createTableSql(options))
    const store = postgresStore(pool, options)
    const claims = []
    for (let index = 0; index < 10; index++) claims.push(await store.claim(`key ${index}`, index < 5 ? 0.05 : 60))
    assert.ok(await store.complete('key 9', claims[9].token, 60))
    await sleep(200)
    assert.equal(await store.prune(), 5)
    assert.equal(await store.prune(), 0)
    assert.equal((await store.claim('key 0', 60)).state, 'new')
    assert.equal((await store.claim('key 8', 60)).state, 'busy')
    assert.equal((await store.claim('key 9', 60)).state, 'done')
    const found = await pool.query(`SELECT done FROM "Odd"."Select" WHERE key_sha256 = sha256('key 9')`)
    assert.deepEqual(found.rows, [{ done: true }])
  })

  test('postgres: a lease counts from when it is granted; one that is over by then is refused', async (t) => {
    const { pool, store, close } = await clients.pg.connect(running.postgres.url)
    t.after(close)
    const waiting = async (key, statement) => {
      const other = await pool.connect()
      await other.query('BEGIN')
      await other.query(`${statement} WHERE key_sha256 = sha256(convert_to($1, 'UTF8'))`, [key])
      const claim = store.claim(key, 1)
      const settled = claim.catch(() => {})
      await sleep(1500)
      await other.query('COMMIT')
      other.release()
      await settled
      return claim
    }
    const none = 'UPDATE hookproof_deliveries SET done = done'
    await store.claim('over', 0.01)
    await sleep(50)
    const granted = await waiting('over', none)
    assert.equal(granted.state, 'new')
    assert.equal((await store.claim('over', 60)).state, 'busy')
    assert.equal(await store.complete('over', granted.token, 60), true)
    assert.equal((await waiting('over', none)).state, 'done')

    await store.claim('held', 60)
    assert.equal((await waiting('held', none)).state, 'busy')

    // A row that another statement deletes is inserted anew, with the expiry from before the wait.
    await store.claim('deleted', 60)
    await assert.rejects(waiting('deleted', 'DELETE FROM hookproof_deliveries'), /no state/)
    assert.equal((await store.claim('deleted', 60)).state, 'new')
  })

  test('postgres: a role that may use the table and nothing else is enough', async (t) => {
    const { pool: owner, close } = await clients.pg.connect(running.postgres.url)
    await owner.query('CREATE ROLE claims LOGIN')
    const url = new URL(running.postgres.url)
    url.username = 'claims'
    const { default: pg } = await import('pg')
    const pool = new pg.Pool({ connectionString: url.href })
    t.after(async () => {
      await pool.end()
      await close()
    })
    await owner.query('GRANT SELECT, INSERT, UPDATE ON hookproof_deliveries TO claims')
    const store = postgresStore(pool)
    const { token } = await store.claim('granted', 60)
    await assert.rejects(store.release('granted', token), { code: '42501' })
    await assert.rejects(store.prune(), { code: '42501' })
    assert.equal(await store.complete('granted', token, 60), true)
    await owner.query('GRANT DELETE ON hookproof_deliveries TO claims')
    const other = await store.claim('granted too', 60)
    assert.equal(await store.release('granted too', other.token), true)
    assert.equal(typeof (await store.prune()), 'number')
  })

  test('postgres: under every isolation one of the copies is new, and its end is recorded while others come', async () => {
    for (const isolation of ['read committed', 'repeatable read', 'serializable']) {
      const { default: pg } = await import('pg')
      const options = `-c default_transaction_isolation=${isolation.replace(' ', '\\ ')}`
      const pool = new pg.Pool({ connectionString: running.postgres.url, options, max: 20 })
      const store = postgresStore(pool)
      for (let round = 0; round < 6; round++) {
        const claims = Array.from({ length: 50 }, () => store.claim(`${isolation} ${round}`, 60))
        const settled = await Promise.allSettled(claims)
        const states = settled.map((claim) => claim.value?.state ?? claim.reason.code).sort()
        assert.deepEqual(states, [...Array(49).fill('busy'), 'new'])
        const { token } = settled.find((claim) => claim.value.state === 'new').value
        const key = `${isolation} ${round}`
        const copies = Array.from({ length: 10 }, () => store.claim(key, 60))
        const end = round % 2 ? store.complete(key, token, 60) : store.release(key, token)
        const more = Array.from({ length: 10 }, () => store.claim(key, 60))
        assert.equal(await end, true)
        await Promise.all([...copies, ...more])
      }
      await pool.end()
    }
  })
}

for (const binding of ['SQLITE', 'KEY_VALUE']) {
  test(`durable object, ${binding}: what is over is deleted by its alarm, what is released at once`, async () => {
    const { store } = inWorkerd(binding)
    const stored = (key) => running.workerd.call(binding, 'stored', createHash('sha256').update(key).digest('hex'))
    const empty = { stored: [], alarm: null }

    const left = await store.claim('left', 0.1)
    assert.equal(left.state, 'new')
    const released = await store.claim('released', 60)
    assert.deepEqual((await stored('released')).stored, ['held'])
    assert.ok(await store.release('released', released.token))
    assert.deepEqual(await stored('released'), empty)

    const done = await store.claim('done', 60)
    assert.ok(await store.complete('done', done.token, 3600))
    const short = await store.claim('short', 60)
    assert.ok(await store.complete('short', short.token, 0.1))
    for (const key of ['left', 'short']) while ((await stored(key)).stored.length > 0) await sleep(50)
    for (const key of ['left', 'short']) assert.deepEqual(await stored(key), empty)

    const { stored: kept, alarm } = await stored('done')
    assert.deepEqual(kept, ['held'])
    assert.ok(alarm > Date.now() + 1_000_000, 'the alarm of the lease is that of the time to live now')
  })
}

const docs = readFileSync(new URL('./stores.md', import.meta.url), 'utf8')
const [redisLines, postgresLines, workerLines] = [...docs.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code)
const sqlLines = [...docs.matchAll(/^```sql\n(.*?)^```$/gms)].map(([, code]) => code)

test('the bounds are the same in the documents, the types and these tests', () => {
  const read = (path, base) => readFileSync(new URL(path, base), 'utf8')
  const entry = import.meta.resolve('hookproof/stores/postgres')
  const types = read('../../stores/postgres.d.ts', entry) + read('../../stores/redis.d.ts', entry)
  const tests = read('stores/clients.js', import.meta.url)
  const examples = ['query_timeout', 'connectionTimeoutMillis', 'pingInterval', 'socketTimeout']
  for (const name of [...examples, 'commandTimeout', 'maxRetriesPerRequest']) {
    const named = (text) => [...text.matchAll(new RegExp(`\\b${name}: (\\d+)`, 'g'))].map(([, value]) => value)
    const [expected, ...more] = named(tests)
    const isExample = examples.includes(name)
    assert.deepEqual([more, named(docs)], [[], Array(isExample ? 2 : 1).fill(expected)], name)
    assert.deepEqual(named(types), isExample ? [expected] : [], name)
  }
})

for (const [name, lines] of Object.entries({ redis: redisLines, postgres: postgresLines })) {
  if (!available.includes(name)) continue
  test(`the lines of docs/stores.md for ${name} run`, async () => {
    const url = new URL(running[name].url)
    if (name === 'postgres') {
      // As the role that the documents grant what is needed, after their migration.
      const { pool, close } = await clients.pg.connect(url.href)
      await pool.query('DROP TABLE hookproof_deliveries')
      await pool.query('CREATE ROLE receiver LOGIN')
      for (const statement of sqlLines) await pool.query(statement)
      await close()
      url.username = 'receiver'
    }
    const file = `docs-${name}.js`
    writeFileSync(
      new URL(file, import.meta.url),
      `${lines}\nconsole.log(await store.claim('docs', 60))\nprocess.exit()\n`,
    )
    const env = { ...process.env, REDIS_URL: url.href, DATABASE_URL: url.href }
    const said = execFileSync(process.execPath, [file], { cwd: import.meta.dirname, env, encoding: 'utf8' })
    assert.match(said, /state: 'new'/)
  })
}

test('the table, the worker and the wrangler config of docs/stores.md are the right ones', async () => {
  assert.ok(docs.includes(`\`\`\`sql\n${createTableSql()}\n\`\`\``))
  const config = JSON.parse(/^```json\n(.*?)^```$/ms.exec(docs)[1])
  const [{ name, class_name: className }] = config.durable_objects.bindings
  assert.deepEqual(config.migrations[0].new_sqlite_classes, [className])
  const miniflare = new Miniflare({
    modules: [{ type: 'ESModule', path: 'worker.js', contents: workerLines }, ...packageModules()],
    compatibilityDate: '2026-04-01',
    durableObjects: { [name]: { className, useSQLite: true } },
  })
  const states = []
  for (let index = 0; index < 2; index++) states.push(await (await miniflare.dispatchFetch('http://worker/')).text())
  await miniflare.dispose()
  assert.deepEqual(states, ['new', 'busy'])
})
