// The clients that users have, with the bounds that docs/stores.md names, and a store over each.
import { postgresStore, createTableSql } from 'hookproof/stores/postgres'
import { redisStore } from 'hookproof/stores/redis'
import Ioredis from 'ioredis'
import Ioredis5 from 'ioredis-5'
import pg from 'pg'
import { createClient } from 'redis'
import { createClient as createClient4 } from 'redis-4'

// `redis` 4 has nothing that bounds a command that was sent.
const bounded = {
  disableOfflineQueue: true,
  pingInterval: 2000,
  socket: { socketTimeout: 5000, reconnectStrategy: (tries) => Math.min(tries * 50, 2000) },
}

/** A client's name; the server it asks; how to connect: it gives a store, and how to close it. */
export const clients = {
  'redis 6': { server: 'redis', connect: (url) => nodeRedis(createClient, { url, ...bounded }) },
  'redis 4': { server: 'redis', connect: (url) => nodeRedis(createClient4, { url, disableOfflineQueue: true }) },
  'ioredis 6': { server: 'redis', connect: (url) => ioredis(Ioredis, url) },
  'ioredis 5': { server: 'redis', connect: (url) => ioredis(Ioredis5, url) },
  pg: { server: 'postgres', connect: postgres },
}

async function nodeRedis(create, options) {
  const client = create(options)
  client.on('error', () => {}) // Without a listener a lost connection would end the process.
  await client.connect()
  return { store: redisStore(client), close: () => client.disconnect() }
}

async function ioredis(Redis, url) {
  const client = new Redis(url, { maxRetriesPerRequest: 1, commandTimeout: 5000 })
  client.on('error', () => {})
  await client.ping()
  return { store: redisStore(client), close: () => client.disconnect() }
}

async function postgres(url) {
  const pool = new pg.Pool({ connectionString: url, connectionTimeoutMillis: 2000, query_timeout: 5000 })
  pool.on('error', () => {})
  await pool.query(createTableSql())
  return { store: postgresStore(pool), close: () => pool.end(), pool }
}
