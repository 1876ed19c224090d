import { kind } from './argument.js'
import { webhookError } from './error.js'

/** What a clock gave. Nothing would be taken for no time given, and by a time that is not finite all is over. */
export function readTime(time) {
  if (Number.isFinite(time)) return time
  throw webhookError('invalid_option', `now must give a finite number of unix seconds, got ${kind(time)}`)
}
