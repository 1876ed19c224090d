// Every adapter, in its real server, against every way in which a request comes. A table is printed at the end.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { Webhook } from 'hookproof'
import { receivers } from './receivers.js'

const now = 1_712_419_200
const hook = new Webhook('humiris', 'only for this test')
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
  { name: 'tampered', send: [{ headers: signed, chunks: [payload + ' '] }], statuses: [401], codes: ['signature_mismatch'] },
  { name: 'missing header', send: [{ chunks: [payload] }], statuses: [401], codes: ['missing_header'] },
  { name: 'parsed body', parsed: true, send: [{ headers: signed, chunks: [payload] }], statuses: [500], codes: ['payload_lost'] },
  { name: 'oversize', send: [{ headers: pairsOf(large), chunks: [large] }], options: SMALL, statuses: [413], codes: ['payload_too_large'] },
  { name: 'duplicate', send: Array(2).fill({ headers: signed, chunks: [payload] }), statuses: [200, 200], runs: 1 },
  { name: 'fails, retry', fails: 1, send: Array(2).fill({ headers: signed, chunks: [payload] }), statuses: [500, 200], codes: ['handler_failed'], runs: 2 },
  { name: 'chunked', send: [{ headers: signed, chunks: [...payload], length: false }], statuses: [200], runs: 1 },
  { name: 'chunked, oversize', send: [{ headers: pairsOf(large), chunks: Array(1000).fill('x'.repeat(5000)), length: false }], options: SMALL, statuses: [413], codes: ['payload_too_large'] },
  { name: 'header twice', send: [{ headers: [...signed, ...signed], chunks: [payload] }], statuses: [401] },
  { name: 'gzip', body: gzipSync(payload), send: [{ headers: [...pairsOf(gzipSync(payload)), ['Content-Encoding', 'gzip']], chunks: [gzipSync(payload)] }], statuses: [200], runs: 1 },
  { name: 'empty', body: Buffer.alloc(0), send: [{ headers: pairsOf('') }], statuses: [200], runs: 1 },
  { name: 'GET', send: [{ method: 'GET', length: false }], statuses: [405], allow: 'POST' },
]

const HTTP1 = [
  { name: 'Expect: 100', send: [{ headers: signed, chunks: [payload], expect: true }], statuses: [200], runs: 1 },
  { name: 'announced', send: [{ headers: signed, length: 5_000_000 }], options: SMALL, statuses: [413], codes: ['payload_too_large'] },
]

// A server that never answers fails its test and not the machine's patience.
const LIMIT = { timeout: 30_000 }

const table = []

for (const { name, client, start } of receivers) {
  const { post, hangUp } = client
  const row = { adapter: name }
  table.push(row)
  const cases = client.isHttp1 ? [...CASES, ...HTTP1] : CASES
  for (const each of cases) test(`${name}: ${each.name}`, LIMIT, (t) => receiveCase(t, each))

  async function receiveCase(t, each) {
    const { port, deliveries, rejected } = await started(t, each)
    const answers = []
    for (const request of each.send) answers.push(await post(port, request))
    row[each.name] = answers.map(({ status }) => status).join(' ')
    assert.deepEqual(answers.map(({ status }) => status), each.statuses)
    assert.equal(deliveries.length, each.runs ?? 0, 'the handler ran')
    if (each.codes) assert.deepEqual(rejected.map(({ code }) => code), each.codes)
    for (const bytes of deliveries) assert.deepEqual(Buffer.from(bytes), Buffer.from(each.body ?? payload))
    const { status, headers, body } = answers[0]
    assert.equal(headers.allow, each.allow)
    // One public body for every refusal, and nothing of the reason in any.
    if (status === 401) assert.equal(body, 'not verified\n')
    assert.ok(!body.includes('signature') && !body.includes('boom'), body)
    if (each.parsed) assert.match(rejected[0].message, /has read the body.*(mount|register|call) it|pass the Request/)
  }

  test(`${name}: two copies at the same instant run once`, LIMIT, async (t) => {
    let finish
    const { port, deliveries } = await started(t, { wait: new Promise((resolve) => (finish = resolve)) })
    const request = { headers: signed, chunks: [payload] }
    const first = post(port, request)
    while (deliveries.length === 0) await new Promise(setImmediate)
    const second = await post(port, request)
    assert.equal(second.status, 409)
    assert.equal(second.headers['retry-after'], '60')
    finish()
    assert.equal((await first).status, 200)
    assert.equal(deliveries.length, 1)
    row['at once'] = '200 409'
  })

  test(`${name}: an upload that is cut off runs nothing`, LIMIT, async (t) => {
    const { port, deliveries, rejected } = await started(t, {})
    await hangUp(port, signed)
    while (rejected.length === 0 && deliveries.length === 0) await new Promise(setImmediate)
    assert.equal(rejected[0]?.code, 'upload_aborted')
    assert.equal(deliveries.length, 0)
    assert.equal((await post(port, { headers: signed, chunks: [payload] })).status, 200, 'it goes on')
    row['cut off'] = '-'
  })

  async function started(t, { parsed, options, fails = 0, wait }) {
    const deliveries = []
    const rejected = []
    const handler = async (delivery) => {
      deliveries.push(delivery.bytes())
      if (deliveries.length <= fails) throw new Error('boom')
      await wait
    }
    const onReject = (code, details) => rejected.push(details)
    const { port, close } = await start([hook, handler, { now, onReject, ...options }], parsed)
    t.after(close)
    return { port, deliveries, rejected }
  }
}

after(() => {
  const names = Object.keys(Object.assign({}, ...table))
  const widths = names.map((name) => Math.max(name.length, ...table.map((row) => (row[name] ?? '').length)))
  const line = (cells) => console.log(cells.map((cell = '', index) => cell.padEnd(widths[index])).join(' │ '))
  line(names)
  for (const row of table) line(names.map((name) => row[name]))
})
