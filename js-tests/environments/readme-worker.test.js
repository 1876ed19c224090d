// The README's worker in workerd: node readme-worker.test.js <bundle>
import assert from 'node:assert/strict'
import { Webhook } from 'hookproof'
import { Miniflare } from 'miniflare'

const [bundle] = process.argv.slice(2)
const miniflare = new Miniflare({
  modulesRoot: bundle,
  scriptPath: `${bundle}/readme-worker.js`,
  modules: true,
  modulesRules: [{ type: 'CompiledWasm', include: ['**/*.wasm'] }],
  compatibilityDate: '2024-01-01',
})
const headers = new Webhook('immutis', 'a secret').sign('{}')
const statusOf = async (body) =>
  (await miniflare.dispatchFetch('http://worker/', { method: 'POST', headers, body })).status
try {
  assert.equal(await statusOf('{}'), 200)
  assert.equal(await statusOf('[]'), 401)
} finally {
  await miniflare.dispose()
}
