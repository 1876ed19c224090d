// Receives the webhooks of five providers, each at /webhooks/<name>, with Bun.
import { Webhook } from 'hookproof'
import { webhook } from 'hookproof/fetch'

const routes = {}
for (const provider of ['immutis', 'immune', 'humiris', 'kyc', 'imtegrate']) {
  const hook = new Webhook(provider, process.env[`${provider.toUpperCase()}_WEBHOOK_SECRET`])
  routes[`/webhooks/${provider}`] = webhook(hook, handle)
}

const server = Bun.serve({
  port: process.env.PORT ?? 3000,
  hostname: '127.0.0.1',
  routes,
  fetch: () => new Response(null, { status: 404 }),
})
console.log(`listening on ${server.url.origin}`)

// Runs once for each delivery, and its end is the answer. What takes longer than the provider waits belongs in
// a queue that outlives this process: put delivery.json() into it, and return.
async function handle(delivery) {
  console.log(delivery.key)
}
