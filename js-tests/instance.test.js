// What the package does with WebAssembly: when it compiles, what memory it keeps, what a trap costs.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'

const made = { modules: 0, instances: [] }
globalThis.WebAssembly = {
  Module: class extends WebAssembly.Module {
    constructor(bytes) {
      super(bytes)
      made.modules += 1
    }
  },
  Instance: class extends WebAssembly.Instance {
    constructor(module, imports) {
      super(module, imports)
      made.instances.push(this)
    }
  },
}

const { signWebhook, verifyWebhook, Webhook } = await import('hookproof')

test('importing compiles nothing; the first call compiles once', () => {
  assert.equal(made.modules, 0)
  verifyWebhook('x', 'x', 'x')
  new Webhook('kyc', 'a secret')
  signWebhook('x', 'x')
  assert.equal(made.modules, 1)
  assert.equal(made.instances.length, 1)
})

test('memory is as large after 10 MiB of payload as before, and holds no secret afterwards', () => {
  const { memory } = made.instances[0].exports
  const before = memory.buffer.byteLength
  const payload = '漢'.repeat((10 * 1024 * 1024) / 3)
  const mark = 'unmistakable-secret-text'
  // HMAC takes in a key as it is up to a block of 64 bytes, and hashes a longer one first.
  for (const secret of [mark, mark.repeat(4)]) {
    assert.equal(verifyWebhook(payload, signWebhook(payload, secret), secret), true)
    assert.equal(memory.buffer.byteLength, before)
    assert.ok(before <= 4 * 65536, `${before} bytes of memory`)
    assert.ok(!Buffer.from(memory.buffer).includes(mark), `of a secret of ${secret.length} bytes`)
  }
})

test('what a caller got wrong does not cost an instance', () => {
  const before = made.instances.length
  for (let i = 0; i < 100; i++) verifyWebhook({}, null, [])
  const small = new Webhook('kyc', 'a secret', { maxPayloadBytes: 2 })
  for (let i = 0; i < 100; i++) assert.equal(small.check('éé', {}).code, 'payload_too_large')
  assert.equal(made.instances.length, before)
})

test('where there is no WebAssembly the first call says so, and importing does not', () => {
  const script = `
    import { verifyWebhook, Webhook } from 'hookproof'
    for (const call of [() => verifyWebhook('x', 'x', 'x'), () => new Webhook('kyc', 'x')]) {
      try { call(); console.log('returned') } catch (error) { console.log(error.message) }
    }`
  const said = execFileSync(process.execPath, ['--jitless', '--input-type=module', '-e', script], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const lines = said.trim().split('\n')
  assert.equal(lines.length, 2)
  for (const line of lines) assert.match(line, /WebAssembly.*'wasm-unsafe-eval'.*script-src/)
})
