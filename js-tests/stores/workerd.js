// Cloudflare's runtime on this machine, with the store's objects in a folder, so that they survive it.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Miniflare } from 'miniflare'
import { packageModules } from '../package-modules.js'

/** Starts workerd; gives a call on a store in it, and how to kill it as a crash would. */
export async function startWorkerd(folder) {
  const before = workerds()
  const miniflare = new Miniflare({
    modules: [...modules()],
    compatibilityDate: '2026-04-01',
    durableObjects: {
      SQLITE: { className: 'Sqlite', useSQLite: true },
      KEY_VALUE: { className: 'KeyValue' },
      GONE: { className: 'Gone' },
    },
    durableObjectsPersist: folder,
  })
  await miniflare.ready
  const call = async (binding, call, ...args) => {
    const body = JSON.stringify({ binding, call, args })
    const answer = await miniflare.dispatchFetch('http://worker/', { method: 'POST', body })
    const { value, error } = await answer.json()
    if (error)
      throw Object.assign(error.name === 'TypeError' ? new TypeError(error.message) : new Error(error.message), error)
    return value
  }
  const kill = async () => {
    for (const pid of workerds().filter((pid) => !before.includes(pid))) process.kill(pid, 'SIGKILL')
    await miniflare.dispose().catch(() => {})
  }
  return { call, kill, stop: () => miniflare.dispose() }
}

function* modules() {
  for (const name of ['worker.js', 'deliveries.js']) {
    yield { type: 'ESModule', path: name, contents: readFileSync(join(import.meta.dirname, name), 'utf8') }
  }
  yield* packageModules()
}

/** The workerd processes that this process has started. */
function workerds() {
  return readdirSync('/proc').filter(isWorkerd).map(Number)
}

function isWorkerd(pid) {
  if (!/^\d+$/.test(pid)) return false
  try {
    const [, name, parent] = /^\d+ \((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))
    return name === 'workerd' && Number(parent) === process.pid
  } catch {
    return false
  }
}
