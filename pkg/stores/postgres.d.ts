import type { Claim, Store } from './store.js'

export type { Claim, Store }

/** What is used of a `Pool` of `pg`. */
export interface PostgresPool {
  query(text: string, values?: any[]): Promise<{ rows: any[]; rowCount: number | null }>
}

/** A store that keeps what is over until it is pruned. */
export interface PostgresStore extends Store {
  /** Deletes the rows whose lease or time to live is over, and gives their number. Run it every hour or day. */
  prune(): Promise<number>
}

/**
 * A store in PostgreSQL 11 or newer: one row a delivery, one statement a call, by the database's clock. The row
 * holds the key's digest, not the key. A migration makes the table, with `createTableSql()`.
 *
 * @param pool Yours; it is not ended. Not a client that has a transaction open: until it commits, nobody else
 *   would see the claim, and who asks for it would wait.
 * @param options `table`, with or without a schema before it: `'hookproof_deliveries'` by default.
 * @throws {TypeError} for what is no pool. @throws {WebhookError} `invalid_option`
 * @example
 * const pool = new Pool({ connectionTimeoutMillis: 2000, query_timeout: 5000 })
 * const store = postgresStore(pool)
 * setInterval(() => store.prune().catch(console.error), 3600_000).unref()
 */
export function postgresStore(pool: PostgresPool, options?: { table?: string }): PostgresStore

/**
 * The statement that makes the table where it is not there yet: for a migration. Run at the start of several
 * processes it may fail in one of them, and it is refused to a role that may only use the table, which needs SELECT,
 * INSERT and UPDATE, and DELETE for releases and pruning.
 * @throws {WebhookError} `invalid_option` for a `table` that is no plain name.
 */
export function createTableSql(options?: { table?: string }): string
