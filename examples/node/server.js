// Receives the webhooks of five providers, each at /webhooks/<name>, with nothing but Node.js.
import { createServer } from 'node:http'
import { Webhook } from 'hookproof'
import { webhook } from 'hookproof/node'

const listeners = new Map()
for (const provider of ['immutis', 'immune', 'humiris', 'kyc', 'imtegrate']) {
  const hook = new Webhook(provider, process.env[`${provider.toUpperCase()}_WEBHOOK_SECRET`])
  listeners.set(`/webhooks/${provider}`, webhook(hook, handle))
}

const server = createServer((req, res) => {
  const listener = listeners.get(req.url)
  if (listener) return listener(req, res)
  res.writeHead(404).end()
})

server.listen(process.env.PORT ?? 3000, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})

// Runs once for each delivery, and its end is the answer. What takes longer than the provider waits belongs in
// a queue that outlives this process: put delivery.json() into it, and return.
async function handle(delivery) {
  console.log(delivery.key)
}
