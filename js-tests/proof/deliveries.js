// The deliveries of the soak, for the receiver and the sender.
import { Webhook } from 'hookproof'

/** The number of requests that are sent at the same time, each over a connection that stays open. */
export const LANES = 32

export const MAX_PAYLOAD_BYTES = 4096

/** A scheme that signs a time and has its id in the payload. */
export const hook = new Webhook('stripe', 'only for this test')

/** The kinds of requests, repeated. A lane sends all of them in this order, and a duplicate repeats the last valid one. */
export const MIX = [
  'valid',
  'duplicate',
  'valid',
  'tampered',
  'valid',
  'missing header',
  'valid',
  'oversize',
  'valid',
  'duplicate',
]

/** The status that each kind is answered. */
export const STATUS = { valid: 200, duplicate: 200, tampered: 401, 'missing header': 401, oversize: 413 }
