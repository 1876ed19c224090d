import { kind, readOptions, readText } from '../argument.js'
import { typeError } from '../error.js'
import { storeOf } from './store.js'

export function redisStore(client, options) {
  const evaluate = evaluatorOf(client)
  const { prefix = 'hookproof:' } = readOptions(options, ['prefix'])
  if (readText(prefix) === undefined) throw typeError(`prefix must be a string, got ${kind(prefix)}`)
  const run = async (script, key, ...args) => String(await evaluate(script, prefix + key, args.map(String)))
  return storeOf({
    claim: async (...args) => states[await run(claimScript, ...args)],
    complete: async (...args) => (await run(completeScript, ...args)) === '1',
    release: async (...args) => (await run(releaseScript, ...args)) === '1',
  })
}

// Scripts answer with numbers, which no client turns into bytes.
const states = { __proto__: null, 1: 'new', 2: 'busy', 3: 'done' }

// A client that lost its connection may send a command again, so each script gives the same token the same
// answer twice. Redis lets go of the key itself, by its own clock.
const claimScript = `
local held = redis.call('GET', KEYS[1])
if held and held ~= 'busy:' .. ARGV[1] then
  return string.sub(held, 1, 5) == 'done:' and 3 or 2
end
redis.call('SET', KEYS[1], 'busy:' .. ARGV[1], 'PX', ARGV[2])
return 1`

const completeScript = `
local held = redis.call('GET', KEYS[1])
if held ~= 'busy:' .. ARGV[1] and held ~= 'done:' .. ARGV[1] then return 0 end
redis.call('SET', KEYS[1], 'done:' .. ARGV[1], 'PX', ARGV[2])
return 1`

const releaseScript = `
if redis.call('GET', KEYS[1]) ~= 'busy:' .. ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`

// The two clients are told apart by what only one of them has.
function evaluatorOf(client) {
  if (typeof client?.eval === 'function') {
    if (typeof client.evalSha === 'function') {
      return (script, key, args) => client.eval(script, { keys: [key], arguments: args })
    }
    if (typeof client.defineCommand === 'function') {
      return (script, key, args) => client.eval(script, 1, key, ...args)
    }
  }
  throw typeError(
    `client must be a client of redis (4 or newer) or of ioredis, as createClient() or new Redis() gives, got ${kind(client)}`,
  )
}
