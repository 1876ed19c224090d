// Runs the bundled worker in miniflare: node workerd.js '<settings>' <bundle> <date> [flag…]
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { Miniflare } from 'miniflare'
import { show } from './show.js'

const [settings, bundle, compatibilityDate, ...compatibilityFlags] = process.argv.slice(2)
// Each module by name: left to itself, miniflare refuses a worker that may import what its flags lack.
const files = readdirSync(bundle).sort((a, b) => (b === 'worker.js') - (a === 'worker.js'))
const modules = files.map((file) => ({
  type: file.endsWith('.wasm') ? 'CompiledWasm' : 'ESModule',
  path: `${bundle}/${file}`,
}))
const miniflare = new Miniflare({
  modulesRoot: bundle,
  modules,
  compatibilityDate,
  compatibilityFlags,
})
const { version } = createRequire(import.meta.url)('workerd/package.json')
show({ table: 'runtime', version: `${version}, ${compatibilityDate}` })
const { body } = await miniflare.dispatchFetch('http://worker/', { method: 'POST', body: settings })
for await (const line of createInterface({ input: Readable.fromWeb(body) })) show(JSON.parse(line))
await miniflare.dispose()
