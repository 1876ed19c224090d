// Runs the worker that wrangler has bundled in miniflare: node workerd.js <bundle> <date> [flag…]
import { Miniflare } from 'miniflare'

const [bundle, compatibilityDate, ...compatibilityFlags] = process.argv.slice(2)
const miniflare = new Miniflare({
  modulesRoot: bundle,
  scriptPath: `${bundle}/worker.js`,
  modules: true,
  modulesRules: [{ type: 'CompiledWasm', include: ['**/*.wasm'] }],
  compatibilityDate,
  compatibilityFlags,
})
const response = await miniflare.dispatchFetch('http://worker/')
const text = await response.text()
await miniflare.dispose()
if (!response.ok) throw new Error(text)
console.log(text)
