import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { Webhook } from 'hookproof'
import { explain, parseCapture } from 'hookproof/explain'
import { providers } from 'hookproof/providers'

const require = createRequire(import.meta.url)
const commonJs = { ...require('hookproof'), ...require('hookproof/explain') }

const now = 1_712_419_200
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const payload = '{"id":"evt_1","name":"Zoë","price":12.5}'

test('a delivery of every provider that was parsed and written again is told as that, with evidence', () => {
  for (const { name } of providers) {
    const hook = new Webhook(name, secret)
    const headers = hook.sign(payload, { timestamp: now, id: 'evt_1' })
    const received = JSON.stringify(JSON.parse(payload), null, 2)
    const { cause, message, fix, evidence } = explain(hook, received, headers, { now })
    assert.equal(cause, 'json_reserialised', name)
    assert.match(message, /indented by 2 spaces/)
    assert.match(fix, /raw body/)
    assert.equal(evidence.proven, true)
    assert.equal(evidence.code, hook.check(received, headers, { now }).code)
    assert.equal(evidence.difference.offsetBytes, 1)
    assert.ok(evidence.difference.received.startsWith('{\\n··"id"'), evidence.difference.received)
    assert.equal(evidence.expected, null)
    assert.equal(explain(hook, payload, headers, { now }).cause, 'verified', name)
  }
})

test('hooks and entries of either kind of module understand each other', () => {
  const hooks = [new Webhook('humiris', `${secret}\n`), new commonJs.Webhook('humiris', `${secret}\n`)]
  const headers = new Webhook('humiris', secret).sign(payload, { timestamp: now })
  for (const hook of hooks) {
    for (const each of [explain, commonJs.explain]) {
      assert.equal(each(hook, payload, headers, { now }).cause, 'secret_white_space')
    }
  }
})

test('of several hooks it says which one the delivery was meant for', () => {
  const [one, two] = [new Webhook('immutis', 'the secret of one'), new Webhook('immutis', 'the secret of two')]
  const { cause, message } = explain([one, two], payload, two.sign(payload))
  assert.equal(cause, 'secret_of_another_endpoint')
  assert.match(message, /number 2/)
  const other = new Webhook('github', 'a third secret')
  assert.equal(explain([one, other], payload, other.sign(payload)).cause, 'other_provider')
})

test('payload and headers come in every shape that check takes', () => {
  const hook = new Webhook('slack', secret)
  const headers = hook.sign(payload, { timestamp: now })
  const bytes = new TextEncoder().encode(payload)
  for (const body of [payload, bytes, bytes.buffer, new DataView(bytes.buffer)]) {
    assert.equal(explain(hook, body, headers, { now }).cause, 'verified')
  }
  const lists = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]))
  for (const shape of [new Headers(headers), new Map(Object.entries(headers)), Object.entries(headers), lists]) {
    assert.equal(explain(hook, payload, shape, { now }).cause, 'verified')
  }
  const twice = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value, value]]))
  assert.equal(explain(hook, payload, twice, { now }).cause, 'repeated_header')
})

test('a secret in bytes, a tolerance and a scheme of the caller’s own count', () => {
  const scheme = {
    name: 'acme',
    signature: { header: 'Acme-Signature', form: { separator: ';', assign: '=', tag: 'h1' } },
    encoding: 'hex',
    content: ['timestamp', { literal: ':' }, 'payload'],
    secret: 'utf8',
    timestamp: { field: 'ts' },
    toleranceSeconds: 5,
  }
  const hook = new Webhook(scheme, new TextEncoder().encode(secret))
  const headers = hook.sign(payload, { timestamp: now })
  assert.equal(explain(hook, payload, headers, { now: now + 5 }).cause, 'verified')
  assert.equal(explain(hook, payload, headers, { now: now + 6 }).cause, 'too_old')
  const wide = new Webhook(scheme, secret, { toleranceSeconds: Infinity })
  assert.equal(explain(wide, payload, headers, { now: now + 1e6 }).cause, 'verified')
  assert.equal(explain(hook, payload, headers, { now: now * 1000 }).cause, 'now_in_milliseconds')
})

test('the expected signature is shown on request alone, and the secret never', () => {
  const hook = new Webhook('github', secret)
  const headers = new Webhook('github', 'quite another').sign(payload)
  const holding = `{"secret":"${secret}"}`
  const quiet = JSON.stringify(explain(hook, holding, headers))
  assert.ok(!quiet.includes(secret), quiet)
  const { evidence } = explain(hook, payload, headers, { revealExpected: true })
  assert.equal(evidence.expected, hook.sign(payload)['X-Hub-Signature-256'])
  assert.equal(hook.check(payload, { 'X-Hub-Signature-256': evidence.expected }).ok, true)
})

test('what was signed is given on request alone, and where it is proven', () => {
  const hook = new Webhook('standard-webhooks', secret)
  const headers = hook.sign(payload, { timestamp: now, id: 'evt_1' })
  const received = JSON.stringify(JSON.parse(payload), null, 2)
  assert.equal(explain(hook, received, headers, { now }).evidence.signed, null)
  const { signed } = explain(hook, received, headers, { now, revealSigned: true }).evidence
  assert.ok(signed.payload instanceof Uint8Array)
  assert.equal(new TextDecoder().decode(signed.payload), payload)
  assert.deepEqual([signed.timestamp, signed.id], [String(now), 'evt_1'])
  assert.equal(`v1,${Buffer.from(signed.tag).toString('base64')}`, headers['webhook-signature'])
  assert.equal(explain(hook, 'another', headers, { now, revealSigned: true }).evidence.signed, null)
})

test('where nothing fits it says so, and what was ruled out', () => {
  const hook = new Webhook('kyc', secret)
  const { cause, message, evidence } = explain(hook, payload, new Webhook('kyc', 'quite another').sign(payload))
  assert.equal(cause, 'unknown')
  assert.match(message, /not the payload's white space.*not the secret's white space/)
  assert.equal(evidence.proven, false)
  assert.equal(evidence.complete, true)
  assert.ok(evidence.ruledOut.length > 5 && evidence.macsTried > 50)
})

test('half a surrogate pair in a header is no text, as check has it', () => {
  const hook = new Webhook('standard-webhooks', secret)
  const tag = createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
    .update(`\ufffd.${now}.{}`)
    .digest('base64')
  const headers = { 'webhook-id': '\ud800', 'webhook-timestamp': `${now}`, 'webhook-signature': `v1,${tag}` }
  assert.equal(hook.check('{}', headers, { now }).code, 'malformed_header')
  assert.equal(explain(hook, '{}', headers, { now }).evidence.code, 'malformed_header')
  const signed = { ...hook.sign('{}', { timestamp: now }), Accept: '\udc00' }
  assert.equal(explain(hook, '{}', signed, { now }).cause, 'verified', 'a header that nobody reads')
})

test('a wrong type is a TypeError that names the argument', () => {
  const hook = new Webhook('kyc', secret)
  const wrong = [
    [[{}, payload, {}], /hooks\[0\] must be a Webhook, got an object/],
    [[[hook, null], payload, {}], /hooks\[1\] must be a Webhook, got null/],
    [[[], payload, {}], /empty array/],
    [[hook, { id: 'evt_1' }, {}], /payload must be .* before any JSON parser/],
    [[hook, payload], /headers must be/],
    [[hook, payload, { 'X-Webhook-Signature': 1 }], /must be a string, got a number for X-Webhook-Signature/],
    [[hook, payload, {}, { now: 'today' }], /now must be a number/],
    [[hook, payload, {}, { revealExpected: 1 }], /revealExpected must be a boolean/],
    [[hook, payload, {}, { revealSigned: 1 }], /revealSigned must be a boolean/],
  ]
  for (const [args, message] of wrong) {
    assert.throws(
      () => explain(...args),
      (error) => error instanceof TypeError && message.test(error.message),
      String(message),
    )
  }
  assert.throws(() => explain(hook, payload, {}, { now: NaN }), { code: 'invalid_option' })
  assert.throws(() => explain(hook, payload, {}, { reveal: true }), { code: 'invalid_option' })
})

test('captures are taken apart and can be explained at once', () => {
  const hook = new Webhook('humiris', secret)
  const [[name, value]] = Object.entries(hook.sign(payload, { timestamp: now }))
  const raw = `POST /hooks HTTP/1.1\r\nHost: a.example\r\n${name}: ${value}\r\nContent-Length: ${new TextEncoder().encode(payload).length}\r\n\r\n${payload}\n`
  const curl = `curl https://a.example/hooks -H '${name}: ${value}' --data-raw '${payload}'`
  const entry = {
    request: {
      method: 'POST',
      url: 'https://a.example/hooks',
      headers: [{ name, value }],
      postData: { text: payload },
    },
  }
  for (const capture of [raw, new TextEncoder().encode(raw), curl, JSON.stringify(entry)]) {
    const { method, url, headers, payload: body } = parseCapture(capture)
    assert.equal(method, 'POST')
    assert.ok(url.endsWith('/hooks'))
    assert.ok(body instanceof Uint8Array)
    assert.equal(new TextDecoder().decode(body), payload)
    assert.equal(explain(hook, body, headers, { now }).cause, 'verified')
  }
  assert.throws(() => parseCapture('curl -d @body.json https://a.example'), {
    code: 'invalid_payload',
    message: /from a file/,
  })
  assert.throws(() => parseCapture(), TypeError)
})

test('the error of verify says that explain exists', () => {
  const hook = new Webhook('kyc', secret)
  assert.throws(() => hook.verify(payload, new Webhook('kyc', 'another').sign(payload)), /hookproof\/explain/)
})

test('verifying loads nothing of it', () => {
  const index = readFileSync(require.resolve('hookproof'), 'utf8')
  assert.ok(!index.includes('json_reserialised') && !index.includes('parseCapture'))
})

const MIB = 2 ** 20

test('a payload or capture above 16 MiB is refused', () => {
  const hook = new Webhook('immutis', secret)
  const headers = hook.sign('{}')
  const most = new Uint8Array(16 * MIB).fill(97)
  most.set(new TextEncoder().encode('POST / HTTP/1.1\r\n\r\n'))
  assert.equal(parseCapture(most).method, 'POST')
  assert.equal(explain(hook, most, headers).cause, 'unknown')
  const larger = [
    new Uint8Array(16 * MIB + 1),
    'x'.repeat(16 * MIB + 1),
    'é'.repeat(8 * MIB + 1),
    '漢'.repeat(16 * MIB),
    new ArrayBuffer(1024 * MIB),
  ]
  for (const large of larger) {
    const refusal = { name: 'WebhookError', code: 'payload_too_large' }
    assert.throws(() => explain(hook, large, headers), { ...refusal, message: /^payload .* 16777216 bytes/ })
    assert.throws(() => parseCapture(large), { ...refusal, message: /^capture .* 16777216 bytes/ })
  }
})

test('headers above 1 MiB together are refused', () => {
  const hook = new Webhook('immutis', secret)
  // A line of 1024 bytes: the name, a colon, a space, the value and a line break.
  const header = ['x-large', 'v'.repeat(1024 - 4 - 7)]
  const signed = Object.entries(hook.sign('{}'))
  const most = Array(1024).fill(header)
  assert.equal(explain(hook, '{}', most).cause, 'missing_header')
  assert.equal(explain(hook, '{}', [...most.slice(1), ...signed]).cause, 'verified')
  for (const more of [
    [...most, ['', '']],
    [['x', 'v'.repeat(MIB)]],
    [['x', 'é'.repeat(MIB / 2)]],
    Array(MIB / 4 + 1).fill(['', '']),
  ]) {
    assert.throws(() => explain(hook, '{}', more), { code: 'malformed_header', message: /^headers .* 1048576 bytes/ })
  }
  assert.throws(() => explain(hook, '{}', { x: Array(2000).fill('v'.repeat(1000)) }), { code: 'malformed_header' })
  const capture = (lines) => `POST / HTTP/1.1\r\n${lines.map((line) => `${line.join(': ')}\r\n`).join('')}\r\n{}`
  assert.equal(parseCapture(capture(most)).headers.length, 1024)
  const refusal = { code: 'invalid_payload', message: /headers of the capture have more than 1 MiB/ }
  assert.throws(() => parseCapture(capture([...most, ['a', 'b']])), refusal)
})
