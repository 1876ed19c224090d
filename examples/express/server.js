// Receives the webhooks of five providers, each at /webhooks/<name>, with Express.
import express from 'express'
import { Webhook } from 'hookproof'
import { webhook } from 'hookproof/express'

const app = express()

for (const provider of ['immutis', 'immune', 'humiris', 'kyc', 'imtegrate']) {
  const hook = new Webhook(provider, process.env[`${provider.toUpperCase()}_WEBHOOK_SECRET`])
  app.post(`/webhooks/${provider}`, webhook(hook, handle))
}

// The webhooks read their bodies themselves, so they stand before what would read them first.
app.use(express.json())
app.post('/echo', (req, res) => res.json(req.body))

const server = app.listen(process.env.PORT ?? 3000, '127.0.0.1', (error) => {
  if (error) throw error
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})

// Runs once for each delivery, and its end is the answer. What takes longer than the provider waits belongs in
// a queue that outlives this process: put delivery.json() into it, and return.
async function handle(delivery) {
  console.log(delivery.key)
}
