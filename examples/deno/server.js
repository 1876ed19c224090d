// Receives the webhooks of five providers, each at /webhooks/<name>, with Deno.
import { Webhook } from 'hookproof'
import { webhook } from 'hookproof/fetch'

const handlers = new Map()
for (const provider of ['immutis', 'immune', 'humiris', 'kyc', 'imtegrate']) {
  const hook = new Webhook(provider, Deno.env.get(`${provider.toUpperCase()}_WEBHOOK_SECRET`))
  handlers.set(`/webhooks/${provider}`, webhook(hook, handle))
}

Deno.serve({
  port: Number(Deno.env.get('PORT') ?? 3000),
  hostname: '127.0.0.1',
  onListen: ({ port }) => console.log(`listening on http://127.0.0.1:${port}`),
  handler(request) {
    const handler = handlers.get(new URL(request.url).pathname)
    return handler ? handler(request) : new Response(null, { status: 404 })
  },
})

// Runs once for each delivery, and its end is the answer. What takes longer than the provider waits belongs in
// a queue that outlives this process: put delivery.json() into it, and return.
async function handle(delivery) {
  console.log(delivery.key)
}
