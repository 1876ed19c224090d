// Receives deliveries over HTTP until it is killed: node receiver.js <client> <url> <file> <lease> <handler ms>
// What its handler does is a line in the file, which is there whatever becomes of the process.
import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { webhook } from 'hookproof/node'
import { clients } from './clients.js'
import { hook } from './deliveries.js'

const [client, url, file, leaseSeconds, handlerMilliseconds] = process.argv.slice(2)
const { store } = await clients[client].connect(url)

async function handler(delivery) {
  appendFileSync(file, `started ${delivery.json().id}\n`)
  await sleep(Number(handlerMilliseconds))
  appendFileSync(file, `ran ${delivery.json().id}\n`)
}

// Refusals are what is tested, and no news.
const options = { store, leaseSeconds: Number(leaseSeconds), onReject() {} }
const server = createServer(webhook(hook, handler, options))
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`))
