// Starts a development or production server, prints what it answers at a path, and stops it:
// node served.js <path> [chromium] -- <command with {port}…>
// With a browser's name the path is a page; else the answer is the text, or stands in a page's script.
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { outcomeOf } from './pages.js'

const split = process.argv.indexOf('--')
const [path, browser] = process.argv.slice(2, split)
const port = await freePort()
const [command, ...args] = process.argv.slice(split + 1).map((word) => word.replace('{port}', port))
const server = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'], detached: true })
try {
  const url = `http://127.0.0.1:${port}${path}`
  const answer = await answerOf(url)
  console.log(browser ? await outcomeOf(browser, url) : textOf(answer))
} finally {
  process.kill(-server.pid, 'SIGKILL')
}

async function answerOf(url) {
  const deadline = Date.now() + 60_000
  for (;;) {
    try {
      const response = await fetch(url)
      const text = await response.text()
      if (response.ok) return text
      throw new Error(`${response.status}: ${text.slice(0, 2000)}`)
    } catch (error) {
      if (server.exitCode !== null || Date.now() > deadline) throw error
      await new Promise((done) => setTimeout(done, 200))
    }
  }
}

function textOf(answer) {
  const script = /<script type="text\/plain">([^<]*)/.exec(answer)
  return script ? decodeURIComponent(script[1]) : answer
}

async function freePort() {
  const probe = createServer()
  await new Promise((done) => probe.listen(0, '127.0.0.1', done))
  const { port } = probe.address()
  await new Promise((done) => probe.close(done))
  return port
}
