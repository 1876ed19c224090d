import type { Claim, Store } from './store.js'

export type { Claim, Store }

/** What is used of a client of `redis`, version 4 or newer: single, pooled, cluster or sentinel. */
export interface NodeRedisClient {
  evalSha(...args: any[]): unknown
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
}

/** What is used of a client of `ioredis`: single or cluster. */
export interface IoredisClient {
  defineCommand(...args: any[]): unknown
  eval(script: string, numberOfKeys: number, ...args: string[]): Promise<unknown>
}

/**
 * A store in Redis: one key a delivery, one script a call, which works in a cluster too. Leases and times to live
 * are Redis's own expiry, by its clock.
 *
 * A client that waits for a lost server makes a claim wait as long: set its bounds as `docs/stores.md` says.
 *
 * @param client Yours, connected; it is not closed.
 * @param options `prefix` begins every key: `'hookproof:'` by default.
 * @throws {TypeError} for another client. @throws {WebhookError} `invalid_option`
 * @example
 * const reconnectStrategy = (tries) => Math.min(tries * 50, 2000)
 * const socket = { socketTimeout: 5000, reconnectStrategy }
 * const client = createClient({ url, disableOfflineQueue: true, pingInterval: 2000, socket })
 * client.on('error', console.error)
 * await client.connect()
 * const store = redisStore(client)
 */
export function redisStore(client: NodeRedisClient | IoredisClient, options?: { prefix?: string }): Store
