// Serves a folder on loopback, under a Content-Security-Policy that allows WebAssembly and nothing else,
// and prints what its page made of the suite: node browser.js <chromium|firefox> <folder> [policy]
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { outcomeOf } from './pages.js'

const [browser, folder, policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'"] = process.argv.slice(2)
const types = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' }

const server = createServer(async (request, response) => {
  const path = new URL(request.url, 'http://page').pathname
  try {
    const body = await readFile(join(folder, path === '/' ? 'index.html' : path))
    response.setHeader('Content-Security-Policy', policy)
    response.setHeader('Content-Type', types[extname(path)] ?? 'text/html')
    response.end(body)
  } catch {
    response.writeHead(404).end()
  }
})
await new Promise((done) => server.listen(0, '127.0.0.1', done))
try {
  console.log(await outcomeOf(browser, `http://127.0.0.1:${server.address().port}/`))
} finally {
  server.close()
}
