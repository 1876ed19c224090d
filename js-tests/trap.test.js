// With a build that traps on request, 32 KiB deep in the stack: a trap is an error and no verdict, and the call after
// it is as good as the first. A trap never restores the stack pointer, so an instance that was kept would soon be
// unusable.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signWebhook, verifyWebhook, Webhook } from 'hookproof'

const REQUEST = 'trap'

test('a trap is an error, and the next call is right', () => {
  const hook = new Webhook('immutis', 'a secret')
  const good = signWebhook('good', 'a secret')
  for (let i = 0; i < 100; i++) {
    assert.throws(() => verifyWebhook(REQUEST, good, 'a secret'), WebAssembly.RuntimeError)
    assert.equal(verifyWebhook('good', good, 'a secret'), true, `after ${i + 1} traps`)
    assert.throws(() => hook.check(REQUEST, { 'x-immutis-signature': good }), WebAssembly.RuntimeError)
    const verifier = hook.createVerifier({ 'x-immutis-signature': good })
    verifier.update(REQUEST)
    assert.throws(() => verifier.verify(), WebAssembly.RuntimeError)
    assert.throws(() => verifier.verify(), { code: 'invalid_option' }, 'the verifier has ended')
    assert.equal(hook.check('good', { 'x-immutis-signature': good }).ok, true)
  }
})
