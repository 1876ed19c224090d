// Every adapter, in its real server, against every way in which a request comes. A table is printed at the end.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { hook, now } from './adapters/endpoint.js'
import { runtimes } from './adapters/runtimes.js'
import { http1 } from './client.js'
import { receivers } from './receivers.js'

const payload = JSON.stringify({ type: 'email.received', data: { subject: 'Grüße 👋' } })
const signed = pairsOf(payload)
const SMALL = { maxPayloadBytes: 1000 }
// More than the sockets between take in, so that the sender is still sending when it is answered.
const large = 'x'.repeat(5_000_000)

function pairsOf(body) {
  return Object.entries(hook.sign(body, { timestamp: now }))
}

/** What is sent, one after the other, and what each is answered; how often the handler then has run. */
const CASES = [
  { name: 'valid', send: [{ headers: signed, chunks: [payload] }], statuses: [200], runs: 1 },
  {
    name: 'tampered',
    send: [{ headers: signed, chunks: [payload + ' '] }],
    statuses: [401],
    codes: ['signature_mismatch'],
  },
  { name: 'missing header', send: [{ chunks: [payload] }], statuses: [401], codes: ['missing_header'] },
  {
    name: 'parsed body',
    parsed: true,
    send: [{ headers: signed, chunks: [payload] }],
    statuses: [500],
    codes: ['payload_lost'],
  },
  {
    name: 'oversize',
    send: [{ headers: pairsOf(large), chunks: [large] }],
    options: SMALL,
    statuses: [413],
    codes: ['payload_too_large'],
  },
  { name: 'duplicate', send: Array(2).fill({ headers: signed, chunks: [payload] }), statuses: [200, 200], runs: 1 },
  {
    name: 'fails, retry',
    fails: 1,
    send: Array(2).fill({ headers: signed, chunks: [payload] }),
    statuses: [500, 200],
    codes: ['handler_failed'],
    runs: 2,
  },
  { name: 'chunked', send: [{ headers: signed, chunks: [...payload], length: false }], statuses: [200], runs: 1 },
  {
    name: 'chunked, oversize',
    send: [{ headers: pairsOf(large), chunks: Array(1000).fill('x'.repeat(5000)), length: false }],
    options: SMALL,
    statuses: [413],
    codes: ['payload_too_large'],
  },
  { name: 'header twice', send: [{ headers: [...signed, ...signed], chunks: [payload] }], statuses: [401] },
  {
    name: 'gzip',
    body: gzipSync(payload),
    send: [{ headers: [...pairsOf(gzipSync(payload)), ['Content-Encoding', 'gzip']], chunks: [gzipSync(payload)] }],
    statuses: [200],
    runs: 1,
  },
  { name: 'empty', body: Buffer.alloc(0), send: [{ headers: pairsOf('') }], statuses: [200], runs: 1 },
  { name: 'GET', send: [{ method: 'GET', length: false }], statuses: [405], allow: 'POST' },
  { name: 'Expect: 100', send: [{ headers: signed, chunks: [payload], expect: true }], statuses: [200], runs: 1 },
  {
    name: 'announced',
    send: [{ headers: signed, length: 5_000_000 }],
    options: SMALL,
    statuses: [413],
    codes: ['payload_too_large'],
  },
]

// A server that never answers fails its test and not the machine's patience.
const LIMIT = { timeout: 30_000 }

const table = []

for (const { name, start, stop, client = http1, lacks = [], closes = false } of [...receivers, ...runtimes]) {
  const { post, hangUp } = client
  const row = { adapter: name }
  table.push(row)
  const cases = CASES.filter((each) => !lacks.includes(each.name))
  for (const each of cases) test(`${name}: ${each.name}`, LIMIT, (t) => receiveCase(t, each))

  async function receiveCase(t, each) {
    const { port, path, seen } = await started(t, each)
    const answers = []
    for (const request of each.send) answers.push(await post(port, { path, ...request }))
    const { deliveries, rejected } = await seen()
    row[each.name] = answers.map(({ status }) => status).join(' ')
    const heard = ({ status }) => (closes && status === 'closed' ? 413 : status)
    assert.deepEqual(answers.map(heard), each.statuses)
    assert.equal(deliveries.length, each.runs ?? 0, 'the handler ran')
    if (each.codes)
      assert.deepEqual(
        rejected.map(({ code }) => code),
        each.codes,
      )
    for (const base64 of deliveries) assert.deepEqual(Buffer.from(base64, 'base64'), Buffer.from(each.body ?? payload))
    const { status, headers, body } = answers[0]
    assert.equal(headers.allow, each.allow)
    // One public body for every refusal, and nothing of the reason in any.
    if (status === 401) assert.equal(body, 'not verified\n')
    assert.ok(!body.includes('signature') && !body.includes('boom'), body)
    if (each.parsed) assert.match(rejected[0].message, /has read the body.*(mount|register|call) it|pass the Request/)
  }

  test(`${name}: two copies at the same instant run once`, LIMIT, async (t) => {
    const { port, path, seen, finish } = await started(t, { waits: true })
    const request = { path, headers: signed, chunks: [payload] }
    const first = post(port, request)
    while ((await seen()).deliveries.length === 0) await new Promise(setImmediate)
    const second = await post(port, request)
    assert.equal(second.status, 409)
    assert.equal(second.headers['retry-after'], '60')
    await finish()
    assert.equal((await first).status, 200)
    assert.equal((await seen()).deliveries.length, 1)
    row['at once'] = '200 409'
  })

  test(`${name}: an upload that is cut off runs nothing`, LIMIT, async (t) => {
    const { port, path, seen } = await started(t, {})
    await hangUp(port, signed, path)
    while ((await seen()).rejected.length === 0) await new Promise(setImmediate)
    const { deliveries, rejected } = await seen()
    assert.equal(rejected[0].code, 'upload_aborted')
    assert.equal(deliveries.length, 0)
    assert.equal((await post(port, { path, headers: signed, chunks: [payload] })).status, 200, 'it goes on')
    row['cut off'] = '-'
  })

  async function started(t, { parsed, options, fails, waits }) {
    const endpoint = await start({ parsed, options, fails, waits })
    t.after(endpoint.close)
    return endpoint
  }

  after(stop)
}

after(() => {
  const names = Object.keys(Object.assign({}, ...table))
  const widths = names.map((name) => Math.max(name.length, ...table.map((row) => (row[name] ?? '').length)))
  const line = (cells) => console.log(cells.map((cell = '', index) => cell.padEnd(widths[index])).join(' │ '))
  line(names)
  for (const row of table) line(names.map((name) => row[name]))
})
