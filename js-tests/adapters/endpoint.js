// One endpoint of a test, in whatever runtime: its handler and onReject write down what they got.
import { Webhook } from 'hookproof'

export const now = 1_712_419_200

/** What signs the test's deliveries, and verifies them. */
export const hook = new Webhook('humiris', 'only for this test')

/**
 * The arguments of `webhook` and what came of them: `fails` is how often the handler throws first; one that
 * `waits` does so until `finish` is called.
 */
export function endpointOf({ options, fails = 0, waits = false }) {
  const seen = { deliveries: [], rejected: [] }
  const handler = async (delivery) => {
    seen.deliveries.push(btoa(String.fromCharCode(...delivery.bytes())))
    if (seen.deliveries.length <= fails) throw new Error('boom')
    while (waits) await new Promise((resolve) => setTimeout(resolve, 10))
  }
  const onReject = (code, { message }) => seen.rejected.push({ code, message })
  return { args: [hook, handler, { now, onReject, ...options }], seen, finish: () => (waits = false) }
}
