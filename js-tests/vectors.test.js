import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import * as esm from 'hookproof'
import { run } from './suite.js'
import { vectors } from './vectors.js'

const cjs = createRequire(import.meta.url)('hookproof')
const digest = (lines) => createHash('sha256').update(lines.join('\n')).digest('hex')

test('every vector gets its verdict, by import and by require', (t) => {
  const lines = run(esm, vectors)
  assert.ok(lines.length > 1000, `only ${lines.length} vectors were found`)
  assert.equal(digest(run(cjs, vectors)), digest(lines))
  t.diagnostic(`${lines.length} vectors, digest ${digest(lines).slice(0, 16)}`)
})

test('every vector gets the same verdict when the runtime hashes nothing', (t) => {
  const native = run(esm, vectors)
  globalThis[Symbol.for('hookproof.hash')] = 'wasm'
  t.after(() => delete globalThis[Symbol.for('hookproof.hash')])
  assert.equal(digest(run(esm, vectors)), digest(native))
})

test('the suite fails where a verdict is wrong', () => {
  const careless = { ...esm, verifyWebhook: () => true }
  assert.throws(() => run(careless, vectors), /wrong:/)
})
