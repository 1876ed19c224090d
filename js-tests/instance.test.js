// What the package does with WebAssembly: when it compiles, what memory it keeps, what a trap costs.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { nearTheEndOfTheStack } from './stack.js'

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

test('an instance in which anything was thrown is replaced', () => {
  const before = made.instances.length
  const signature = signWebhook('x'.repeat(2000), 'k')
  nearTheEndOfTheStack(() => verifyWebhook('x'.repeat(2000), signature, 'k'), { rounds: 1 })
  assert.ok(made.instances.length > before)
  assert.equal(made.modules, 1, 'the compiled module is kept')
  assert.equal(verifyWebhook('x'.repeat(2000), signature, 'k'), true)
})

test('explanations replace their instance too', async () => {
  const { explain } = await import('hookproof/explain')
  const hook = new Webhook('immutis', 'a secret')
  const headers = hook.sign('{"id": "evt_1"}')
  const cause = () => explain(hook, '{"id":"evt_1"}', headers).cause
  assert.equal(cause(), 'json_reserialised')
  const [{ modules }, before] = [made, made.instances.length]
  nearTheEndOfTheStack(cause)
  assert.ok(made.instances.length > before)
  assert.equal(made.modules, modules, 'the compiled module is kept')
  for (let i = 0; i < 3; i++) assert.equal(cause(), 'json_reserialised')
  const kept = made.instances.length
  assert.throws(() => explain(hook, '', [], { now: NaN }), { code: 'invalid_option' })
  assert.equal(made.instances.length, kept, 'a refusal costs no instance')
})

test('a call that a time limit ended leaves nothing behind', () => {
  // No catch sees the end of such a call, and the lock is held for ever.
  const script = `
    import vm from 'node:vm'
    globalThis[Symbol.for('hookproof.hash')] = 'wasm'
    const { signWebhook, verifyWebhook } = await import('hookproof')
    const signature = signWebhook('x', 'k')
    const large = new Uint8Array(400 * 1024 * 1024)
    for (let i = 0; i < 3; i++) {
      try { vm.runInNewContext('verify(large, signature, "k")', { verify: verifyWebhook, large, signature }, { timeout: 50 }) }
      catch (error) { console.log(error.code, verifyWebhook('x', signature, 'k')) }
    }`
  const options = { cwd: import.meta.dirname, encoding: 'utf8', timeout: 20_000, killSignal: 'SIGKILL' }
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], options)
  assert.equal(said, 'ERR_SCRIPT_EXECUTION_TIMEOUT true\n'.repeat(3))
})

test('an export that is called while the lock is held traps', () => {
  // All of memory is overwritten, and with it the lock, which is how an interrupted call leaves it.
  const script = `
    import { readFileSync } from 'node:fs'
    const module = new WebAssembly.Module(readFileSync(process.argv[1]))
    const { memory, ...calls } = new WebAssembly.Instance(module).exports
    for (const call of Object.values(calls)) {
      new Uint8Array(memory.buffer).fill(1)
      try { call(0, 0, 0, 0, 0, 0, 0); console.log('returned') } catch (error) { console.log(error.name) }
    }
    console.log(Object.keys(calls).length)`
  const wasm = new URL('node_modules/hookproof/gen/hookproof.wasm', import.meta.url).pathname
  const options = { cwd: import.meta.dirname, encoding: 'utf8', timeout: 20_000, killSignal: 'SIGKILL' }
  const lines = execFileSync(process.execPath, ['--input-type=module', '-e', script, wasm], options).trim().split('\n')
  const count = Number(lines.pop())
  assert.ok(count > 15)
  assert.deepEqual(lines, Array(count).fill('RuntimeError'))
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
