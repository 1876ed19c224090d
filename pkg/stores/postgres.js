import { kind, readOptions } from '../argument.js'
import { typeError, webhookError } from '../error.js'
import { item, property } from '../property.js'
import { encode } from '../utf8.js'
import { hexOf } from '../hex.js'
import { storeOf } from './store.js'

// More often than copies of one delivery come at the same instant.
const MOST_AGAIN = 50

export function postgresStore(pool, options) {
  if (typeof pool?.query !== 'function') {
    throw typeError(`pool must be a Pool of pg, got ${kind(pool)}`)
  }
  const sql = statements(tableOf(options))
  // Under an isolation stricter than `read committed` a statement is refused when another has written its row in
  // the meantime (40001). What was refused was rolled back, and each is bound to a token: it is sent again.
  const query = async (...args) => {
    for (let again = 0; ; again++) {
      try {
        return await pool.query(...args)
      } catch (error) {
        if (property(error, 'code') !== '40001' || again === MOST_AGAIN) throw error
      }
    }
  }
  const run = (statement, key, ...args) => query(statement, [hexOf(encode(key)), ...args])
  const one = async (...args) => property(await run(...args), 'rowCount') === 1
  return {
    ...storeOf({
      claim: async (...args) => property(item(property(await run(sql.claim, ...args), 'rows'), 0), 'state'),
      complete: (...args) => one(sql.complete, ...args),
      release: (...args) => one(sql.release, ...args),
    }),
    prune: async () => property(await query(sql.prune), 'rowCount'),
  }
}

export function createTableSql(options) {
  return `CREATE TABLE IF NOT EXISTS ${tableOf(options)} (
  key_sha256 bytea PRIMARY KEY,
  token text NOT NULL,
  done boolean NOT NULL,
  expires_at timestamptz NOT NULL
)`
}

// A key may hold what PostgreSQL's text cannot, and be longer than an index's row: its digest is kept.
const digest = "sha256(decode($1, 'hex'))"

// One statement each, by the database's clock. What is held is asked of the time that the statement came, which
// stands still while it runs: a claim that waits for its row finds more held than is, and never less. A lease
// counts from when it is granted, after that wait.
const held = 'held.expires_at > statement_timestamp()'
const expiry = "clock_timestamp() + $3::double precision * interval '1 millisecond'"

// A claim always writes, if only what was there: so it sees the row's latest version and not that of a
// snapshot taken before another claim was finished. It reckons its expiry twice, for `excluded` holds the one from
// before the wait. So does a row that was inserted after waiting for a deletion: if its lease is over by now, the
// claim has no state, and what has none is refused.
const statements = (table) => ({
  claim: `INSERT INTO ${table} AS held (key_sha256, token, done, expires_at)
VALUES (${digest}, $2, false, ${expiry})
ON CONFLICT (key_sha256) DO UPDATE SET
  token = CASE WHEN ${held} THEN held.token ELSE excluded.token END,
  done = ${held} AND held.done,
  expires_at = CASE WHEN ${held} THEN held.expires_at ELSE ${expiry} END
RETURNING CASE
  WHEN held.token <> $2 THEN CASE WHEN held.done THEN 'done' ELSE 'busy' END
  WHEN held.expires_at > clock_timestamp() THEN 'new'
END AS state`,

  complete: `UPDATE ${table} AS held SET done = true, expires_at = ${expiry}
WHERE held.key_sha256 = ${digest} AND held.token = $2 AND ${held}`,

  release: `DELETE FROM ${table} AS held
WHERE held.key_sha256 = ${digest} AND held.token = $2 AND ${held} AND NOT held.done`,

  prune: `DELETE FROM ${table} AS held WHERE NOT ${held}`,
})

// A name stands in the statements' text, so what could be anything else is refused.
function tableOf(options) {
  const { table = 'hookproof_deliveries' } = readOptions(options, ['table'])
  if (typeof table !== 'string') throw typeError(`table must be a string, got ${kind(table)}`)
  if (/^([A-Za-z_]\w{0,62}\.)?[A-Za-z_]\w{0,62}$/.test(table)) {
    return table
      .split('.')
      .map((name) => `"${name}"`)
      .join('.')
  }
  throw webhookError(
    'invalid_option',
    'table must be a name of up to 63 ASCII letters, digits and underscores, with or without a schema and a dot before it',
  )
}
