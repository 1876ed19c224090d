// Sends the requests of the soak in a process of its own, so that the receiver's memory is the receiver's alone. It is
// sent `{ from, to }` and answers with what came of these requests.
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { hook, LANES, MAX_PAYLOAD_BYTES, MIX, STATUS } from './deliveries.js'

const port = Number(process.argv[2])
const agent = new Agent({ keepAlive: true, maxSockets: LANES })

process.on('message', async (message) => {
  if (message === 'end') return process.exit()
  process.send(await send(message))
})

// The receiver has failed or was stopped.
process.on('disconnect', () => process.exit())

async function send({ from, to }) {
  const outcomes = {}
  const wrong = []
  const start = performance.now()
  let next = from
  await Promise.all(Array.from({ length: LANES }, lane))
  return { outcomes, wrong: wrong.slice(0, 5), seconds: (performance.now() - start) / 1000 }

  async function lane() {
    while (next < to) {
      const first = next
      next += MIX.length
      let last
      for (let number = first; number < first + MIX.length; number++) {
        const kind = MIX[number % MIX.length]
        const delivery = kind === 'duplicate' ? last : deliveryOf(number, kind)
        if (kind === 'valid') last = delivery
        const status = await post(delivery)
        if (status === STATUS[kind]) outcomes[kind] = (outcomes[kind] ?? 0) + 1
        else wrong.push(`${number}, ${kind}: ${status}`)
      }
    }
  }
}

function deliveryOf(number, kind) {
  const text = JSON.stringify({
    id: `evt_${number}`,
    number,
    text: 'x'.repeat(kind === 'oversize' ? MAX_PAYLOAD_BYTES : 200),
  })
  const headers = kind === 'missing header' ? {} : hook.sign(text)
  return { headers, body: kind === 'tampered' ? text.replace('x', 'y') : text }
}

async function post({ headers, body }) {
  const sent = request({
    agent,
    port,
    host: '127.0.0.1',
    method: 'POST',
    headers: { ...headers, 'Content-Type': 'application/json', 'Content-Length': body.length },
  })
  sent.end(body)
  try {
    const [response] = await once(sent, 'response')
    response.resume()
    await once(response, 'end')
    return response.statusCode
  } catch (error) {
    return error.code
  }
}
