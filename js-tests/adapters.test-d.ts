// Compiled, never run: the adapters fit into the frameworks' own types, and what they pass is typed.
import { createServer } from 'node:http'
import { createServer as createServer2 } from 'node:http2'
import type { IncomingMessage, ServerResponse } from 'node:http'
import express from 'express'
import Fastify from 'fastify'
import { Hono } from 'hono'
import { Webhook } from 'hookproof'
import { webhook as forExpress } from 'hookproof/express'
import { webhook as forFastify } from 'hookproof/fastify'
import { webhook as forFetch } from 'hookproof/fetch'
import { webhook as forHono } from 'hookproof/hono'
import { webhook as forNode } from 'hookproof/node'

const hook = new Webhook('humiris', 'secret')

express().post(
  '/',
  forExpress(hook, (delivery, req: express.Request) => void [delivery.json().type, req.ip]),
)
express().use(
  '/',
  forExpress(hook, (delivery, req) => void [delivery.key, req]),
)
Fastify().register(
  forFastify(hook, (delivery) => void delivery.json().type),
  { prefix: '/' },
)
Fastify().post(
  '/',
  forFastify(hook, () => {}),
)
const app = new Hono<{ Bindings: { QUEUE: string } }>()
app.post(
  '/',
  forHono(hook, (delivery, c) => void [delivery.json().type, c.env.QUEUE]),
)
createServer(forNode(hook, (delivery, req: IncomingMessage, res: ServerResponse) => void [delivery, req.url, res]))
createServer2(forNode(hook, () => {}))
export const POST: (request: Request, context: { params: Promise<object> }) => Promise<Response> = forFetch(
  hook,
  () => {},
)
