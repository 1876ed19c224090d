// One adapter of `cargo xtask proof soak`: `node --expose-gc proof/soak.js ADAPTER REQUESTS` serves it, has a process of
// its own send the requests, and prints the figures as JSON. It fails for a status that is not the expected one, for a
// delivery that was not handled exactly once, and for memory, sockets or timers that grow.
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { memoryStore } from 'hookproof/stores/memory'
import { SERVERS } from '../receivers.js'
import { hook, LANES, MAX_PAYLOAD_BYTES, MIX } from './deliveries.js'

const MIB = 2 ** 20
// Measured after each part of the requests. The first two warm up: compiled code, pools and a full store.
const PARTS = 10
const WARM = 2
// Growth beyond these bounds is drift. In the default run, 27 bytes a request would exceed the heap's bound,
// and so would a store that keeps every delivery.
const HEAP_BOUND = 4 * MIB
const RSS_BOUND = 48 * MIB
// Far fewer than there are deliveries, so that the store is full and forgets all the time.
const MAX_KEYS = 1000

const [adapter, requests] = [process.argv[2], Number(process.argv[3])]
const STEP = PARTS * MIX.length
assert.ok(
  requests > 0 && requests % STEP === 0,
  `the number of requests must be a multiple of ${STEP}, got ${process.argv[3]}`,
)
// Counts how often each delivery was handled. It is allocated before the first measurement, so it adds no growth.
const runs = new Uint8Array(requests)
const rejected = {}
const { port, close } = await SERVERS[adapter]([
  hook,
  (delivery) => void runs[delivery.json().number]++,
  {
    store: memoryStore({ maxKeys: MAX_KEYS }),
    maxPayloadBytes: MAX_PAYLOAD_BYTES,
    onReject: (code) => (rejected[code] = (rejected[code] ?? 0) + 1),
  },
])

const sender = fork(new URL('soak-sender.js', import.meta.url), [String(port)], { execArgv: [] })
const measured = []
const outcomes = {}
let seconds = 0
for (let part = 0; part < PARTS; part++) {
  sender.send({ from: (part * requests) / PARTS, to: ((part + 1) * requests) / PARTS })
  const [sent] = await once(sender, 'message')
  assert.deepEqual(sent.wrong, [], `${adapter}: these answers were not expected`)
  for (const [outcome, count] of Object.entries(sent.outcomes)) outcomes[outcome] = (outcomes[outcome] ?? 0) + count
  seconds += sent.seconds
  measured.push(measure())
  console.error(`${adapter}: ${part + 1} of ${PARTS}, ${JSON.stringify(measured.at(-1))}`)
}
sender.send('end')
await once(sender, 'exit')

const [start, end] = [measured[WARM - 1], measured.at(-1)]
for (const [name, bound] of [
  ['heap', HEAP_BOUND],
  ['rss', RSS_BOUND],
]) {
  const grown = end[name] - start[name]
  assert.ok(
    grown <= bound,
    `${adapter}: ${name} grew by ${(grown / MIB).toFixed(1)} MiB; the bound is ${bound / MIB} MiB`,
  )
}
for (const { sockets, timers } of measured) {
  assert.ok(sockets <= LANES, `${adapter}: ${sockets} sockets were open for ${LANES} senders`)
  assert.ok(
    timers <= LANES + start.timers,
    `${adapter}: ${timers} timers were active, and ${start.timers} at the start`,
  )
}
for (let number = 0; number < requests; number++) {
  const expected = MIX[number % MIX.length] === 'valid' ? 1 : 0
  assert.equal(runs[number], expected, `${adapter}: the handler ran ${runs[number]} times for delivery ${number}`)
}
assert.deepEqual(rejected, {
  signature_mismatch: outcomes.tampered,
  missing_header: outcomes['missing header'],
  payload_too_large: outcomes.oversize,
})
await close()
console.log(JSON.stringify({ requests, outcomes, start, end, perSecond: requests / seconds }))

function measure() {
  // The second collection frees what the finalizers of the first let go.
  for (let i = 0; i < 2; i++) globalThis.gc()
  const { heapUsed, rss } = process.memoryUsage()
  const active = process.getActiveResourcesInfo()
  const count = (name) => active.filter((each) => each === name).length
  return { heap: heapUsed, rss, sockets: count('TCPSocketWrap'), timers: count('Timeout') }
}
