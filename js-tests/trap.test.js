// With a build that traps on request, 32 KiB deep in the stack: the call after a trap is as good as the
// first. A trap never restores the stack pointer, so an instance that was kept would soon be unusable.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signWebhook, verifyWebhook, Webhook } from 'hookproof'

const REQUEST = 'trap'

test('a trap is a refusal, and the next call is right', () => {
  const hook = new Webhook('immutis', 'a secret')
  const good = signWebhook('good', 'a secret')
  for (let i = 0; i < 100; i++) {
    assert.equal(verifyWebhook(REQUEST, good, 'a secret'), false)
    assert.equal(verifyWebhook('good', good, 'a secret'), true, `after ${i + 1} traps`)
    const verdict = hook.check(REQUEST, { 'x-immutis-signature': good })
    assert.equal(verdict.code, 'signature_mismatch')
    assert.match(verdict.message, /verifier stopped/, 'the build does trap')
    assert.equal(hook.check('good', { 'x-immutis-signature': good }).ok, true)
  }
})
