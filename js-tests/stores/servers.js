// Real servers, each in a folder and on a port of its own. They die with the process that started them.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdtempSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** How to start each server in a folder, on a port; the same folder and port bring a killed one back. */
export const servers = {
  redis: {
    url: (port) => `redis://127.0.0.1:${port}`,
    prepare() {},
    command: (folder, port) => [
      'redis-server',
      '--port',
      port,
      '--bind',
      '127.0.0.1',
      '--dir',
      folder,
      '--save',
      '',
      '--appendonly',
      'yes',
    ],
    user: () => undefined,
  },
  postgres: {
    url: (port) => `postgres://hookproof@127.0.0.1:${port}/postgres`,
    prepare(folder, user) {
      if (user) chownSync(folder, user.uid, user.gid)
      const initdb = ['initdb', '-D', folder, '-U', 'hookproof', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']
      execFileSync('setpriv', [...as(user), ...initdb], { stdio: 'pipe', cwd: folder })
    },
    command: (folder, port) => [
      'postgres',
      '-D',
      folder,
      '-p',
      port,
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
    ],
    // It refuses to run as root.
    user: () => (process.getuid() === 0 ? { uid: idOf('-u', 'postgres'), gid: idOf('-g', 'postgres') } : undefined),
  },
}

/** Starts a server; gives its address, and how to kill it as a crash would, bring it back, and stop it. */
export async function startServer(name) {
  const { url, prepare, command, user } = servers[name]
  const folder = mkdtempSync(join(tmpdir(), `${name}-`))
  chmodSync(folder, 0o700)
  prepare(folder, user())
  let port
  let server
  const start = async (attempts = 50) => {
    const args = [...as(user()), '--pdeathsig', 'KILL', ...command(folder, String(port))]
    server = await started(folder, args, attempts)
  }
  const kill = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return
    const gone = once(server, 'exit')
    server.kill('SIGKILL')
    await gone
  }
  // Another program may take the port before the server does. The server then ends, and gets another port.
  for (let looks = 1; server === undefined; looks++) {
    port = await freePort()
    await start(1).catch((error) => {
      if (looks === 5) throw error
    })
  }
  return { url: url(port), kill, restart: start, stop: kill }
}

// A server that was killed may still hold its port and files, so a restart is attempted several times.
async function started(folder, args, attempts) {
  let said = ''
  for (let attempt = 0; attempt < attempts; attempt++) {
    const server = spawn('setpriv', args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: folder })
    said = ''
    const ready = new Promise((resolve) => {
      const read = (chunk) => {
        said += chunk
        if (/ready to accept connections/i.test(said)) resolve(true)
      }
      server.stdout.on('data', read)
      server.stderr.on('data', read)
      server.once('exit', () => resolve(false))
    })
    if (await ready) return server
    await sleep(200)
  }
  throw new Error(`${args.join(' ')} does not start:\n${said}`)
}

const as = (user) => (user ? ['--reuid', String(user.uid), '--regid', String(user.gid), '--clear-groups'] : [])

const idOf = (which, user) => Number(execFileSync('id', [which, user], { encoding: 'utf8' }))

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}
