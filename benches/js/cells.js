// What is measured in one process: cells, each a table's name, a row, a payload's size and the contestants
// that meet there. A cell's result is handed on as soon as it is there.
import { contestants, HASH_WASM, HOOKPROOF, KEPT, RECIPE, SECRET, STANDARD } from './contestants.js'
import { batchMsFor, measure, median, timesAsFast } from './measure.js'
import { linearMemoryBytes } from './memory.js'
import { asTaken, base64, hex, hmac, payloads, SIZES } from './payloads.js'

const KINDS = ['ascii', 'mixed', 'cjk', 'bytes']
const PROVIDERS = ['immutis', 'immune', 'humiris', 'kyc', 'imtegrate', 'github', 'stripe', 'standard-webhooks']
// The headers of a request other than its provider's.
const OTHER_HEADERS = {
  host: 'example.com',
  'user-agent': 'sender/1.0',
  accept: '*/*',
  'accept-encoding': 'gzip',
  'content-type': 'application/json',
  'content-length': '512',
  connection: 'keep-alive',
  'x-forwarded-for': '192.0.2.1',
  'x-forwarded-proto': 'https',
  'x-request-id': '7f1c',
}
// Against whom a runtime is measured: the first of these that runs there.
const BASELINES = [RECIPE, KEPT, STANDARD]
// Beside ASCII text only these are measured, and also where hookproof's own hash is: the others are known by then.
const CHIEF = [HOOKPROOF, ...BASELINES, HASH_WASM]

/**
 * Measures the tables that `only` names, or all, and hands each cell to `tell`. With `chief` only the chief
 * contestants meet; `quick` measures less often, and fewer cells.
 */
export async function run({ quick, only, chief }, tell) {
  const pace = quick
    ? { batchMs: batchMsFor(1, 8), rounds: 7, cellMs: 400 }
    : { batchMs: batchMsFor(2, 20), rounds: 11, cellMs: 1500 }
  const { ready, absent } = await makeContestants()
  tell({ table: 'absent', absent })
  await warmUp(ready)
  const bench = { pace, ready, quick, tell, chief }
  for (const [name, table] of Object.entries(TABLES)) {
    if (!only || only.includes(name)) await table(bench)
  }
}

// Memory comes first: what grew for another cell must not hide what a payload does.
const TABLES = { memory, sizes, providers, rejections, secrets, candidates }

async function makeContestants() {
  const ready = []
  const absent = {}
  for (const [name, make] of Object.entries(contestants)) {
    try {
      const contestant = { name, ...(await make()) }
      const [bytes] = payloads('ascii', 128)
      const right = await contestant.verify(asTaken('ascii', bytes), await contestant.prove(bytes))
      if (right !== true) throw new Error(`said ${right} to an honest delivery`)
      ready.push(contestant)
    } catch (error) {
      absent[name] = String(error?.message ?? error).split('\n')[0]
    }
  }
  if (!ready.some(({ name }) => name === HOOKPROOF)) throw new Error(`hookproof does not run: ${absent[HOOKPROOF]}`)
  return { ready, absent }
}

// A second or two of everyone, thrown away: the first cells must not be about who was compiled first.
async function warmUp(ready) {
  for (const bytes of [128, 4096]) {
    const contest = []
    for (const contestant of ready) contest.push(await entrant(contestant, 'ascii', bytes))
    await measure(contest, { batchMs: 2, rounds: Infinity, cellMs: 800 })
  }
}

async function sizes({ pace, ready, quick, chief, tell }) {
  for (const kind of KINDS) {
    const all = kind === 'ascii' && !chief
    const meeting = ready.filter(
      ({ name, takesBytes }) => (all || CHIEF.includes(name)) && (kind !== 'bytes' || takesBytes),
    )
    for (const bytes of kind === 'ascii' || !quick ? SIZES : QUICK_SIZES) {
      const contest = []
      for (const contestant of meeting) contest.push(await entrant(contestant, kind, bytes))
      tell(await cell({ table: 'sizes', row: kind, bytes }, contest, pace))
    }
  }
}

const QUICK_SIZES = [512, 4096, 65_536]

async function entrant({ name, prove, verify }, kind, bytes) {
  const made = payloads(kind, bytes)
  const proofs = []
  for (const payload of made) proofs.push(await prove(payload))
  // New strings for each batch: whatever a runtime keeps beside a string serves one contestant once.
  const fresh = () => made.map((payload, index) => [asTaken(kind, payload), proofs[index]])
  return { name, fresh, verify }
}

// `check` with each provider's headers, against its recipe over the same content.
async function providers({ pace, ready, tell }) {
  const { Webhook } = await import('hookproof')
  const recipe = ready.find(({ name }) => BASELINES.includes(name))
  for (const provider of PROVIDERS) {
    const hook = new Webhook(
      provider,
      provider === 'standard-webhooks' ? base64(new TextEncoder().encode(SECRET)) : SECRET,
    )
    const check = (payload, headers) => hook.check(payload, headers).ok
    const prove = async (bytes) => ({ ...OTHER_HEADERS, ...hook.sign(bytes) })
    for (const bytes of [512, 4096]) {
      const contest = [
        await entrant(recipe, 'ascii', bytes),
        await entrant({ name: HOOKPROOF, prove, verify: check }, 'ascii', bytes),
      ]
      tell(await cell({ table: 'providers', row: provider, bytes }, contest, pace))
    }
  }
}

// What a refusal takes beside a verify of the same payload.
async function rejections({ pace, quick, tell }) {
  const { verifyWebhook } = await import('hookproof')
  const now = Math.floor(Date.now() / 1000)
  const timestamped = async (bytes, timestamp) => {
    return `t=${timestamp},v1=${hex(await hmac(SECRET, `${timestamp}.`, bytes))}`
  }
  const bare = async (bytes) => hex(await hmac(SECRET, bytes))
  const cases = [
    {
      row: 'malformed header',
      form: 'hex',
      good: bare,
      bad: async () => 'no signature at all, but a text of about that length, 64',
    },
    { row: 'wrong tag', form: 'hex', good: bare, bad: async () => '0'.repeat(64) },
    {
      row: 'stale timestamp',
      form: 'timestamped',
      good: (bytes) => timestamped(bytes, now),
      bad: (bytes) => timestamped(bytes, now - 86_400),
    },
  ]
  for (const { row, form, good, bad } of cases) {
    const options = { form }
    const verify = (payload, signature) => verifyWebhook(payload, signature, SECRET, options)
    for (const bytes of quick ? [1024, 1_048_576] : [128, 1024, 65_536, 1_048_576]) {
      const contest = [
        await entrant({ name: 'verified', prove: good, verify }, 'ascii', bytes),
        { ...(await entrant({ name: HOOKPROOF, prove: bad, verify }, 'ascii', bytes)), verdict: false },
      ]
      tell(await cell({ table: 'rejections', row, bytes }, contest, pace))
    }
  }
}

// Many secrets in turn: verifyWebhook finds the keys of some thousand again, and a Webhook keeps its own.
async function secrets({ pace, ready, quick, tell }) {
  const rival = await manySecrets(ready)
  if (!rival) return
  const { verifyWebhook, Webhook } = await import('hookproof')
  const options = { form: 'hex' }
  const verify = (payload, { signature, secret }) => verifyWebhook(payload, signature, secret, options)
  const check = (payload, { hook, headers }) => hook.check(payload, headers).ok
  const name = Object.keys(new Webhook('immutis', SECRET).sign('{}'))[0]
  const bytes = payloads('ascii', 512)
  for (const many of quick ? [1, 1000] : [1, 1000, 100_000]) {
    const proofs = []
    for (let index = 0; index < Math.max(many, bytes.length); index++) {
      const secret = `${SECRET} number ${index % many}`
      const signature = hex(await hmac(secret, bytes[index % bytes.length]))
      const hook = index < many ? new Webhook('immutis', secret) : proofs[index % many].hook
      proofs.push({ secret, signature, hook, headers: { ...OTHER_HEADERS, [name]: signature } })
    }
    for (const [row, own] of [
      [`verifyWebhook, ${many}`, verify],
      [`check, ${many}`, check],
    ]) {
      const contest = [rival, { name: HOOKPROOF, verify: own }]
      tell(
        await cell(
          { table: 'secrets', row, bytes: 512 },
          contest.map((each) => ({ ...each, fresh: inTurn(proofs, bytes) })),
          pace,
        ),
      )
    }
  }
}

// Batches that go on where the one before ended, however many calls it made.
function inTurn(proofs, bytes) {
  let at = 0
  return () => {
    const texts = bytes.map((each) => asTaken('ascii', each))
    const calls = Array.from({ length: Math.min(proofs.length, 4096) }, (_, index) => {
      const next = (at + index) % proofs.length
      return [texts[next % texts.length], proofs[next]]
    })
    at = (at + calls.length) % proofs.length
    return calls
  }
}

// The recipe for any secret, where there is node:crypto.
async function manySecrets(ready) {
  if (!ready.some(({ name }) => name === RECIPE)) return undefined
  const { createHmac, timingSafeEqual } = await import('node:crypto')
  const { Buffer } = await import('node:buffer')
  return {
    name: RECIPE,
    verify(payload, { signature, secret }) {
      const expected = createHmac('sha256', secret).update(payload).digest('hex')
      return timingSafeEqual(Buffer.from(expected), Buffer.from(signature))
    },
  }
}

// Candidates in a header, of which the last is the right one.
async function candidates({ pace, quick, tell }) {
  const { verifyWebhook } = await import('hookproof')
  const timestamp = Math.floor(Date.now() / 1000)
  const options = { form: 'timestamped' }
  const verify = (payload, header) => verifyWebhook(payload, header, SECRET, options)
  for (const bytes of [1024, 65_536]) {
    const contest = []
    for (const many of quick ? [1, 16] : [1, 2, 4, 8, 16]) {
      const prove = async (payload) => {
        const tags = [...Array(many - 1).fill('0'.repeat(64)), hex(await hmac(SECRET, `${timestamp}.`, payload))]
        return `t=${timestamp}${tags.map((tag) => `,v1=${tag}`).join('')}`
      }
      contest.push(await entrant({ name: String(many), prove, verify }, 'ascii', bytes))
    }
    tell(await cell({ table: 'candidates', row: '16', bytes }, contest, pace))
  }
}

/** Bytes of linear memory before and after large payloads, at once and in chunks. */
async function memory({ tell }) {
  const { verifyWebhook, Webhook } = await import('hookproof')
  const verify = async (kind, bytes) => {
    const [made] = payloads(kind, bytes)
    const right = verifyWebhook(asTaken(kind, made), hex(await hmac(SECRET, made)), SECRET, { form: 'hex' })
    if (!right) throw new Error(`${bytes} bytes of ${kind} were refused`)
  }
  await verify('ascii', 128)
  const before = linearMemoryBytes()
  for (const kind of KINDS) await verify(kind, 10_485_760)
  const told = { table: 'memory', before, after: linearMemoryBytes() }
  if (typeof Webhook.prototype.createVerifier === 'function') {
    await stream(new Webhook('immutis', SECRET))
    told.streamed = linearMemoryBytes()
  }
  tell(told)
}

// 64 MiB in chunks as a socket gives them.
async function stream(hook) {
  const chunk = new Uint8Array(65_536).fill(0x61)
  const chunks = Array(1024).fill(chunk)
  const [[name]] = Object.entries(hook.sign('{}'))
  const verifier = hook.createVerifier({ [name]: hex(await hmac(SECRET, ...chunks)) })
  for (const each of chunks) verifier.update(each)
  verifier.verify()
}

async function cell(about, contest, pace) {
  const times = await measure(contest, pace)
  const [baseline] = [...BASELINES, 'verified', '1'].filter((name) => times[name])
  const results = Object.entries(times).map(([name, each]) => ({
    name,
    ns: median(each),
    times: timesAsFast(times[baseline], each),
    // How far hookproof is ahead of this one.
    ahead: times[HOOKPROOF] ? timesAsFast(each, times[HOOKPROOF]) : undefined,
  }))
  return { ...about, baseline, results }
}
