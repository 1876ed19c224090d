// What is lost when processes are killed: a receiver in the middle of its handlers, a server under its receivers.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { clients } from './stores/clients.js'
import { deliveryOf, keyOf } from './stores/deliveries.js'
import { startServer } from './stores/servers.js'
import { startWorkerd } from './stores/workerd.js'

const available = (process.env.STORE_SERVERS ?? 'redis postgres').split(' ').filter(Boolean)

for (const client of ['redis 6', 'ioredis 6', 'pg']) {
  if (available.includes(clients[client].server)) describe(client, () => crashes(client))
}

function crashes(client) {
  const figure = (t, what) => t.diagnostic(`figure: ${client.padEnd(28)} ${what}`)

  test('50 copies at the same instant to two processes run once', async (t) => {
    const { start, log } = await place(t, client)
    const receivers = [
      await start({ leaseSeconds: 60, milliseconds: 20 }),
      await start({ leaseSeconds: 60, milliseconds: 20 }),
    ]
    const ids = names('copy', 20)
    for (const id of ids) {
      const copies = Array.from({ length: 50 }, (_, index) => receivers[index % 2].deliver(id))
      const statuses = await Promise.all(copies)
      assert.ok(statuses.includes(200))
      assert.ok(
        statuses.every((status) => status === 200 || status === 409),
        statuses.join(),
      )
    }
    assert.deepEqual(log('started'), ids)
    assert.deepEqual(log('ran'), ids)
    figure(t, `50 copies to 2 processes, ${ids.length} deliveries: ${log('ran').length} handler runs`)
  })

  test('kill -9 of the receiver in the middle of its handlers', async (t) => {
    const { start, log } = await place(t, client)
    const [before, during] = [names('before', 10), names('during', 20)]
    const quick = await start({ leaseSeconds: 60, milliseconds: 1 })
    assert.deepEqual(
      await deliverAll(quick, before),
      before.map(() => 200),
    )
    await quick.kill()

    const slow = await start({ leaseSeconds: 4, milliseconds: 60_000 })
    const cut = Promise.allSettled(during.map((id) => slow.deliver(id)))
    await until(() => log('started').length === before.length + during.length)
    await slow.kill()
    assert.ok((await cut).every((answer) => answer.status === 'rejected'))
    assert.deepEqual(log('ran').sort(), before, 'no handler came to its end')

    const again = await start({ leaseSeconds: 60, milliseconds: 1 })
    const busy = await deliverUntilHandled(again, [...before, ...during])
    assert.deepEqual(log('ran').sort(), [...before, ...during].sort(), 'each once')
    assert.deepEqual(new Set(await deliverAll(again, [...before, ...during])), new Set([200]))
    assert.equal(log('ran').length, before.length + during.length, 'and not again')
    figure(
      t,
      `receiver killed with ${during.length} in the handler: ${busy} × 409 until the lease was over, then ${during.length} ran, 0 lost, 0 twice`,
    )
  })

  test('kill -9 of the server under its receiver', async (t) => {
    const { server, start, log } = await place(t, client)
    const [before, during, after] = [names('before', 10), names('during', 10), names('after', 20)]
    const receiver = await start({ leaseSeconds: 5, milliseconds: 500 })
    assert.deepEqual(
      await deliverAll(receiver, before),
      before.map(() => 200),
    )

    const held = deliverAll(receiver, during)
    await until(() => log('started').length === before.length + during.length)
    await server.kill()
    assert.deepEqual(
      await held,
      during.map(() => 503),
      'handled, and nobody knows',
    )
    assert.deepEqual(
      await deliverAll(receiver, [...before, ...after]),
      [...before, ...after].map(() => 503),
    )
    assert.ok(
      log('started').every((id) => !after.includes(id)),
      'nothing runs without a claim',
    )

    await server.restart()
    await deliverUntilHandled(receiver, [...before, ...during, ...after])
    const ran = log('ran')
    const times = (ids) => new Set(ids.map((id) => ran.filter((other) => other === id).length))
    assert.deepEqual(times(before), new Set([1]), 'completed before the crash: not again')
    assert.deepEqual(times(during), new Set([2]), 'whose completion nobody could record: again')
    assert.deepEqual(times(after), new Set([1]))
    assert.deepEqual(new Set(await deliverAll(receiver, [...before, ...during, ...after])), new Set([200]))
    assert.equal(log('ran').length, ran.length)
    figure(
      t,
      `server killed: ${during.length + before.length + after.length} × 503, 0 × 200, 0 ran unclaimed; after its restart all handled, 0 lost, ${before.length} completed before: 0 again`,
    )
  })
}

describe('durable object', () => {
  test('kill -9 of workerd in the middle of its handlers', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'workerd-'))
    const ids = names('during', 20)
    const receive = (workerd, milliseconds, leaseSeconds) => (id) =>
      workerd.call('SQLITE', 'receive', id, milliseconds, leaseSeconds)

    const first = await startWorkerd(folder)
    const cut = Promise.allSettled(ids.map(receive(first, 60_000, 3)))
    for (const id of ids) {
      await until(async () => (await first.call('SQLITE', 'stored', nameOf(id))).stored.length > 0)
    }
    await first.kill()
    assert.ok((await cut).every((answer) => answer.status === 'rejected'))

    const second = await startWorkerd(folder)
    t.after(() => second.stop())
    let [busy, ran] = [0, 0]
    for (const id of ids) {
      for (;;) {
        const answer = await receive(second, 1, 60)(id)
        ran += answer.ran
        if (answer.status === 200) break
        assert.equal(answer.status, 409)
        busy += 1
        await sleep(50)
      }
    }
    assert.equal(ran, ids.length)
    const repeated = await Promise.all(ids.map(receive(second, 1, 60)))
    assert.deepEqual(
      repeated,
      ids.map(() => ({ status: 200, ran: 0 })),
    )
    t.diagnostic(
      `figure: ${'durable object'.padEnd(28)} workerd killed with ${ids.length} in the handler: ${busy} × 409 until the lease was over, then ${ran} ran, 0 lost, 0 twice`,
    )
  })

  test('an object that is gone', async (t) => {
    const workerd = await startWorkerd(mkdtempSync(join(tmpdir(), 'workerd-')))
    t.after(() => workerd.stop())
    await assert.rejects(workerd.call('GONE', 'claim', 'key', 60))
    await assert.rejects(workerd.call('GONE', 'complete', 'key', 'token', 60))
    await assert.rejects(workerd.call('GONE', 'release', 'key', 'token'))
    const answers = await Promise.all(names('gone', 20).map((id) => workerd.call('GONE', 'receive', id, 1, 60)))
    assert.deepEqual(
      answers,
      answers.map(() => ({ status: 503, ran: 0 })),
    )
    t.diagnostic(`figure: ${'durable object'.padEnd(28)} object gone: ${answers.length} × 503, 0 ran unclaimed`)
  })
})

/** A server of its own, receivers over it, and the file in which their handlers leave their lines. */
async function place(t, client) {
  const server = await startServer(clients[client].server)
  const file = join(mkdtempSync(join(tmpdir(), 'effects-')), 'log.txt')
  writeFileSync(file, '')
  const receivers = []
  t.after(async () => {
    for (const receiver of receivers) await receiver.kill()
    await server.stop()
  })
  const start = async (options) => {
    receivers.push(await startReceiver(client, server.url, file, options))
    return receivers.at(-1)
  }
  const log = (what) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith(`${what} `))
      .map((line) => line.slice(what.length + 1))
  return { server, start, log }
}

async function startReceiver(client, url, file, { leaseSeconds, milliseconds }) {
  const args = ['receiver.js', client, url, file, leaseSeconds, milliseconds].map(String)
  const child = spawn(process.execPath, args, {
    cwd: join(import.meta.dirname, 'stores'),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [address] = await once(child.stdout, 'data')
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  const deliver = async (id) => {
    const answer = await fetch(String(address).trim(), deliveryOf(id))
    return answer.status
  }
  return { deliver, kill }
}

function deliverAll(receiver, ids) {
  return Promise.all(ids.map((id) => receiver.deliver(id)))
}

/** Sends again what was not handled, as providers do; gives how often it was busy. */
async function deliverUntilHandled(receiver, ids) {
  let busy = 0
  while (ids.length > 0) {
    const statuses = await deliverAll(receiver, ids)
    assert.ok(
      statuses.every((status) => [200, 409, 503].includes(status)),
      statuses.join(),
    )
    busy += statuses.filter((status) => status === 409).length
    ids = ids.filter((_, index) => statuses[index] !== 200)
    await sleep(100)
  }
  return busy
}

const names = (kind, count) => Array.from({ length: count }, (_, index) => `${kind}-${index}`)

const nameOf = (id) => createHash('sha256').update(keyOf(id)).digest('hex')

async function until(holds) {
  while (!(await holds())) await sleep(10)
}
