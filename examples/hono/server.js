// Receives the webhooks of five providers, each at /webhooks/<name>, with Hono on Node.js.
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { Webhook } from 'hookproof'
import { webhook } from 'hookproof/hono'

const app = new Hono()

for (const provider of ['immutis', 'immune', 'humiris', 'kyc', 'imtegrate']) {
  const hook = new Webhook(provider, process.env[`${provider.toUpperCase()}_WEBHOOK_SECRET`])
  app.post(`/webhooks/${provider}`, webhook(hook, handle))
}

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000), hostname: '127.0.0.1' }, ({ port }) => {
  console.log(`listening on http://127.0.0.1:${port}`)
})

// Runs once for each delivery, and its end is the answer. What takes longer than the provider waits belongs in
// a queue that outlives this process: put delivery.json() into it, and return.
async function handle(delivery) {
  console.log(delivery.key)
}
