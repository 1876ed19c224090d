// The same types by require.
import durable = require('hookproof/stores/durable-object')
import postgres = require('hookproof/stores/postgres')
import redis = require('hookproof/stores/redis')
import ioredis = require('ioredis')

const store: redis.Store = redis.redisStore(new ioredis.Redis())
const text: string = postgres.createTableSql({ table: 'x' })
// @ts-expect-error a namespace has objects
durable.durableObjectStore({ idFromName: () => 'x' })
void [store, text]
