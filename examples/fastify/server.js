// Receives the webhooks of five providers, each at /webhooks/<name>, with Fastify.
import Fastify from 'fastify'
import { Webhook } from 'hookproof'
import { webhook } from 'hookproof/fastify'

const app = Fastify()

for (const provider of ['immutis', 'immune', 'humiris', 'kyc', 'imtegrate']) {
  const hook = new Webhook(provider, process.env[`${provider.toUpperCase()}_WEBHOOK_SECRET`])
  app.register(webhook(hook, handle), { prefix: `/webhooks/${provider}` })
}

// Other routes keep their parsers: a webhook is a plugin, with parsers of its own.
app.post('/echo', async (request) => request.body)

const address = await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' })
console.log(`listening on ${address}`)

// Runs once for each delivery, and its end is the answer. What takes longer than the provider waits belongs in
// a queue that outlives this process: put delivery.json() into it, and return.
async function handle(delivery) {
  console.log(delivery.key)
}
