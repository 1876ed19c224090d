// The examples of docs/receiving.md run: what each sets up receives a delivery, and hands it to a queue.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { Webhook } from 'hookproof'
import { http1 } from './client.js'
import { listen, serveFetch } from './receivers.js'

const page = readFileSync(new URL('./receiving.md', import.meta.url), 'utf8')
const blocks = Object.fromEntries(
  [...page.matchAll(/^```js (\w+)\n(.*?)^```$/gms)].map(([, name, code]) => [name, code]),
)

// What is TypeScript is compiled afterwards.
writeFileSync(new URL('./receiving.test-d.ts', import.meta.url), /^```ts\n(.*?)^```$/ms.exec(page)[1])

// What a reader has: secrets, and a queue that is durable.
process.env.HUMIRIS_WEBHOOK_SECRET = process.env.IMMUTIS_WEBHOOK_SECRET = 'only for this test'
const queued = []
globalThis.queue = { add: async (event) => queued.push(event) }

/** How what an example sets up is served, and at which path. */
const EXAMPLES = {
  express: ['app', (app) => listen(createServer(app)), '/webhooks/humiris'],
  fastify: ['app', (app) => app.ready().then(() => listen(app.server)), '/webhooks/humiris'],
  hono: ['app', (app) => serveFetch(app.fetch), '/webhooks/humiris'],
  node: ['server', listen],
  fetch: ['handle', serveFetch],
  receive: ['handle', serveFetch],
  memory: ['listener', (listener) => listen(createServer(listener)), '/', 'immutis'],
}

test('every example is tried', () => assert.deepEqual(Object.keys(blocks).sort(), Object.keys(EXAMPLES).sort()))

for (const [name, [exported, start, path = '/', provider = 'humiris']] of Object.entries(EXAMPLES)) {
  test(`the example ${name} receives`, async () => {
    writeFileSync(new URL(`./receiving-${name}.js`, import.meta.url), `${blocks[name]}\nexport { ${exported} }\n`)
    const module = await import(`./receiving-${name}.js`)
    const server = await start(module[exported])
    const event = { type: name }
    const payload = JSON.stringify(event)
    const headers = Object.entries(new Webhook(provider, 'only for this test').sign(payload))
    const { status } = await http1.post(server.port, { path, headers, chunks: [payload] })
    assert.equal(status, 200)
    assert.deepEqual(queued.splice(0), [event])
    await server.close()
  })
}
