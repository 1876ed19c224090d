// Compiled, never run: the clients' own types are what the stores take.
import { DeliveryStore, durableObjectStore } from 'hookproof/stores/durable-object'
import { createTableSql, postgresStore } from 'hookproof/stores/postgres'
import { redisStore } from 'hookproof/stores/redis'
import type { Claim, Store } from 'hookproof/stores/redis'
import { Cluster, Redis } from 'ioredis'
import { Redis as Redis5 } from 'ioredis-5'
import pg from 'pg'
import { createClient, createClientPool, createCluster } from 'redis'
import { createClient as createClient4 } from 'redis-4'

const stores: Store[] = [
  redisStore(createClient()),
  redisStore(await createClient({ url: 'redis://localhost' }).connect(), { prefix: 'mine:' }),
  redisStore(createClientPool()),
  redisStore(createCluster({ rootNodes: [] })),
  redisStore(createClient4()),
  redisStore(new Redis()),
  redisStore(new Redis5()),
  redisStore(new Cluster([])),
  postgresStore(new pg.Pool(), { table: 'app.deliveries' }),
  postgresStore(new pg.Client()),
]
const claim: Claim = await stores[0]!.claim('key', 60)
const state: 'new' | 'busy' | 'done' = claim.state
const completed: boolean = await stores[0]!.complete('key', claim.token, 3600)
const pruned: number = await postgresStore(new pg.Pool()).prune()
const sql: string = createTableSql()
// @ts-expect-error only PostgreSQL keeps what is over
stores[0]!.prune()
// @ts-expect-error a pool is no client of Redis
redisStore(new pg.Pool())
// @ts-expect-error and the other way round
postgresStore(new Redis())
// @ts-expect-error an address is no client
redisStore('redis://localhost')
// @ts-expect-error no such option
redisStore(new Redis(), { table: 'x' })
// What `wrangler types` asks of a class that is bound.
const branded: new (state: any, env: any) => { readonly __DURABLE_OBJECT_BRAND: never } = DeliveryStore
// @ts-expect-error a binding may be missing
durableObjectStore(undefined)
// @ts-expect-error seconds are a number
stores[0]!.claim('key', '60')

export class Mine extends DeliveryStore {}
void [state, completed, pruned, sql]
