import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { Webhook } from 'hookproof'
import { providers } from 'hookproof/providers'

test('the table says what the five pages say', () => {
  const facts = Object.fromEntries(providers.map((row) => [row.name, row]))
  const { immutis, immune, humiris, kyc, imtegrate } = facts
  assert.equal(immutis.headers.signature, 'X-Immutis-Signature')
  assert.deepEqual([immutis.deadlineSeconds, immutis.events.length], [30, 6])
  assert.deepEqual(immutis.retrySeconds, [60, 300, 1800, 7200, 86400])
  assert.equal(immune.headers.signature, 'X-Immune-Signature')
  assert.deepEqual([immune.deadlineSeconds, immune.events], [5, ['prediction.created', 'alert.triggered']])
  assert.equal(humiris.headers.signature, 'X-Humiris-Signature')
  assert.deepEqual([humiris.deadlineSeconds, humiris.toleranceSeconds, humiris.events.length], [10, 300, 15])
  assert.deepEqual(humiris.retrySeconds, [30, 300, 1800, 7200, 86400])
  assert.deepEqual(kyc.headers, {
    signature: 'X-Webhook-Signature',
    timestamp: 'X-Webhook-Timestamp',
    id: 'X-Webhook-ID',
  })
  assert.deepEqual([kyc.deadlineSeconds, kyc.toleranceSeconds], [10, null])
  assert.deepEqual(imtegrate.headers, {
    signature: 'X-Imtegrate-Signature',
    timestamp: null,
    id: 'X-Imtegrate-Delivery-Id',
  })
  assert.deepEqual([imtegrate.deadlineSeconds, imtegrate.events.length], [null, 5])
  assert.deepEqual(imtegrate.retrySeconds, [60, 300, 1800, 7200, 43200])
})

test('every row is a provider that can be built, with a sample and its source', () => {
  for (const { name, title, scheme, sample, docs } of providers) {
    const hook = new Webhook(name, 'c2VjcmV0')
    const { ok } = new Webhook(scheme, 'c2VjcmV0').check(sample, hook.sign(sample))
    assert.ok(ok, `${name}'s scheme is the one it signs by`)
    assert.ok(title && docs, name)
    JSON.parse(sample)
  }
})

test('nobody can change the table for everybody', () => {
  assert.throws(() => (providers[0].headers.signature = 'X-Evil'), TypeError)
  assert.throws(() => providers.push({}), TypeError)
})

test('by require it is the same table', () => {
  assert.deepEqual(createRequire(import.meta.url)('hookproof/providers').providers, providers)
})
