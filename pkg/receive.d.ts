import type { Code } from './index.js'
import type { Store } from './stores/store.js'

export type { Claim, Store } from './stores/store.js'

/** What `webhook` of every adapter takes besides the hook and the handler. */
export interface WebhookOptions {
  /**
   * Where deliveries are remembered. By default a memory store of its own: for one process, until it ends. Two
   * endpoints of one provider must not share one: they would take each other's deliveries for copies.
   */
  store?: Store
  /** The longest payload that is read, in bytes: 1 MiB by default. A longer one is answered 413. */
  maxPayloadBytes?: number
  /**
   * For how long a handler holds its delivery: 60 by default. If the process dies in the meantime, a retry after
   * that runs it again. Give it longer than your slowest handler takes, or two may run at once.
   */
  leaseSeconds?: number
  /**
   * For how long a handled delivery is remembered: by default the longest of 72 hours, the provider's whole
   * retry schedule and an hour, and twice the tolerance. Less than twice the tolerance is refused. A replay
   * after that passes where no time is signed, or where freshness is off.
   */
  ttlSeconds?: number
  /**
   * Hears of every refusal and failure. What it throws or rejects with is printed and changes nothing; it is
   * not waited for. By default each is a line on `console.error`.
   */
  onReject?: (code: Code, details: Rejection) => unknown
  /** The time in unix seconds, or a function that gives it: the clock by default. The store has its own. */
  now?: number | (() => number)
}

/**
 * What an operator should know of a request: why it was not answered 200, or not recorded. Nothing in it is secret;
 * the sender sees the status.
 */
export interface Rejection {
  readonly code: Code
  /** What to look at. There is nothing in it that the sender wrote. */
  readonly message: string
  /** The provider's or the scheme's name. */
  readonly provider: string
  /** The status of the answer, also where the handler wrote it. */
  readonly status: number
  /** The delivery's key, once it has been verified and claimed; else null. */
  readonly key: string | null
  /** The error of the handler, the store, `now` or the machine; undefined where nothing was thrown. */
  readonly error?: unknown
}
