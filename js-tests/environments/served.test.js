// served.js: it asks the server that it started, and no other.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'

const SERVED = new URL('served.js', import.meta.url).pathname
const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'served-'))

/** Like vite next to workerd: another server has the port asked for, so the server listens on the next. */
const SERVER = `
import { createServer } from 'node:http'
const asked = Number(process.argv[2])
const listen = (port, status, text) => new Promise((done) => {
  const server = createServer((request, response) => response.writeHead(status).end(text))
  server.listen(port, '127.0.0.1', () => done(server.address().port))
})
if (asked) await listen(asked, 500, 'Not yet implemented')
const status = Number(process.argv[3])
const port = await listen(asked && asked + 1, status, 'the server')
console.log('  Local: \\x1b[36mhttp://127.0.0.1:\\x1b[1m' + port + '\\x1b[22m/\\x1b[39m')
`
const file = join(folder, 'server.mjs')
writeFileSync(file, SERVER)
const served = (...args) => run(process.execPath, [SERVED, '/transcript', '--', process.execPath, ...args])

test('another server on the port asked for is not asked', async () => {
  for (const port of ['0', '41873']) assert.equal((await served(file, port, '200')).stdout, 'the server\n')
})

test('an error status fails with its text', async () => {
  await assert.rejects(served(file, '0', '500'), /\/transcript: 500: the server/)
})

test('a server that ends fails with what it printed', async () => {
  const ends = ['--eval', 'console.log("no license")']
  await assert.rejects(served(...ends), /ended\. It printed:\nno license/)
})
