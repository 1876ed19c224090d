// Receives the webhooks of five providers, each at /webhooks/<name>, on Cloudflare Workers. What was handled is
// remembered in Durable Objects, so that it is remembered everywhere.
import { env } from 'cloudflare:workers'
import { Webhook } from 'hookproof'
import { webhook } from 'hookproof/fetch'
import { DeliveryStore, durableObjectStore } from 'hookproof/stores/durable-object'

export { DeliveryStore }

const store = durableObjectStore(env.DELIVERIES)
const handlers = new Map()
for (const provider of ['immutis', 'immune', 'humiris', 'kyc', 'imtegrate']) {
  const hook = new Webhook(provider, env[`${provider.toUpperCase()}_WEBHOOK_SECRET`])
  handlers.set(`/webhooks/${provider}`, webhook(hook, handle, { store }))
}

export default {
  async fetch(request) {
    const handler = handlers.get(new URL(request.url).pathname)
    return handler ? handler(request) : new Response(null, { status: 404 })
  },
}

// Runs once for each delivery, and its end is the answer. What takes longer than the provider waits belongs in
// a queue: env.QUEUE.send(delivery.json()), and return.
async function handle(delivery) {
  console.log(delivery.key)
}
