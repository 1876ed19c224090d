import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signWebhook, verifyWebhook } from 'hookproof'

test('signWebhook is the mirror of verifyWebhook in every form', () => {
  for (const form of ['hex', 'sha256', 'timestamped']) {
    for (const payload of ['', '{}', '1712419200.{}', 'é😀', new Uint8Array([0, 255]), new ArrayBuffer(3)]) {
      const signature = signWebhook(payload, 'a secret', { form })
      assert.equal(verifyWebhook(payload, signature, 'a secret', { form }), true)
      for (const other of ['hex', 'sha256', 'timestamped'].filter((each) => each !== form)) {
        assert.equal(verifyWebhook(payload, signature, 'a secret', { form: other }), false)
      }
    }
  }
  assert.equal(signWebhook('x', 's'), signWebhook('x', 's', { form: 'hex' }))
  assert.match(signWebhook('x', 's', { form: 'sha256' }), /^sha256=[0-9a-f]{64}$/)
  assert.match(signWebhook('x', 's', { form: 'timestamped', timestamp: 7.9 }), /^t=7,v1=[0-9a-f]{64}$/)
})

test('a captured timestamped signature is no bare one, unless the caller insists', () => {
  const [, time, tag] = /^t=(\d+),v1=(.*)$/.exec(signWebhook('{}', 's', { form: 'timestamped' }))
  assert.equal(verifyWebhook(`${time}.{}`, tag, 's'), false)
  assert.equal(verifyWebhook(`${time}.{}`, `sha256=${tag}`, 's'), false)
  assert.equal(verifyWebhook(`${time}.{}`, tag, 's', { form: 'hex' }), true)
})

test('it throws on what it cannot sign', () => {
  assert.throws(() => signWebhook({}, 's'), TypeError)
  assert.throws(() => signWebhook('x'), /secret must be .* got undefined/)
  assert.throws(() => signWebhook('x', 's', { form: 1 }), TypeError)
  assert.throws(() => signWebhook('x', 's', { form: 'base64' }), { code: 'invalid_option' })
  assert.throws(() => signWebhook('x', 's', { form: null }), TypeError)
  assert.throws(() => signWebhook('x', ' '), { code: 'invalid_secret' })
  assert.throws(() => signWebhook('x', []), { code: 'invalid_secret' })
  assert.throws(() => signWebhook('\ud800', 's'), { code: 'invalid_payload' })
  for (const timestamp of [NaN, -1, Infinity, 1e12]) {
    assert.throws(() => signWebhook('x', 's', { form: 'timestamped', timestamp }), { code: 'invalid_option' })
  }
})
