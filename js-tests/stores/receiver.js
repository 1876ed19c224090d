// Receives deliveries over HTTP until it is killed: node receiver.js <client> <url> <file> <lease> <handler ms>
// What its handler does is a line in the file, which is there whatever becomes of the process.
import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { clients } from './clients.js'
import { receive } from './receive.js'

const [client, url, file, leaseSeconds, handlerMilliseconds] = process.argv.slice(2)
const { store } = await clients[client].connect(url)
const options = { leaseSeconds: Number(leaseSeconds), ttlSeconds: 3600 }

const server = createServer(async (request, response) => {
  const key = request.headers.key
  const handler = async () => {
    appendFileSync(file, `started ${key}\n`)
    await sleep(Number(handlerMilliseconds))
    appendFileSync(file, `ran ${key}\n`)
  }
  response.statusCode = await receive(store, key, handler, options)
  response.end()
})
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`))
