// Runtimes that are not Node.js, each started once, with endpoints made in it as the tests ask for them.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Miniflare } from 'miniflare'
import { packageModules } from '../package-modules.js'

/**
 * How each is started: it gives a port, and what ends it. One that `closes` does so after an answer that came
 * before the body's end, so that a sender that is still sending may not hear it.
 */
const RUNTIMES = [
  { name: 'fetch, Deno', run: () => startProcess('deno', ['run', '--no-prompt', '--allow-net', 'deno.js']) },
  { name: 'fetch, Bun', run: () => startProcess('bun', ['bun.js']), closes: true },
  // workerd by itself never says 100 Continue.
  { name: 'fetch, workerd', run: startWorkerd, closes: true, lacks: ['Expect: 100'] },
]

/** What makes an endpoint in each, and what ends it. */
export const runtimes = RUNTIMES.map(({ run, ...row }) => {
  const { name } = row
  let running
  let endpoints = 0
  return {
    ...row,
    stop: async () => (await running)?.close(),
    async start(settings) {
      running ??= run()
      const { port } = await running
      const path = `/${(endpoints += 1)}`
      const ask = async (what, options) => {
        const answer = await fetch(`http://127.0.0.1:${port}${path}?${what}`, options)
        if (!answer.ok) throw new Error(`${name}, ${what}: ${answer.status} ${await answer.text()}`)
        return answer
      }
      await ask('make', { method: 'POST', body: JSON.stringify(settings) })
      return { port, path, seen: async () => (await ask('seen')).json(), finish: () => ask('finish'), close() {} }
    },
  }
})

async function startProcess(program, args) {
  const options = { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit'], detached: true }
  const server = spawn(program, args, options)
  // npm's deno and bun start the program that they install: the group is ended.
  const close = () => process.kill(-server.pid, 'SIGKILL')
  const [port] = await once(server.stdout, 'data')
  return { port: Number(port), close }
}

async function startWorkerd() {
  const own = ['worker.js', 'served.js', 'endpoint.js']
  const modules = own.map((name) => ({
    type: 'ESModule',
    path: name,
    contents: readFileSync(join(import.meta.dirname, name), 'utf8'),
  }))
  const miniflare = new Miniflare({
    modules: [...modules, ...packageModules()],
    compatibilityDate: '2026-04-01',
    host: '127.0.0.1',
  })
  const { port } = await miniflare.ready
  return { port: Number(port), close: () => miniflare.dispose() }
}
