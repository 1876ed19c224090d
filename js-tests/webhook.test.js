import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { verifyWebhook, Webhook, WebhookError } from 'hookproof'
import { providers } from 'hookproof/providers'

const now = 1_712_419_200
const secret = 'c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0'
const payload = '{"id":"evt_1","type":"test"}'

const scheme = {
  name: 'acme',
  signature: { header: 'Acme-Signature', form: { separator: ';', assign: '=', tag: 'h1' } },
  encoding: 'hex',
  content: ['timestamp', { literal: ':' }, 'payload'],
  secret: 'utf8',
  timestamp: { field: 'ts' },
  toleranceSeconds: 5,
}

test('what each provider signs it verifies, and says what was signed', () => {
  for (const { name, headers } of providers) {
    const hook = new Webhook(name, secret)
    const signed = hook.sign(payload, { timestamp: now, id: 'evt_1' })
    assert.ok(
      Object.keys(signed).every((header) => Object.values(headers).includes(header)),
      name,
    )
    const verdict = hook.check(payload, signed, { now })
    assert.equal(verdict.ok, true, name)
    assert.equal(verdict.delivery.provider, name)
    assert.equal(verdict.delivery.json().type, 'test')
    assert.equal(hook.check(payload + ' ', signed, { now }).code, 'signature_mismatch', name)
    const other = new Webhook(name, secret.replace('c2', 'd2')).check(payload, signed, { now })
    assert.equal(other.code, 'signature_mismatch', name)
  }
  assert.ok(providers.length > 0)
})

test('a wrong type in the constructor is a TypeError that names the argument', () => {
  const wrong = [
    [[undefined, secret], /provider must be .* got undefined/],
    [[42, secret], /provider must be .* got a number$/],
    [['kyc'], /secret for kyc must be .* got undefined: is the environment variable set/],
    [['kyc', null], /secret for kyc must be .* got null/],
    [['kyc', [secret, 7]], /secret\[1\] for kyc must be/],
    [['kyc', { secret }], /secret for kyc must be .* got an object/],
    [['kyc', secret, null], /options must be an object, got null/],
    [['humiris', secret, { toleranceSeconds: '300' }], /toleranceSeconds must be a number/],
    [['humiris', secret, { toleranceSeconds: null }], /toleranceSeconds must be a number/],
    [['humiris', secret, { maxPayloadBytes: '1mb' }], /maxPayloadBytes must be a number/],
    [[{ ...scheme, encoding: 1 }, secret], /scheme\.encoding must be a string of well-formed Unicode, got a number$/],
    [[{ ...scheme, content: 'payload' }, secret], /scheme\.content must be an array/],
    [[{ ...scheme, content: ['payload', {}] }, secret], /scheme\.content\[1\] must be/],
    [[{ ...scheme, signature: 'X' }, secret], /scheme\.signature must be an object/],
    [[{}, secret], /scheme\.content must be an array, got undefined/],
    [[{ ...scheme, toleranceSeconds: '5' }, secret], /scheme\.toleranceSeconds must be a number/],
    [[{ ...scheme, name: Symbol('x') }, secret], /scheme\.name must be a string/],
    [[{ ...scheme, name: 'a\ud800' }, secret], /scheme\.name must be a string of well-formed/],
    [[{ ...scheme, content: ['payload', { literal: '.', more: 1 }] }, secret], /scheme\.content\[1\] must be/],
  ]
  for (const [args, message] of wrong) {
    assert.throws(
      () => new Webhook(...args),
      (error) => error instanceof TypeError && message.test(error.message),
      String(message),
    )
  }
})

test('a bad value in the constructor is a WebhookError with a code', () => {
  const wrong = [
    [['acme', secret], 'unknown_provider', /immutis.*standard-webhooks/],
    [['__proto__', secret], 'unknown_provider', /./],
    [['kyc', ''], 'invalid_secret', /empty/],
    [['kyc', []], 'invalid_secret', /0 secrets/],
    [['kyc', Array(20).fill(secret)], 'invalid_secret', /20 secrets/],
    [['kyc', [secret, ' ']], 'invalid_secret', /^secret\[1\] for kyc: .*blank/],
    [['kyc', 'a\ud800'], 'invalid_secret', /Unicode/],
    [['kyc', 's'.repeat(8193)], 'invalid_secret', /8192/],
    [['kyc', new Uint8Array(32)], 'invalid_secret', /zero/],
    [['standard-webhooks', 'not base64!'], 'invalid_secret', /base64/],
    [['humiris', secret, { toleranceSeconds: NaN }], 'invalid_option', /seconds/],
    [['humiris', secret, { toleranceSeconds: -1 }], 'invalid_option', /seconds/],
    [['kyc', secret, { toleranceSeconds: 60 }], 'invalid_option', /signs no timestamp/],
    [['kyc', secret, { tolerance: 60 }], 'invalid_option', /no option tolerance: the options are toleranceSeconds/],
    [['kyc', secret, { maxPayloadBytes: 1.5 }], 'invalid_option', /whole number/],
    [['kyc', secret, { maxPayloadBytes: -1 }], 'invalid_option', /whole number/],
    [[{ ...scheme, tolerance: 5 }, secret], 'invalid_option', /scheme\.tolerance is no column/],
    [
      [{ ...scheme, signature: { ...scheme.signature, prefix: 'x' } }, secret],
      'invalid_option',
      /scheme\.signature\.prefix/,
    ],
    [[{ ...scheme, toleranceSeconds: NaN }, secret], 'invalid_option', /scheme\.toleranceSeconds/],
    [[{ ...scheme, name: 'x'.repeat(70_000) }, secret], 'invalid_option', /./],
    [[{ ...scheme, name: 'x'.repeat(5000) }, secret], 'invalid_option', /4096 bytes/],
    [
      [{ ...scheme, content: ['payload', ...Array(65_537).fill({ literal: 'x' })] }, secret],
      'invalid_option',
      /4096 bytes/,
    ],
    [
      [{ ...scheme, content: [...scheme.content, { literal: 'L'.repeat(4090) }] }, secret],
      'invalid_option',
      /4096 bytes/,
    ],
    [
      [{ ...scheme, content: [...scheme.content, ...Array(20).fill({ literal: 'x' })] }, secret],
      'invalid_option',
      /at most 8 parts/,
    ],
    [[{ ...scheme, timestamp: {} }, secret], 'invalid_option', /scheme\.timestamp must be/],
    [[{ ...scheme, id: {} }, secret], 'invalid_option', /scheme\.id must be/],
    [
      [{ ...scheme, signature: { header: 'X', form: { prefix: 'a\nX-Evil: b' } }, timestamp: undefined }, secret],
      'invalid_option',
      /scheme\.signature\.form\.prefix/,
    ],
    [
      [{ ...scheme, signature: { header: 'X', form: { ...scheme.signature.form, tag: ' h1' } } }, secret],
      'invalid_option',
      /scheme\.signature\.form\.tag/,
    ],
    [
      [
        { ...scheme, encoding: 'base64', signature: { header: 'X', form: { separator: '/', assign: '=', tag: 'h1' } } },
        secret,
      ],
      'invalid_option',
      /scheme\.signature\.form\.separator/,
    ],
    [
      [{ ...scheme, content: ['timestamp', 'id', { literal: '.' }, 'payload'], id: { header: 'X-Id' } }, secret],
      'invalid_option',
      /scheme\.content/,
    ],

    [
      [{ ...scheme, content: ['timestamp', 'payload'], toleranceSeconds: Infinity }, secret],
      'invalid_option',
      /toleranceSeconds/,
    ],
  ]
  for (const [args, code, message] of wrong) {
    assert.throws(
      () => new Webhook(...args),
      (error) => {
        assert.ok(error instanceof WebhookError && error instanceof Error, String(message))
        assert.equal(error.code, code)
        assert.match(error.message, message)
        return true
      },
    )
  }
})

test('a scheme that was passed cannot be changed afterwards', () => {
  const mine = structuredClone(scheme)
  const hook = new Webhook(mine, secret)
  const signed = hook.sign(payload, { timestamp: now })
  mine.name = 'other'
  mine.content.reverse()
  assert.equal(hook.verify(payload, signed, { now }).provider, 'acme')
})

test('check never throws, whatever it is passed', () => {
  const hook = new Webhook('standard-webhooks', secret)
  const signed = hook.sign(payload, { timestamp: now, id: 'msg_1' })
  const bad = [
    [[{}, signed], 'invalid_payload'],
    [[undefined, signed], 'invalid_payload'],
    [['\ud800', signed], 'invalid_payload'],
    [[new Blob([payload]), signed], 'invalid_payload'],
    [[payload, undefined], 'malformed_header'],
    [[payload, null], 'malformed_header'],
    [[payload, 'webhook-signature: v1,x'], 'malformed_header'],
    [[payload, Object.entries(signed).flat()], 'malformed_header'],
    [
      [
        payload,
        {
          get 'webhook-signature'() {
            throw new Error('no')
          },
        },
      ],
      'malformed_header',
    ],
    [[payload, {}], 'missing_header'],
    [[payload, []], 'missing_header'],
    [[payload, { ...signed, 'webhook-signature': undefined }], 'missing_header'],
    [[payload, { ...signed, 'webhook-signature': [] }], 'missing_header'],
    [[payload, { ...signed, 'webhook-signature': '' }], 'missing_header'],
    [[payload, { ...signed, 'webhook-signature': null }], 'malformed_header'],
    [[payload, { ...signed, 'webhook-timestamp': now }], 'malformed_header'],
    [[payload, { ...signed, 'webhook-id': ['a', 'b'] }], 'malformed_header'],
    [[payload, { ...signed, 'webhook-id': [['a']] }], 'malformed_header'],
    [[payload, { ...signed, 'webhook-id': '\ud800' }], 'malformed_header'],
    [[payload, { ...signed, 'WEBHOOK-ID': 'msg_1' }], 'malformed_header'],
    [[payload, signed, { now: NaN }], 'invalid_option'],
    [[payload, signed, { now: null }], 'invalid_option'],
    [[payload, signed, { time: 1 }], 'invalid_option'],
    [[payload, signed, 7], 'invalid_option'],
    [[payload, Object.create(signed)], 'missing_header'],
  ]
  for (const [args, code] of bad) {
    const [body, headers, options = { now }] = args
    const verdict = hook.check(body, headers, options)
    assert.equal(verdict.ok, false)
    assert.equal(verdict.code, code, inspect(args, { depth: 0 }))
    assert.ok(verdict.message.length > 10)
    assert.throws(
      () => hook.verify(body, headers, options),
      (error) => {
        assert.ok(error instanceof WebhookError && error.code === code && error.message.startsWith(verdict.message))
        return true
      },
    )
  }
  assert.equal(hook.check(payload, signed, { now }).ok, true)
  assert.equal(hook.check(payload, new Headers(signed), { now }).ok, true)
  assert.equal(hook.check(payload, Object.assign(Object.create(null), signed), { now }).ok, true)
})

test('an id from a header comes without the white space around it, and otherwise as it is', () => {
  const hook = new Webhook('imtegrate', secret)
  const signed = hook.sign(payload, { id: 'x' })
  for (const id of ['x', 'évt_漢😀', 'a \t b', '\u00a0x\u00a0', '\ufffd']) {
    for (const around of [
      ['', ''],
      [' ', ''],
      ['\t ', '  \t'],
    ]) {
      const headers = { ...signed, 'X-Imtegrate-Delivery-Id': around.join(id) }
      assert.equal(hook.check(payload, headers).delivery?.id, id, JSON.stringify(headers))
    }
  }
  for (const none of ['', '  ', '\ud83d']) {
    const headers = { ...signed, 'X-Imtegrate-Delivery-Id': none }
    assert.equal(hook.check(payload, headers).delivery?.id, null, JSON.stringify(headers))
  }
})

test('check that was taken off its Webhook says so', () => {
  const { check } = new Webhook('immutis', secret)
  const { ok, code, message } = check(payload, {})
  assert.deepEqual([ok, code], [false, 'invalid_option'])
  assert.match(message, /called on a Webhook/)
})

test('a Headers object is asked by name, and what it joins is not one signature', () => {
  const hook = new Webhook('immutis', secret)
  const [[name, value]] = Object.entries(hook.sign(payload))
  const walked = () => assert.fail('walked, for which runtimes copy and sort all headers')
  const check = (pairs) => hook.check(payload, Object.assign(new Headers(pairs), { [Symbol.iterator]: walked }))
  assert.equal(check([[name, value]]).ok, true)
  assert.equal(
    check([
      [name.toUpperCase(), ` ${value} `],
      ['Other', 'x'],
    ]).ok,
    true,
  )
  assert.equal(check([['Other', value]]).code, 'missing_header')
  assert.equal(check([[name, '']]).code, 'missing_header')
  assert.equal(
    check([
      [name, value],
      [name, value],
    ]).code,
    'malformed_signature',
  )
})

test('only what a name of the headers belongs to is read, and names that are none are passed over', () => {
  const hook = new Webhook('immutis', secret)
  const [[name, value]] = Object.entries(hook.sign(payload))
  const unread = { get: () => assert.fail('read'), enumerable: true }
  const headers = Object.defineProperty({ [name.toLowerCase()]: value }, `${name.slice(1)}-`, unread)
  assert.equal(hook.check(payload, headers).ok, true)
  assert.equal(
    hook.check(payload, [
      [undefined, 'x'],
      [null, 'x'],
      [7, 'x'],
      [name, value],
    ]).ok,
    true,
  )
})

test('a header of another alphabet is not the header', () => {
  // The Kelvin sign is a k in lower case.
  const hook = new Webhook({ ...scheme, signature: { ...scheme.signature, header: 'Kelvin' } }, secret)
  const [value] = Object.values(hook.sign(payload, { timestamp: now }))
  assert.equal(hook.check(payload, { kelvin: value }, { now }).ok, true)
  assert.equal(hook.check(payload, { '\u212aelvin': value }, { now }).code, 'missing_header')
})

test('messages name the real header and both sides of the failed check', () => {
  const hook = new Webhook('humiris', secret)
  const signed = hook.sign(payload, { timestamp: now })
  assert.match(hook.check(payload, {}).message, /X-Humiris-Signature/)
  assert.match(hook.check(payload, signed, { now: now + 301 }).message, /301 s.*300 s/)
  assert.match(hook.check(payload, signed, { now: now - 400 }).message, /400 s in the future/)
  // Data go into a message as they are: a pattern of String.replace in them means nothing.
  const odd = new Webhook({ ...scheme, signature: { ...scheme.signature, header: "$&$'" } }, secret)
  assert.ok(odd.check(payload, {}).message.includes("$&$' header"))
})

test('no secret is shown by inspecting, printing or failing', () => {
  const hook = new Webhook('kyc', secret)
  const shown = [
    inspect(hook, { depth: 9, showHidden: true }),
    JSON.stringify(hook),
    String(hook),
    JSON.stringify(hook.check('x', {})),
    JSON.stringify(hook.check('x', { 'x-webhook-signature': 'sha256=' + '0'.repeat(64) })),
  ].join()
  assert.ok(!shown.includes(secret))
})

test('the secret is copied when it is passed as bytes', () => {
  const bytes = new TextEncoder().encode(secret)
  const hook = new Webhook('immutis', bytes)
  const signed = hook.sign(payload)
  bytes.fill(1)
  assert.equal(hook.check(payload, signed).ok, true)
})

test('rotation: the first secret signs, any of them verifies, the delivery says which', () => {
  const old = new Webhook('immutis', 'the old one')
  const both = new Webhook('immutis', ['the new one', 'the old one'])
  assert.equal(both.verify(payload, old.sign(payload)).secretIndex, 1)
  assert.deepEqual(both.sign(payload), new Webhook('immutis', 'the new one').sign(payload))
})

test('a payload over maxPayloadBytes is refused, counted in bytes of UTF-8', () => {
  const hook = new Webhook('immutis', secret, { maxPayloadBytes: 10 })
  const size = (body) => hook.check(body, hook.sign(body)).code
  assert.equal(size('a'.repeat(10)), undefined)
  assert.equal(size('a'.repeat(11)), 'payload_too_large')
  assert.equal(size('é'.repeat(5)), undefined)
  assert.equal(size('é'.repeat(6)), 'payload_too_large')
  assert.equal(size(new Uint8Array(10)), undefined)
  assert.equal(size(new Uint8Array(10).fill(0x61).buffer), undefined)
  assert.equal(size(new Uint8Array(11)), 'payload_too_large')
  assert.match(hook.check('é'.repeat(6), {}).message, /12 bytes or more, and at most 10/)
})

test('a delivery gives its bytes as they came, and text and JSON only where they are', () => {
  const hook = new Webhook('immutis', secret)
  const deliver = (body) => hook.verify(body, hook.sign(body))
  const marked = new Uint8Array([0xef, 0xbb, 0xbf, 0x7b, 0x7d])
  assert.deepEqual(deliver(marked).bytes(), marked)
  assert.equal(deliver(marked).text(), '\ufeff{}')
  assert.throws(() => deliver(marked).json(), { code: 'invalid_payload' })
  assert.throws(() => deliver(new Uint8Array([0xff])).text(), { code: 'invalid_payload' })
  assert.throws(() => deliver('').json(), { code: 'invalid_payload' })
  assert.deepEqual(deliver('é').bytes(), new Uint8Array([0xc3, 0xa9]))
  assert.deepEqual(deliver(payload).json(), { id: 'evt_1', type: 'test' })
  assert.ok(Object.isFrozen(deliver(payload).signed))
})

test('sign writes the headers as the provider spells them', () => {
  const uuid = /^[0-9a-f-]{20,}$/
  const kyc = new Webhook('kyc', secret)
  const signed = kyc.sign(payload, { timestamp: now })
  assert.deepEqual(Object.keys(signed), ['X-Webhook-Signature', 'X-Webhook-Timestamp', 'X-Webhook-ID'])
  assert.equal(signed['X-Webhook-ID'], 'evt_1', "the payload's own")
  assert.match(kyc.sign('{}')['X-Webhook-ID'], uuid)
  assert.deepEqual(Object.keys(new Webhook('humiris', secret).sign(payload)), ['X-Humiris-Signature'])
  assert.match(new Webhook('imtegrate', secret).sign(payload)['X-Imtegrate-Delivery-Id'], uuid)
  const standard = new Webhook('standard-webhooks', secret)
  assert.match(standard.sign(payload)['webhook-id'], uuid)
  assert.ok(Math.abs(standard.sign(payload)['webhook-timestamp'] - Date.now() / 1000) < 2)
})

test('sign throws on what it cannot sign', () => {
  const hook = new Webhook('standard-webhooks', secret)
  const refuses = (args, expected) => assert.throws(() => hook.sign(...args), expected)
  refuses([{}], TypeError)
  refuses([payload, { timestamp: '1' }], TypeError)
  refuses([payload, { id: 1 }], TypeError)
  refuses(['\ud800'], { code: 'invalid_payload' })
  for (const timestamp of [NaN, -1, Infinity, Date.now() * 1000])
    refuses([payload, { timestamp }], { code: 'invalid_option' })
  for (const id of ['', 'a.b', 'a\r\nX-Evil: 1', 'é', ' a', 'a'.repeat(8193)]) {
    refuses([payload, { id }], { code: 'invalid_option' })
  }
  // An id out of a payload could carry a line break into a header.
  const kyc = new Webhook('kyc', secret)
  assert.throws(() => kyc.sign('{"id":"a\\r\\nX-Evil: 1"}'), { code: 'invalid_option' })
})

test('what somebody did to a prototype turns nothing off', () => {
  const hook = new Webhook('humiris', secret)
  const stale = hook.sign(payload, { timestamp: now - 301 })
  for (const option of ['toleranceSeconds', 'now', 'maxPayloadBytes', 'form', 'timestamp', 'id', 'header', 'literal']) {
    for (const value of [Infinity, now - 301, 'hex', {}]) {
      Object.prototype[option] = value
      try {
        assert.equal(hook.check(payload, stale, { now }).code, 'too_old')
        assert.equal(new Webhook('humiris', secret).check(payload, stale, { now }).code, 'too_old')
        assert.equal(new Webhook('immutis', secret).check(payload, {}).code, 'missing_header')
        assert.equal(verifyWebhook(payload, Object.values(stale)[0], secret), false)
      } finally {
        delete Object.prototype[option]
      }
    }
  }
  const inherited = Object.create({ toleranceSeconds: Infinity })
  assert.equal(new Webhook('humiris', secret, inherited).check(payload, stale, { now }).code, 'too_old')
})

test('errors that callers throw are never looked into, and never throw again', () => {
  const hook = new Webhook('immutis', secret)
  const trap = () => {
    throw new Error('looked into')
  }
  const hostile = [
    new Proxy({}, { getPrototypeOf: trap, get: trap, has: trap }),
    {
      get code() {
        throw new Error('looked into')
      },
    },
    Object.assign(new WebhookError('made_up', 'x'), {}),
    null,
    undefined,
  ]
  for (const thrown of hostile) {
    const headers = {
      get 'x-immutis-signature'() {
        throw thrown
      },
    }
    assert.equal(hook.check('x', headers).code, 'malformed_header')
  }
})

test('no number that is a secret or a payload is printed', () => {
  assert.throws(
    () => new Webhook('immutis', 918273645),
    (error) => !error.message.includes('918273645'),
  )
  assert.ok(!new Webhook('immutis', secret).check(4111111111111111, {}).message.includes('4111'))
})

test('a delivery can be logged: everything but the payload', () => {
  const hook = new Webhook('kyc', secret)
  const logged = JSON.parse(JSON.stringify(hook.verify(payload, hook.sign(payload, { timestamp: now }))))
  assert.deepEqual(logged, {
    provider: 'kyc',
    id: 'evt_1',
    timestamp: now,
    signed: ['payload', 'id'],
    secretIndex: 0,
    key: 'kyc:id:evt_1',
  })
})

test('a view that lies outside its resized buffer is no empty payload', () => {
  const hook = new Webhook('immutis', secret)
  const buffer = new ArrayBuffer(16, { maxByteLength: 16 })
  const view = new Uint8Array(buffer, 8, 8)
  buffer.resize(4)
  assert.equal(hook.check(view, hook.sign('')).code, 'invalid_payload')
})

// Node prints the line of the source that an error was thrown from.
test('an error that nobody catches prints its cause, and not the whole package before it', () => {
  for (const [code, cause] of [
    ['new (require("hookproof").Webhook)("humiris", undefined)', /is the environment variable set/],
    ['require("hookproof").signWebhook("x", "")', /is the environment variable set/],
    ['require("hookproof/explain").explain()', /hooks\[0\] must be a Webhook/],
    ['import("hookproof").then(({ Webhook }) => new Webhook("humiris", ""))', /is the environment variable set/],
    ['import("hookproof/explain").then(({ parseCapture }) => parseCapture("x"))', /no empty line ends the headers/],
  ]) {
    const { status, stderr } = spawnSync(process.execPath, ['--eval', code], { encoding: 'utf8' })
    assert.equal(status, 1)
    assert.match(stderr, cause)
    assert.ok(stderr.length < 3000, `${code}: ${stderr.length} characters`)
  }
})

test('half a surrogate pair gets the same codes where a runtime lacks TextEncoder', () => {
  const code = `
    const { Webhook, verifyWebhook } = require('hookproof')
    const hook = new Webhook('github', 'an example, not a secret')
    const name = 'X-Hub-Signature-256'
    const signed = hook.sign('x')
    const opened = (headers) => { try { return String(hook.createVerifier(headers)) } catch (error) { return error.code } }
    console.log(JSON.stringify([
      hook.check('\\ud800', signed).code, hook.check('x', { [name]: '\\ud800' }).code, hook.check('x', { [name]: signed[name] + '\\udc00' }).code,
      opened({ [name]: '\\ud800' }), verifyWebhook('\\ud800', signed[name], 'x'), hook.check('é漢😀', hook.sign('é漢😀')).ok,
    ]))`
  for (const before of [
    '',
    'delete globalThis.TextEncoder;',
    'delete globalThis.TextEncoder; delete String.prototype.isWellFormed;',
  ]) {
    const { stdout, stderr } = spawnSync(process.execPath, ['--eval', before + code], { encoding: 'utf8' })
    const expected = ['invalid_payload', 'malformed_header', 'malformed_header', 'malformed_header', false, true]
    assert.deepEqual(JSON.parse(stdout || '[]'), expected, `${before} ${stderr}`)
  }
})
