// The installed package as modules for miniflare, by the names that a worker imports.
import { readFileSync } from 'node:fs'

/** Each entry is one file; the first imports the compiled module. */
export function* packageModules() {
  const folder = new URL('../', import.meta.resolve('hookproof/stores/durable-object'))
  const text = (path) => readFileSync(new URL(path, folder), 'utf8')
  yield { type: 'ESModule', path: 'hookproof', contents: text('workerd.js') }
  yield { type: 'CompiledWasm', path: 'hookproof.wasm', contents: readFileSync(new URL('hookproof.wasm', folder)) }
  yield { type: 'ESModule', path: 'hookproof/fetch', contents: text('adapters/fetch.js') }
  yield { type: 'ESModule', path: 'hookproof/stores/durable-object', contents: text('stores/durable-object.js') }
}
