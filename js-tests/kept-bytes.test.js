// Something in front of the webhook has read the body, or might have: what it kept is used, and where it kept
// nothing that is said.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { test } from 'node:test'
import express5 from 'express'
import express4 from 'express4'
import Fastify from 'fastify'
import { Hono } from 'hono'
import { Webhook } from 'hookproof'
import { webhook as forExpress } from 'hookproof/express'
import { webhook as forFastify } from 'hookproof/fastify'
import { webhook as forHono } from 'hookproof/hono'
import { http1 } from './client.js'
import { listen } from './receivers.js'

const { post } = http1
const now = 1_712_419_200
const hook = new Webhook('humiris', 'only for this test')
const payload = '{"type":"sms.sent"}'
const request = { headers: Object.entries(hook.sign(payload, { timestamp: now })), chunks: [payload] }
const noop = () => {}

// A server that never answers fails its test and not the machine's patience.
const LIMIT = { timeout: 30_000 }

test('Express: raw bytes that a parser kept are used, and one that passed the body by is no harm', LIMIT, async (t) => {
  const parsers = (express) => [
    [express.raw({ type: () => true }), 200],
    [express.json({ type: () => true, verify: (req, res, bytes) => (req.rawBody = bytes) }), 200],
    [express.json({ type: () => true, verify: (req, res, bytes) => (req.rawBody = bytes.toString()) }), 200],
    [express.json({ type: 'application/other' }), 200],
    [(req, res, next) => setTimeout(next, 20), 200],
    [(req, res, next) => (req.headers, Object.defineProperty(req, 'rawHeaders', { value: [] }), next()), 200],
    [express.json(), 500],
    [express.text({ type: () => true }), 500],
    [express.urlencoded({ extended: false, type: () => true }), 500],
    [(req, res, next) => void req.once('end', next).setEncoding('utf8').resume(), 500],
    [(req, res, next) => void (req.setEncoding('utf8'), next()), 500],
    [(req, res, next) => void req.once('data', () => (req.pause(), next())), 500],
  ]
  for (const express of [express4, express5]) {
    for (const [parser, status] of parsers(express)) {
      const rejected = []
      const onReject = (code) => rejected.push(code)
      const app = express().use(parser)
      app.post('/', forExpress(hook, noop, { now, onReject }))
      const server = await listen(createServer(app))
      t.after(server.close)
      const answer = await post(server.port, request)
      assert.equal(answer.status, status, String(parser))
      assert.deepEqual(rejected, status === 200 ? [] : ['payload_lost'])
    }
  }
})

test('kept bytes are held to the bound as well, and a kept text by its bytes', async () => {
  const text = '{"é":"漢"}'
  const sent = { headers: Object.entries(hook.sign(text, { timestamp: now })), chunks: [text] }
  const bytes = Buffer.byteLength(text)
  for (const [parser, maxPayloadBytes, expected] of [
    [express5.raw({ type: () => true }), bytes, 200],
    [express5.raw({ type: () => true }), bytes - 1, 413],
    [express5.raw({ type: () => true }), 5, 413],
    [keepText, bytes, 200],
    [keepText, bytes - 1, 413],
    [keepText, 5, 413],
  ]) {
    const app = express5().use(parser)
    app.post('/', forExpress(hook, noop, { now, maxPayloadBytes, onReject: noop }))
    const server = await listen(createServer(app))
    const { status } = await post(server.port, sent)
    await server.close()
    assert.equal(status, expected, `${maxPayloadBytes} of ${bytes} bytes`)
  }
})

// As hosts do that keep the body as a text.
async function keepText(req, res, next) {
  req.rawBody = Buffer.concat(await req.toArray()).toString()
  next()
}

test('Fastify: as a route it takes kept bytes; as a plugin it leaves the other routes their parsers', async () => {
  const app = Fastify()
  app.register(forFastify(hook, noop, { now }), { prefix: '/plugin' })
  app.post('/json', async ({ body }) => body)
  app.register(async (raw) => {
    raw.removeAllContentTypeParsers()
    raw.addContentTypeParser('*', { parseAs: 'buffer' }, async (request, bytes) => bytes)
    raw.post('/kept', forFastify(hook, noop, { now }))
  })
  const inject = (url) =>
    app.inject({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json', ...Object.fromEntries(request.headers) },
      payload,
    })
  assert.equal((await inject('/plugin')).statusCode, 200)
  assert.equal((await inject('/kept')).statusCode, 200)
  assert.deepEqual((await inject('/json')).json(), JSON.parse(payload))
  await app.close()
})

test('Hono: an ArrayBuffer that a middleware read is used; its headers are in the answer', async () => {
  for (const [method, status] of [
    ['arrayBuffer', 200],
    ['json', 500],
    ['text', 500],
  ]) {
    const app = new Hono()
    app.use(async (c, next) => (c.header('X-Request-Id', '7'), await c.req[method](), next()))
    app.post('/', forHono(hook, noop, { now, onReject: noop }))
    const answer = await app.request('/', { method: 'POST', headers: request.headers, body: payload })
    assert.equal(answer.status, status, method)
    assert.equal(answer.headers.get('x-request-id'), '7')
  }
})
