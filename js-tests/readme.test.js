// The README's JavaScript runs: each block as a module of its own, beside the installed package.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'

const readme = readFileSync(new URL('./README.md', import.meta.url), 'utf8')
const blocks = [...readme.matchAll(/^```js(?: module| require)?\n(.*?)^```$/gms)].map(([, code]) => code)

test('there are examples', () => assert.ok(blocks.length >= 3, `${blocks.length} found`))

// What a reader has set; the receiver refuses to start without it.
const env = { ...process.env, HUMIRIS_WEBHOOK_SECRET: 'only for this test' }

blocks.forEach((code, index) => {
  test(`example ${index + 1}: ${code.split('\n')[0]}`, () => {
    const name = `readme-${index}.${code.includes('require(') ? 'cjs' : 'js'}`
    writeFileSync(new URL(name, import.meta.url), code)
    execFileSync(process.execPath, [name], { cwd: import.meta.dirname, stdio: 'pipe', env })
  })
})
