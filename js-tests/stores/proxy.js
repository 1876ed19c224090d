// A way to a server, which can do to a client what networks do.
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Starts one; gives its address, how to stop it, and what it does now. It `passes` everything; or it `cuts` the
 * connection when the server answers, so that what was asked is done and nobody hears of it; or it `holds` back
 * what is sent, until it passes again.
 */
export async function startProxy(url) {
  const { hostname, port } = new URL(url)
  const proxy = { does: 'passes' }
  const sockets = new Set()
  const server = createServer((client) => {
    const behind = connect(port, hostname)
    for (const [socket, other] of [
      [client, behind],
      [behind, client],
    ]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => sockets.delete(socket) && other.destroy())
    }
    client.on('data', async (chunk) => {
      while (proxy.does === 'holds') await sleep(10)
      behind.write(chunk)
    })
    behind.on('data', (chunk) => (proxy.does === 'cuts' ? client.destroy() : client.write(chunk)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = new URL(url)
  address.port = server.address().port
  proxy.url = address.href
  proxy.stop = () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
  return proxy
}
