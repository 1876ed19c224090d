// Receives the webhooks of five providers, each at /webhooks/<name>, in a route handler of Next.js.
import { Webhook } from 'hookproof'
import { webhook } from 'hookproof/fetch'

const providers = ['immutis', 'immune', 'humiris', 'kyc', 'imtegrate']
const handlers = new Map()

export async function POST(request, { params }) {
  const { provider } = await params
  if (!providers.includes(provider)) return new Response(null, { status: 404 })
  return handlerOf(provider)(request)
}

// Made when the first delivery comes: `next build` loads this file too, where there are no secrets.
function handlerOf(provider) {
  if (!handlers.has(provider)) {
    const hook = new Webhook(provider, process.env[`${provider.toUpperCase()}_WEBHOOK_SECRET`])
    handlers.set(provider, webhook(hook, handle))
  }
  return handlers.get(provider)
}

// Runs once for each delivery, and its end is the answer. What takes longer than the provider waits belongs in
// a queue that outlives this process: put delivery.json() into it, and return.
async function handle(delivery) {
  console.log(delivery.key)
}
