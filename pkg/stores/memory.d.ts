import type { Store } from './store.js'

export type { Claim, Store } from './store.js'

/**
 * Remembers deliveries in this process's memory: what `webhook()` uses when it is given no store. It is for one
 * process, and forgets when that ends: with several, or where a restart must not let a copy through, use a store
 * that they share.
 *
 * @param options `maxKeys` (100 000): how many deliveries it holds. When it is full it forgets the one that was
 *   done longest ago, and where all are being handled its claims reject. `now`, a function that gives
 *   seconds, replaces the clock, which is `performance.now()`: a change of the system's time neither ends a lease nor
 *   forgets a delivery. In a runtime without it the clock is `Date.now()`.
 * @throws {TypeError} for a wrong type. @throws {WebhookError} `invalid_option`
 * @example
 * const handle = webhook(hook, handler, { store: memoryStore({ maxKeys: 10_000 }) })
 */
export function memoryStore(options?: { maxKeys?: number; now?: () => number }): Store
