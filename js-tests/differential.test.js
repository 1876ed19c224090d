// Against node:crypto: random keys and payloads, every edge of a block of SHA-256 and of a chunk.
import assert from 'node:assert/strict'
import { createHmac, randomBytes, randomInt } from 'node:crypto'
import { test } from 'node:test'
import { signWebhook, verifyWebhook, Webhook } from 'hookproof'
import { CHUNK_BYTES } from './chunk.js'

const tag = (key, ...content) =>
  content.reduce((mac, part) => mac.update(part), createHmac('sha256', key)).digest('hex')

function agree(payload, key) {
  const expected = tag(key, payload)
  assert.equal(signWebhook(payload, key), expected)
  assert.ok(verifyWebhook(payload, expected, key, { form: 'hex' }))
}

test('10,000 random pairs of key and payload', () => {
  for (let i = 0; i < 10_000; i++) {
    const key = Buffer.concat([Buffer.from('k'), randomBytes(randomInt(0, 200))])
    const payload = randomBytes(randomInt(0, 1000))
    agree(payload, key)
    const flipped = Buffer.from(payload)
    if (flipped.length > 0) {
      flipped[randomInt(flipped.length)] ^= 1 << randomInt(8)
      assert.ok(!verifyWebhook(flipped, tag(key, payload), key, { form: 'hex' }))
    }
  }
})

test('every length from 0 to 200, of key and of payload', () => {
  for (let length = 0; length <= 200; length++) {
    agree(randomBytes(length), 'a key')
    agree('a payload', Buffer.alloc(length + 1, 'k'))
    agree('é'.repeat(length), 'a key')
  }
})

test('payloads around the edges of chunks, as bytes and as text of one to four bytes a character', () => {
  for (const chunks of [1, 2, 3]) {
    for (const character of ['a', 'é', '漢', '😀']) {
      const width = Buffer.byteLength(character)
      for (let off = -5; off <= 5; off++) {
        const text =
          'x'.repeat((chunks * CHUNK_BYTES) % width) +
          character.repeat(Math.floor((chunks * CHUNK_BYTES) / width) + off)
        agree(text, 'a key')
        agree(Buffer.from(text), 'a key')
      }
    }
  }
})

test('the timestamped form, and a scheme with parts on both sides of a payload of several chunks', () => {
  const payload = randomBytes(3 * CHUNK_BYTES + 1)
  const timestamp = 1_712_419_200
  const expected = `t=${timestamp},v1=${tag('a key', `${timestamp}.`, payload)}`
  assert.equal(signWebhook(payload, 'a key', { form: 'timestamped', timestamp }), expected)
  const hook = new Webhook(
    {
      name: 'acme',
      signature: { header: 'Acme-Signature', form: 'bare' },
      encoding: 'hex',
      content: [{ literal: '<' }, 'payload', { literal: '>' }, 'timestamp'],
      secret: 'utf8',
      timestamp: { header: 'Acme-Timestamp' },
    },
    'a key',
  )
  const headers = hook.sign(payload, { timestamp })
  assert.deepEqual(headers, {
    'Acme-Signature': tag('a key', '<', payload, '>', String(timestamp)),
    'Acme-Timestamp': String(timestamp),
  })
  assert.equal(hook.check(payload, headers, { now: timestamp }).ok, true)
})
