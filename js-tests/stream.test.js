// Payloads in chunks: the same verdicts as in one piece, in bounded memory.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'

let last
const { Instance } = WebAssembly
globalThis.WebAssembly.Instance = class extends Instance {
  constructor(...rest) {
    super(...rest)
    last = this
  }
}

const { Webhook, WebhookError } = await import('hookproof')
const { vectors } = await import('./vectors.js')
const { run } = await import('./suite.js')

/** A Webhook whose `check` hands the payload over in chunks of so many bytes. */
function inChunks(bytes) {
  return class extends Webhook {
    check(payload, headers, options) {
      const whole = super.check(payload, headers, options)
      try {
        const verifier = this.createVerifier(headers, options)
        const view = ArrayBuffer.isView(payload)
          ? new Uint8Array(payload.buffer, payload.byteOffset, payload.byteLength)
          : typeof payload === 'string'
            ? Buffer.from(payload)
            : new Uint8Array(payload)
        for (let at = 0; at < view.length; at += bytes) verifier.update(view.subarray(at, at + bytes))
        const { provider, id, timestamp, signed, secretIndex } = verifier.verify()
        assert.ok(whole.ok, 'in one piece it was refused')
        const { delivery } = whole
        assert.deepEqual(
          [provider, timestamp, signed, secretIndex],
          [delivery.provider, delivery.timestamp, delivery.signed, delivery.secretIndex],
        )
        assert.ok(id === delivery.id || id === null)
        return whole
      } catch (error) {
        if (!(error instanceof WebhookError)) throw error
        // What concerns the payload as a whole, streaming cannot see.
        return whole.code === 'invalid_payload' ? whole : { ok: false, code: error.code }
      }
    }
  }
}

for (const bytes of [1, 7, 4096, 100_000]) {
  test(`every vector in chunks of ${bytes}`, () => {
    const few =
      bytes === 1
        ? Object.entries(vectors).map(([name, { cases }]) => [name, { cases: cases.filter(short) }])
        : Object.entries(vectors)
    const lines = run({ Webhook: inChunks(bytes) }, onlyHooks(few))
    assert.ok(lines.length > 300, `only ${lines.length} vectors`)
  })
}

const short = ({ payload }) => payload.times === undefined

/** The vectors that are about headers and schemes. */
function onlyHooks(files) {
  return Object.fromEntries(files.map(([name, { cases }]) => [name, { cases: cases.filter(({ form }) => !form) }]))
}

const secret = 'an example, not a secret'
const tag = (payload) => createHmac('sha256', secret).update(payload).digest('hex')

test('64 MiB pass through with less than 1 MiB of memory, and not a page more at the end', () => {
  const chunk = Buffer.alloc(1024 * 1024, 'é')
  const mac = createHmac('sha256', secret)
  for (let i = 0; i < 64; i++) mac.update(chunk)
  const verifier = new Webhook('immutis', secret).createVerifier({ 'x-immutis-signature': mac.digest('hex') })
  const { memory } = last.exports
  const before = memory.buffer.byteLength
  for (let i = 0; i < 64; i++) verifier.update(chunk)
  assert.equal(verifier.verify().provider, 'immutis')
  assert.equal(memory.buffer.byteLength, before)
  assert.ok(before < 1024 * 1024, `${before} bytes`)
})

test('two hundred at once, each in small steps, between calls of check', () => {
  const hook = new Webhook('immutis', ['another', secret])
  const open = Array.from({ length: 200 }, (_, i) => {
    const payload = `payload ${i} `.repeat(50 + i)
    const signature = i % 3 === 0 ? tag(`${payload}!`) : tag(payload)
    return { i, payload, verifier: hook.createVerifier({ 'x-immutis-signature': signature }) }
  })
  for (let at = 0; at < 60_000; at += 500) {
    for (const { payload, verifier } of open) if (at < payload.length) verifier.update(payload.slice(at, at + 500))
    assert.ok(hook.check('x', { 'x-immutis-signature': tag('x') }).ok)
  }
  for (const { i, verifier } of open) {
    if (i % 3 === 0) assert.throws(() => verifier.verify(), { code: 'signature_mismatch' })
    else
      assert.deepEqual(
        { ...verifier.verify() },
        { provider: 'immutis', timestamp: null, signed: ['payload', 'id'], secretIndex: 1, id: null },
      )
  }
})

test('headers are refused before any payload, and everything ends with the first error', () => {
  const hook = new Webhook('immutis', secret, { maxPayloadBytes: 10 })
  assert.throws(() => hook.createVerifier({}), { code: 'missing_header' })
  assert.throws(() => hook.createVerifier({ 'x-immutis-signature': 'zz' }), { code: 'malformed_signature' })
  assert.throws(() => hook.createVerifier([], { then: 1 }), { code: 'invalid_option' })
  const headers = { 'x-immutis-signature': tag('0123456789') }
  for (const none of [undefined, null, 5, 'x', [5]]) {
    const { code, message } = hook.check('', none)
    assert.throws(() => hook.createVerifier(none), { name: 'WebhookError', code, message })
  }
  for (const [wrong, error] of [
    [{}, TypeError],
    ['\ud800', { code: 'invalid_payload' }],
  ]) {
    const bad = hook.createVerifier({ 'x-immutis-signature': tag('') })
    assert.throws(() => bad.update(wrong), error)
    assert.throws(() => bad.verify(), { code: 'invalid_option', message: /come to its end/ })
  }
  const good = hook.createVerifier(headers)
  good.update('01234')
  good.update(Buffer.from('56789'))
  assert.equal(good.verify().secretIndex, 0)
  assert.throws(() => good.verify(), { code: 'invalid_option', message: /come to its end/ })
  assert.throws(() => good.update('x'), { code: 'invalid_option' })
  const large = hook.createVerifier(headers)
  large.update('01234')
  assert.throws(() => large.update('éééé'), { code: 'payload_too_large' })
  assert.throws(() => large.verify(), { code: 'invalid_option' })
  assert.equal(hook.createVerifier({ 'x-immutis-signature': tag('') }).verify().provider, 'immutis')
})

test('freshness holds, and a signed id comes along', () => {
  const hook = new Webhook('standard-webhooks', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLwEB')
  const headers = hook.sign('{}', { id: 'msg_1', timestamp: 1000 })
  const verify = (now) => {
    const verifier = hook.createVerifier(headers, { now })
    verifier.update('{')
    verifier.update('}')
    return verifier.verify()
  }
  assert.deepEqual(
    { ...verify(1300) },
    {
      provider: 'standard-webhooks',
      timestamp: 1000,
      signed: ['payload', 'timestamp', 'id'],
      secretIndex: 0,
      id: 'msg_1',
    },
  )
  assert.throws(() => verify(1301), { code: 'too_old' })
})
