// The deliveries that receivers get while they are killed: each is an id, signed.
import { Webhook } from 'hookproof'

/** What sends and what receives. */
export const hook = new Webhook('immutis', 'only for this test')

/** A delivery as `fetch` sends it. */
export function deliveryOf(id) {
  const body = JSON.stringify({ id })
  return { method: 'POST', headers: hook.sign(body), body }
}

/** The key by which it is deduplicated: that of the payload's id, which is signed. */
export function keyOf(id) {
  return `immutis:id:${id}`
}
