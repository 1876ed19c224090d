// Keys are made once and kept out of sight: how many are kept, who can see them, and which secret gets which.
import assert from 'node:assert/strict'
import { createHmac, randomInt } from 'node:crypto'
import { test } from 'node:test'
import { inspect } from 'node:util'

// Counts the calls that make keys, which are the writes to the secret's field of the module.
const made = { keys: 0 }
const { Instance } = WebAssembly
globalThis.WebAssembly.Instance = class {
  constructor(module, imports) {
    const { exports } = new Instance(module, imports)
    const make = exports.make_key
    this.exports = make ? { ...exports, make_key: (...rest) => (made.keys++, make(...rest)) } : exports
  }
}

const { clearKeys, signWebhook, verifyWebhook, Webhook, WebhookError } = await import('hookproof')

const tag = (secret, payload) => createHmac('sha256', secret).update(payload).digest('hex')
const verify = (secret) => verifyWebhook('x', tag(secret, 'x'), secret, { form: 'hex' })

/** How many keys a call makes. */
function keysMadeBy(call) {
  const before = made.keys
  call()
  return made.keys - before
}

const secrets = Array.from({ length: 5000 }, (_, i) => `secret ${i}`)

test('verifyWebhook makes the keys of 1,024 secrets once', () => {
  const some = secrets.slice(0, 1024)
  assert.equal(
    keysMadeBy(() => some.forEach((secret) => assert.ok(verify(secret)))),
    1024,
  )
  for (let i = 0; i < 3; i++)
    assert.equal(
      keysMadeBy(() => some.forEach(verify)),
      0,
    )
  assert.equal(
    keysMadeBy(() => signWebhook('x', some[7])),
    0,
  )
})

test('the cache of verifyWebhook is bounded, and drops what was not used', () => {
  clearKeys()
  secrets.forEach(verify)
  assert.equal(
    keysMadeBy(() => verify(secrets.at(-1))),
    0,
  )
  assert.equal(
    keysMadeBy(() => verify(secrets[0])),
    1,
    'the first of 5,000',
  )
  clearKeys()
  for (const secret of secrets) {
    verify(secret)
    verify('used all the time')
  }
  assert.equal(
    keysMadeBy(() => verify('used all the time')),
    0,
  )
})

test('clearKeys empties the cache and sets its size', () => {
  verify('a secret')
  assert.equal(
    keysMadeBy(() => verify('a secret')),
    0,
  )
  assert.equal(clearKeys(), undefined)
  assert.equal(
    keysMadeBy(() => verify('a secret')),
    1,
  )
  clearKeys({ maxKeys: 2 })
  for (const secret of ['a', 'b', 'c', 'd', 'e']) verify(secret)
  assert.equal(
    keysMadeBy(() => verify('e')),
    0,
  )
  assert.equal(
    keysMadeBy(() => verify('a')),
    1,
  )
  clearKeys({ maxKeys: 0 })
  assert.equal(
    keysMadeBy(() => (verify('a'), verify('a'))),
    2,
  )
  clearKeys({ maxKeys: 1024 })
  assert.equal(
    keysMadeBy(() => (verify('a'), verify('a'))),
    1,
  )
})

test('clearKeys that fails while it wipes leaves no wiped keys', () => {
  const some = secrets.slice(0, 20)
  for (let wiped = 0; wiped < 3; wiped++) {
    some.forEach(verify)
    let left = wiped
    // As where the stack ends.
    Uint8Array.prototype.fill = function (...args) {
      if (left-- === 0) throw new RangeError('Maximum call stack size exceeded')
      return Object.getPrototypeOf(Uint8Array.prototype).fill.apply(this, args)
    }
    try {
      assert.throws(() => clearKeys(), RangeError)
    } finally {
      delete Uint8Array.prototype.fill
    }
    assert.deepEqual(
      some.filter((secret) => !verify(secret)),
      [],
    )
  }
})

test('clearKeys refuses what is not a number of keys', () => {
  for (const maxKeys of [-1, 1.5, NaN, Infinity, 2 ** 53]) {
    assert.throws(
      () => clearKeys({ maxKeys }),
      (error) => error instanceof WebhookError && error.code === 'invalid_option',
    )
  }
  for (const maxKeys of ['1', null, 1n]) assert.throws(() => clearKeys({ maxKeys }), TypeError)
  assert.throws(() => clearKeys({ size: 1 }), { code: 'invalid_option' })
  assert.throws(() => clearKeys(1), TypeError)
})

test('a Webhook keeps its keys, whatever clearKeys does and however many there are', () => {
  const hooks = secrets.map((secret) => new Webhook('immutis', [secret, `${secret}, rotated`]))
  clearKeys()
  const count = keysMadeBy(() => {
    for (const [i, hook] of hooks.entries()) {
      const signed = i % 2 ? secrets[i] : `${secrets[i]}, rotated`
      const headers = { 'x-immutis-signature': tag(signed, 'x') }
      const verdict = hook.check('x', headers)
      assert.deepEqual([verdict.ok, verdict.delivery.secretIndex], [true, i % 2 ? 0 : 1])
      assert.equal(hooks[(i + 1) % hooks.length].check('x', headers).code, 'signature_mismatch')
      const verifier = hook.createVerifier(headers)
      verifier.update('x')
      assert.equal(verifier.verify().provider, 'immutis')
    }
  })
  assert.equal(count, 0)
})

test('calls in any order use the keys and the scheme that they were given', () => {
  const acme = {
    name: 'acme',
    signature: { header: 'Acme-Signature', form: 'bare' },
    encoding: 'base64',
    content: ['payload'],
    secret: 'utf8',
  }
  const kinds = ['immutis', 'immune', 'humiris', acme, { ...acme, encoding: 'hex' }]
  const hooks = secrets.slice(0, 60).map((secret, i) => new Webhook(kinds[i % kinds.length], secret))
  const open = []
  for (let i = 0; i < 20_000; i++) {
    const [signer, other] = [hooks[randomInt(hooks.length)], hooks[randomInt(hooks.length)]]
    const payload = `payload ${i}`
    const headers = signer.sign(payload)
    assert.equal(other.check(payload, headers).ok, other === signer)
    assert.ok(signer.check(payload, headers).ok)
    if (i % 3 === 0) open.push([signer.createVerifier(headers), payload])
    assert.ok(verify(secrets[randomInt(2000)]))
    if (open.length > 10) {
      const [verifier, streamed] = open.splice(randomInt(open.length), 1)[0]
      for (const character of streamed) verifier.update(character)
      assert.ok(verifier.verify())
    }
  }
})

test('nothing shows the keys of a Webhook', async () => {
  const hook = new Webhook('immutis', 'an unmistakable secret')
  const shown = [
    inspect(hook, { showHidden: true, depth: Infinity, getters: true }),
    JSON.stringify(hook),
    JSON.stringify(structuredClone(hook)),
    ...Object.getOwnPropertyNames(hook),
  ]
  const verifier = hook.createVerifier({ 'x-immutis-signature': tag('x', 'x') })
  shown.push(inspect(verifier, { showHidden: true, depth: Infinity }), JSON.stringify(verifier))
  const inner = createHmac('sha256', 'an unmistakable secret').update('').digest('hex')
  for (const text of shown) assert.doesNotMatch(text, /unmistakable|Uint8Array|states|keys/i, text)
  assert.ok(!shown.join().includes(inner))
  assert.deepEqual(Object.keys(await import('hookproof')).sort(), [
    'Webhook',
    'WebhookError',
    'clearKeys',
    'signWebhook',
    'verifyWebhook',
  ])
})
