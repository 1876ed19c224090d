// Receives the webhooks of five providers, each on its own path and with its own secret.
import express from 'express'
import { Webhook } from 'hookproof'

// What to do with a verified event.
const handlers = {
  immutis: (event) => console.log(`Immutis: ${event.type}, evidence ${event.data.id}`),
  immune: (event) => console.log(`IMMUNE: ${event.type}, equipment ${event.data.equipment_id}`),
  humiris: (event) => console.log(`Humiris: ${event.type}`),
  kyc: (event) => console.log(`KYC: ${event.type}, event ${event.id}`),
  imtegrate: (event) => console.log(`Imtegrate: ${event.type}, render ${event.data.id}`),
}

const app = express()

// The body stays the bytes that were signed: any type, no JSON parser, not inflated.
const raw = express.raw({ type: () => true, inflate: false, limit: '1mb' })

for (const provider of Object.keys(handlers)) {
  const hook = new Webhook(provider, secretOf(provider))

  app.post(`/webhooks/${provider}`, raw, (req, res) => {
    // Without a body there is no req.body, and the payload is empty. headersDistinct keeps a header that
    // came twice apart, where req.headers would join its values.
    const verdict = hook.check(req.body ?? '', req.headersDistinct)
    if (!verdict.ok) {
      // The operator learns the reason; the sender learns that it was refused, and no more.
      console.error(`${provider}: refused, ${verdict.code}`)
      res.sendStatus(401)
      return
    }
    // Answered before any work: a provider that waits too long sends again.
    res.sendStatus(200)
    setImmediate(handle, verdict.delivery)
  })
}

// A body that is too large, compressed or cut off is refused before it is verified. Express's own page
// would show a stack trace.
app.use((error, req, res, next) => {
  console.error(`${req.path}: ${error.type ?? error.message}`)
  if (res.headersSent) return next(error)
  res.sendStatus(error.status ?? 500)
})

const server = app.listen(process.env.PORT ?? 3000, '127.0.0.1', (error) => {
  if (error) throw error
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})

// Runs after the answer, so what fails here must not end the process.
async function handle(delivery) {
  try {
    await handlers[delivery.provider](delivery.json())
  } catch (error) {
    console.error(`${delivery.provider}: not handled, ${error.code ?? error.message}`)
  }
}

function secretOf(provider) {
  const name = `${provider.toUpperCase()}_WEBHOOK_SECRET`
  const secret = process.env[name]
  if (!secret) throw new Error(`set ${name} to the secret that ${provider} showed for this endpoint`)
  return secret
}
