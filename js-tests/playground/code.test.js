// Point 5: the code that is shown is the code that runs, in each runtime, with every provider's name in one of them.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer as createSocket } from 'node:net'
import { once } from 'node:events'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { createAdaptorServer } from '@hono/node-server'
import { Webhook } from 'hookproof'
import { providers } from 'hookproof/providers'
import { runtimes, variableOf } from '../www/code.js'
import { choose, open, says } from './page.js'

const SECRET = 'b25seSBmb3IgdGhpcyB0ZXN0'
const folder = new URL('../shown/', import.meta.url)
mkdirSync(folder, { recursive: true })

/** How each runtime is started: as a process, or, where it calls a function, with that in a server of ours. */
const START = {
  express: (file, env) => run(process.execPath, [file], env),
  fastify: (file, env) => run(process.execPath, [file], env),
  hono: (file, env) => run(process.execPath, [file], env),
  deno: (file, env) => run('deno', ['run', '--no-prompt', '--allow-net', '--allow-env', file], env),
  bun: (file, env) => run('bun', [file], env),
  workers: (file, env) => called(file, (module, request) => module.default.fetch(request, env, { waitUntil() {} })),
  next: (file, env) => called(file, (module, request) => module.POST(request), env),
  rust: (file, env) => run(process.env.SHOWN_RUST, [], env),
}

test('every runtime is started', () =>
  assert.deepEqual(runtimes.map(({ name }) => name).sort(), Object.keys(START).sort()))

runtimes.forEach(({ name, title, code }, at) => {
  // Humiris for the Rust one, which xtask compiled; another row for each of the others.
  const row = name === 'rust' ? providers.find((each) => each.name === 'humiris') : providers[at]
  test(`${title}, for ${row.title}, accepts what is signed and nothing else`, async (t) => {
    const file = new URL(`${name}.mjs`, folder)
    writeFileSync(file, code(row))
    const server = await START[name](file.pathname, { [variableOf(row)]: SECRET })
    t.after(server.close)
    const payload = row.sample
    const headers = { 'Content-Type': 'application/json', ...new Webhook(row.name, SECRET).sign(payload) }
    const send = (body) =>
      fetch(`http://127.0.0.1:${server.port}/webhooks/${row.name}`, { method: 'POST', headers, body })
    assert.equal((await send(`${payload} `)).status, 401)
    assert.equal((await send(payload)).status, 200)
    if (server.said) assert.match(server.said(), new RegExp(`${row.name}:`), 'the handler ran')
  })
})

test('the page shows this code, for every provider and runtime', async (t) => {
  const { page } = await open(t)
  for (const row of providers) {
    await choose(page, row.title)
    for (const { title, file, code } of runtimes) {
      await page.getByLabel(title, { exact: true }).check({ force: true })
      await says(page, `#code [aria-label="${file}"]`, variableOf(row))
      assert.equal(await page.textContent(`#code [aria-label="${file}"]`), code(row))
    }
  }
})

// A server that the code starts by itself, on the port that it is given. Another program may take the port
// before the server does. The server then ends, and gets another port.
async function run(command, args, env, looks = 5) {
  const port = await freePort()
  const server = spawn(command, args, { env: { ...process.env, ...env, PORT: String(port) } })
  let said = ''
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (text) => (said += text))
  const close = () => server.kill()
  for (let tries = 0; tries < 300; tries++) {
    if (server.exitCode !== null) {
      if (looks > 1) return run(command, args, env, looks - 1)
      throw new Error(`${command} ended: ${said}`)
    }
    if (
      await fetch(`http://127.0.0.1:${port}/`).then(
        () => true,
        () => false,
      )
    )
      return { port, close, said: () => said }
    await wait(100)
  }
  close()
  throw new Error(`${command} did not listen: ${said}`)
}

async function called(file, call, env = {}) {
  Object.assign(process.env, env)
  const module = await import(pathToFileURL(file))
  const server = createAdaptorServer({ fetch: (request) => call(module, request) })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: server.address().port, close: () => server.close() }
}

async function freePort() {
  const probe = createSocket()
  probe.listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address()
  await new Promise((done) => probe.close(done))
  return port
}
