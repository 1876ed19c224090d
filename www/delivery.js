// The delivery on the page, which everything else is about: a provider's name, a secret, the payload's bytes,
// the headers' text, and a time in unix seconds or null for the clock's.
import { Webhook } from './hookproof/index.js'
import { providers } from './hookproof/providers.js'
import { encode } from './bytes.js'
import { pairsOf, writeHeaders } from './headers.js'

/** The secret of the worked examples. It is base64 as well, because some providers' secrets are. */
export const EXAMPLE_SECRET = 'aW4gdGhlIG9wZW4='

export const rowOf = (name) => providers.find((row) => row.name === name)
export const clock = () => Math.floor(Date.now() / 1000)

let current = example('humiris')
const listeners = []
const history = []

export const read = () => current
export const onChange = (listener) => listeners.push(listener)
export const timeOf = ({ now }) => now ?? clock()

/** What a person typed. `from` is the field it came from, which is not written to. */
export function change(patch, from) {
  current = { ...current, ...patch }
  listeners.forEach((listener) => listener(current, from))
}

/** What was done by a button, and can be taken back. */
export function apply(patch) {
  history.push(current)
  change(patch)
}

export const canTakeBack = () => history.length > 0

export function takeBack() {
  change(history.pop())
}

/** A provider's documented payload, signed now. */
export function example(provider) {
  const { sample } = rowOf(provider)
  return signed({ provider, secret: EXAMPLE_SECRET, payload: encode(sample), now: null })
}

/** Whether the page still shows an example that nobody has changed but for its time. */
export function isExample({ provider, secret, payload }) {
  const { sample } = rowOf(provider)
  const bytes = encode(sample)
  return secret === EXAMPLE_SECRET && payload.length === bytes.length && payload.every((byte, at) => byte === bytes[at])
}

function signed(unsigned) {
  const headers = new Webhook(unsigned.provider, unsigned.secret).sign(unsigned.payload, { timestamp: clock() })
  return { ...unsigned, headers: writeHeaders([['Content-Type', 'application/json'], ...Object.entries(headers)]) }
}

/** What the package makes of a delivery. Without a usable secret there is no hook, and the refusal says why. */
export function judge(delivery) {
  try {
    const hook = new Webhook(delivery.provider, delivery.secret)
    return { hook, verdict: hook.check(delivery.payload, pairsOf(delivery.headers), { now: timeOf(delivery) }) }
  } catch ({ code = 'invalid_secret', message }) {
    return { hook: null, verdict: { ok: false, code, message } }
  }
}

export const verifies = (delivery) => judge(delivery).verdict.ok
