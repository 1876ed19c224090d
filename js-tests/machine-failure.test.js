// A failure of the machine (no stack, no memory) is thrown and is never a verdict about a delivery.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import vm from 'node:vm'
import { signWebhook, verifyWebhook, Webhook } from 'hookproof'
import { explain, parseCapture } from 'hookproof/explain'
import { resultsNearTheEndOfTheStack } from './stack.js'

const secret = 'an example, not a secret'
const payload = `{"id":"evt_1","text":"${'x'.repeat(2000)}"}`
const bytes = new TextEncoder().encode(payload)
const hook = new Webhook(
  {
    name: 'acme',
    signature: { header: 'Acme-Signature', form: 'bare' },
    encoding: 'hex',
    content: ['payload'],
    secret: 'utf8',
    id: { payload: 'id' },
  },
  secret,
)
const headers = hook.sign(payload)
const emptyHeaders = hook.sign('{}')
const signature = signWebhook(payload, secret)

// Each call, and its one right result.
const CALLS = {
  verifyWebhook: [() => verifyWebhook(payload, signature, secret), true],
  'verifyWebhook of an ArrayBuffer': [() => verifyWebhook(bytes.buffer, signature, secret), true],
  check: [() => hook.check(payload, headers).code ?? 'ok', 'ok'],
  'check of an ArrayBuffer': [() => hook.check(bytes.buffer, headers).code ?? 'ok', 'ok'],
  verify: [() => hook.verify(payload, headers).provider, 'acme'],
  'the id of a delivery': [() => hook.verify(payload, headers).id, 'evt_1'],
  'the key of a delivery': [() => hook.verify(bytes, headers).key, 'acme:id:evt_1'],
  'the digest in a key': [() => hook.verify('{}', emptyHeaders).key.slice(0, 12), 'acme:sha256:'],
  'the JSON of a delivery': [() => hook.verify(bytes, headers).json().id, 'evt_1'],
  createVerifier: [() => streamed(), 'acme'],
  signWebhook: [() => signWebhook(payload, secret), signature],
  sign: [() => Object.values(hook.sign(bytes))[0], signature],
  'the constructor': [() => new Webhook('immutis', secret).check(payload, {}).code, 'missing_header'],
  explain: [() => explain(hook, payload, headers).cause, 'verified'],
  parseCapture: [() => parseCapture(`POST / HTTP/1.1\r\n\r\n${payload}`).method, 'POST'],
}

function streamed() {
  const verifier = hook.createVerifier(headers)
  verifier.update(payload.slice(0, 100))
  verifier.update(bytes.subarray(100))
  return verifier.verify().provider
}

for (const [title, [call, right]] of Object.entries(CALLS)) {
  test(`near the end of the stack ${title} is right or throws RangeError`, () => {
    assert.deepEqual(resultsNearTheEndOfTheStack(call), ['RangeError', right].sort())
    assert.equal(call(), right, 'the call after them all')
  })
}

// The value that an argument's getter throws, and whether it is passed on.
class InternalError extends Error {
  name = 'InternalError'
}
const THROWN = [
  [new RangeError('Maximum call stack size exceeded'), true],
  [vm.runInNewContext("new RangeError('of another realm')"), true],
  [new InternalError('too much recursion'), true],
  ['out of memory', true],
  [new Error('a failure'), false],
  [new TypeError('a failure'), false],
  [new Proxy({}, {}), false],
  ['a text', false],
  [null, false],
  [undefined, false],
]

test('a RangeError of a getter is passed on, another error is not', () => {
  for (const [error, isPassedOn] of THROWN) {
    const fail = () => {
      throw error
    }
    const bad = {
      get now() {
        return fail()
      },
    }
    const pairs = { [Symbol.iterator]: fail }
    const calls = [
      [() => verifyWebhook(payload, signature, secret, bad), false],
      [() => hook.check(payload, headers, bad).code, 'invalid_option'],
      [() => hook.check(payload, pairs).code, 'malformed_header'],
    ]
    for (const [call, refusal] of calls) {
      if (isPassedOn) assert.throws(call, (thrown) => thrown === error)
      else assert.equal(call(), refusal)
    }
  }
})
