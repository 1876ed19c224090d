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

test('what may be signed with a time is known by how it begins, as text and as bytes', () => {
  const asBytes = (text) => new TextEncoder().encode(text)
  for (let code = 0; code < 128; code++) {
    const start = String.fromCharCode(code)
    const isTime = /\d/.test(start)
    for (const payload of [`${start}.{}`, `${start}12345678901.`, `${start}1.{}`]) {
      const signature = signWebhook(payload, 's')
      for (const each of [payload, asBytes(payload)]) {
        assert.equal(verifyWebhook(each, signature, 's'), !isTime, JSON.stringify(payload))
        assert.equal(verifyWebhook(each, `sha256=${signature}`, 's'), !isTime, JSON.stringify(payload))
      }
    }
    for (const payload of [start, `${start}{}`, `${start}123456789012.`]) {
      assert.equal(verifyWebhook(payload, signWebhook(payload, 's'), 's'), true, JSON.stringify(payload))
    }
  }
})

test('a captured delivery is no bare one, wherever in it a surrogate pair stands', () => {
  for (let before = 0; before < 150; before++) {
    for (const pair of ['😀', '😀😀', 'é😀', '漢😀']) {
      const payload = `{"text":"${'u'.repeat(before)}${pair}"}`
      const [, time, tag] = /^t=(\d+),v1=(.*)$/.exec(
        signWebhook(payload, 's', { form: 'timestamped', timestamp: 1_712_419_200 }),
      )
      for (const signature of [tag, `sha256=${tag}`]) {
        assert.equal(verifyWebhook(`${time}.${payload}`, signature, 's'), false, `${before} units, then ${pair}`)
        assert.equal(verifyWebhook(Buffer.from(`${time}.${payload}`), signature, 's'), false)
      }
      // And what only begins with a digit is as good as ever.
      assert.equal(
        verifyWebhook(`7${payload}`, signWebhook(`7${payload}`, 's'), 's'),
        true,
        `${before} units, then ${pair}`,
      )
    }
  }
})

test('without a word about the form, a time is held against the clock', () => {
  const signed = (timestamp) => signWebhook('{}', 's', { form: 'timestamped', timestamp })
  const now = Date.now() / 1000
  assert.deepEqual(
    [0, 200, -200, 400, -400].map((later) => verifyWebhook('{}', signed(now + later), 's')),
    [true, true, true, false, false],
  )
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

test('an empty list of secrets signs nothing, whatever signed before', () => {
  for (const form of ['hex', 'sha256', 'timestamped']) {
    signWebhook('{}', 'the secret of the call before', { form })
    assert.throws(() => signWebhook('{}', [], { form }), { name: 'WebhookError', code: 'invalid_secret' })
  }
})
