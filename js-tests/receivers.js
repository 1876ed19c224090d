// Each adapter in its real server, on a port of its own: how it is mounted, and how a parser in front of it
// reads the body first.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createServer as createServer2 } from 'node:http2'
import { createAdaptorServer } from '@hono/node-server'
import express5 from 'express'
import express4 from 'express4'
import Fastify from 'fastify'
import { Hono } from 'hono'
import { webhook as forExpress } from 'hookproof/express'
import { webhook as forFastify } from 'hookproof/fastify'
import { webhook as forFetch } from 'hookproof/fetch'
import { webhook as forHono } from 'hookproof/hono'
import { webhook as forNode } from 'hookproof/node'
import { endpointOf } from './adapters/endpoint.js'
import { http2 } from './client.js'

/** The servers of the adapters, by name. Each takes the arguments of `webhook` and whether a parser reads the body first. */
export const SERVERS = {
  'node, http': (args, parsed) => listen(createServer(nodeListener(args, parsed))),
  'node, http2': (args, parsed) => listen(createServer2(nodeListener(args, parsed))),
  'express 4': (args, parsed) => listen(createServer(expressApp(express4, args, parsed))),
  'express 5': (args, parsed) => listen(createServer(expressApp(express5, args, parsed))),
  fastify: startFastify,
  hono: (args, parsed) => serveFetch(honoApp(args, parsed).fetch),
  fetch: (args, parsed) => serveFetch(fetchHandler(args, parsed)),
}

// What cannot be asked of HTTP/2 by its client here.
const HTTP2 = { client: http2, lacks: ['Expect: 100', 'announced'] }

/** The receivers: a name, and what starts one as a test wants it. */
export const receivers = Object.entries(SERVERS).map(([name, serve]) => ({
  name,
  ...(name === 'node, http2' && HTTP2),
  stop() {},
  async start({ parsed, ...settings }) {
    const { args, seen, finish } = endpointOf(settings)
    return { ...(await serve(args, parsed)), path: '/', seen: async () => seen, finish }
  },
}))

/** Listens, and gives the port and what ends it. */
export async function listen(server) {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: server.address().port, close: () => close(server) }
}

function close(server) {
  server.closeAllConnections?.()
  return new Promise((resolve) => server.close(resolve))
}

function nodeListener(args, parsed) {
  const receive = forNode(...args)
  return async (req, res) => {
    if (parsed) for await (const chunk of req) void chunk
    await receive(req, res)
  }
}

function expressApp(express, args, parsed) {
  const app = express()
  if (parsed) app.use(express.json({ type: () => true }))
  return app.all('/', forExpress(...args))
}

async function startFastify(args, parsed) {
  const app = Fastify()
  if (parsed) app.post('/', forFastify(...args))
  else app.register(forFastify(...args), { prefix: '/' })
  await app.listen({ port: 0, host: '127.0.0.1' })
  return { port: app.server.address().port, close: () => (app.server.closeAllConnections(), app.close()) }
}

function honoApp(args, parsed) {
  const app = new Hono()
  if (parsed) app.use(async (c, next) => (await c.req.json(), next()))
  return app.all('/', forHono(...args))
}

function fetchHandler(args, parsed) {
  const receive = forFetch(...args)
  return async (request) => {
    if (parsed) await request.json()
    return receive(request)
  }
}

/** A server that hands each request to a function as a Request. */
export function serveFetch(fetch) {
  return listen(createAdaptorServer({ fetch }))
}
