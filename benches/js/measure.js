// Times contestants against each other in one process: short batches in turn, each round in another order,
// so that what disturbs the machine disturbs all of them alike.

/**
 * Gives each contestant's nanoseconds a call, a number for each round. A contestant is
 * `{ name, fresh, verify, verdict }`: `fresh` makes the arguments of a batch, outside the time, and `verify`
 * must come to `verdict` on all of them, now or by a promise.
 */
export async function measure(contestants, { batchMs, rounds, cellMs }) {
  const runners = []
  for (const contestant of contestants) runners.push(await warmUp(contestant, batchMs))
  const start = performance.now()
  for (let round = 0; round < rounds; round++) {
    // The slowest contestants at 10 MiB would take minutes; a median needs a few rounds.
    if (round >= FEWEST_ROUNDS && performance.now() - start > cellMs) break
    for (const runner of inTurn(runners, round)) {
      runner.times.push(await timed(runner))
    }
  }
  return Object.fromEntries(runners.map(({ name, times }) => [name, times]))
}

const FEWEST_ROUNDS = 5
const WARM_MS = 20

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
}

/** How many times as fast as the baseline: the median over rounds, each round against itself. */
export function timesAsFast(baseline, times) {
  return median(times.map((ns, round) => baseline[round] / ns))
}

/** A batch as long as wanted, or as `steps` of the clock, which are a whole millisecond in some runtimes. */
export function batchMsFor(wantedMs, steps) {
  let step = Infinity
  for (let seen = 0; seen < 5; seen++) {
    const start = performance.now()
    let now = start
    while (now === start) now = performance.now()
    step = Math.min(step, now - start)
  }
  return Math.max(wantedMs, step * steps)
}

// Each round begins one further along, and every other round runs backwards.
function inTurn(runners, round) {
  const turned = runners.map((_, index) => runners[(index + round) % runners.length])
  return round % 2 ? turned.reverse() : turned
}

// Nanoseconds a call. Between two steps of a coarse clock no time passes: then the batch was too short.
async function timed(runner) {
  for (;;) {
    const ms = await batch(runner, runner.count)
    if (ms > 0) return ms * (1e6 / runner.count)
    runner.count *= 2
  }
}

// Doubles the batch until it is long enough, which also gives the runtime time to compile what is hot.
async function warmUp(contestant, batchMs) {
  const runner = { ...contestant, times: [], count: 1 }
  const first = runner.verify(...runner.fresh()[0])
  runner.isAsync = typeof first?.then === 'function'
  await first
  let spentMs = 0
  let leastMs = Infinity
  // The quickest call counts: one that waited for another process would make batches of too few calls,
  // which tell of cold caches.
  while (spentMs < WARM_MS || runner.count * leastMs < batchMs) {
    const ms = await batch(runner, runner.count)
    spentMs += ms
    if (ms > 0) leastMs = Math.min(leastMs, ms / runner.count)
    if (ms === 0 || runner.count * leastMs < batchMs) runner.count *= 2
  }
  runner.count = Math.max(1, Math.round(batchMs / leastMs))
  return runner
}

// Every verdict is looked at: nothing can be left out as unused, and a contestant that refuses is found out.
async function batch({ name, fresh, verify, verdict = true, isAsync }, count) {
  const calls = fresh()
  const start = performance.now()
  const right = isAsync ? await runAsync(verify, calls, verdict, count) : runSync(verify, calls, verdict, count)
  const ms = performance.now() - start
  if (right !== count) throw new Error(`${name}: ${count - right} of ${count} verdicts were not ${verdict}`)
  return ms
}

function runSync(verify, calls, verdict, count) {
  let right = 0
  for (let call = 0, next = 0; call < count; call++) {
    const [payload, proof] = calls[next]
    if (verify(payload, proof) === verdict) right++
    if (++next === calls.length) next = 0
  }
  return right
}

async function runAsync(verify, calls, verdict, count) {
  let right = 0
  for (let call = 0, next = 0; call < count; call++) {
    const [payload, proof] = calls[next]
    if ((await verify(payload, proof)) === verdict) right++
    if (++next === calls.length) next = 0
  }
  return right
}
