import { kind } from './argument.js'
import { webhookError } from './error.js'

/** The time that a clock gave. `undefined` would count as no time given, and a time that is not finite ends every lease. */
export function readTime(time) {
  if (Number.isFinite(time)) return time
  // The clock may be an async function: its promise may reject when nobody waits for it.
  const settled = async () => time
  settled().catch(() => {})
  throw webhookError('invalid_option', `now must give a finite number of unix seconds, got ${kind(time)}`)
}
