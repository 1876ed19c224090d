// Starts a development or production server, prints its answer for a path, and stops it:
// node served.js <path> [chromium] -- <command>…
// With a browser's name the path is a page. Otherwise the answer is plain text, or a script of a page holds it.
//
// The command lets the server choose its port (`--port 0`), and the address comes from what the server prints.
// A port that is looked for beforehand can be taken by another program before the server starts. vite then
// moves to the next port, and the requests reach the other program.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { stripVTControlCharacters } from 'node:util'
import { outcomeOf } from './pages.js'

const MAX_START_MS = 120_000

const split = process.argv.indexOf('--')
const [path, browser] = process.argv.slice(2, split)
const [command, ...args] = process.argv.slice(split + 1)
const server = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
try {
  const url = (await addressOf(server)) + path
  console.log(browser ? await outcomeOf(browser, url) : textOf(await answerOf(url)))
} finally {
  process.kill(-server.pid, 'SIGKILL')
}

/** The first address that the server prints. Reads on after it, so that the server never waits for its output. */
function addressOf(server) {
  return new Promise((resolve, reject) => {
    const printed = []
    const fail = (why) => reject(new Error(`${command} ${why}. It printed:\n${printed.join('\n')}`))
    const timer = setTimeout(() => fail('printed no address'), MAX_START_MS)
    createInterface({ input: server.stdout })
      .on('line', (line) => {
        printed.push(stripVTControlCharacters(line))
        const address = /http:\/\/127\.0\.0\.1:\d+/.exec(printed.at(-1))
        if (!address) return
        clearTimeout(timer)
        resolve(address[0])
      })
      .on('close', () => fail('ended'))
  })
}

/** The first request must succeed: a user's first request has no second try either. */
async function answerOf(url) {
  const response = await fetch(url)
  const text = await response.text()
  if (!response.ok) throw new Error(`${url}: ${response.status}: ${text.slice(0, 2000)}`)
  return text
}

function textOf(answer) {
  const script = /<script type="text\/plain">([^<]*)/.exec(answer)
  return script ? decodeURIComponent(script[1]) : answer
}
