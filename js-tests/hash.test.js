// Two ways to hash, one meaning: the runtime's own hash and the module's, on the same input.
import assert from 'node:assert/strict'
import crypto, { createHmac, randomBytes, randomInt } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { verifyWebhook, Webhook } from 'hookproof'
import { CHUNK_BYTES } from './chunk.js'

const setting = Symbol.for('hookproof.hash')

/** The same call with each hash. */
function bothWays(call) {
  const native = call()
  globalThis[setting] = 'wasm'
  try {
    return [native, call()]
  } finally {
    delete globalThis[setting]
  }
}

const tag = (key, ...content) =>
  content.reduce((mac, part) => mac.update(part), createHmac('sha256', key)).digest('hex')

/** A length near an edge of a block, near one of a chunk, or anywhere. */
function someLength(i) {
  if (i % 1000 === 0) return CHUNK_BYTES * randomInt(1, 3) + randomInt(-70, 70)
  if (i % 2 === 0) return 64 * randomInt(5, 20) + randomInt(-9, 10)
  return randomInt(300, 2000)
}

test('this runtime has a hash of its own, and it is used from 256 bytes on, once it is worth loading', (t) => {
  let calls = 0
  const { hash } = crypto
  t.mock.method(crypto, 'hash', (...rest) => (calls++, hash(...rest)))
  const callsFor = (payload) => {
    calls = 0
    assert.ok(verifyWebhook(payload, tag('k', payload), 'k', { form: 'hex' }))
    return calls
  }
  assert.equal(callsFor('x'.repeat(256)), 0, 'loading it takes milliseconds')
  assert.equal(callsFor('x'.repeat(1024 * 1024 - 257)), 0, 'as long as hashing a mebibyte here')
  callsFor('x'.repeat(256))
  assert.equal(callsFor('x'.repeat(256)), 1)
  assert.equal(callsFor('x'.repeat(255)), 0)
  assert.equal(callsFor(Buffer.alloc(256)), 1)
  assert.equal(callsFor('漢'.repeat(86)), 1, 'bytes are counted, and not characters')
  assert.equal(callsFor('漢'.repeat(85)), 0)
})

test('100,000 random payloads, true and tampered, of one to three secrets', () => {
  const alphabet = ['a', 'é', '漢', '😀']
  for (let i = 0; i < 100_000; i++) {
    const keys = Array.from({ length: randomInt(1, 4) }, (_, n) => `secret ${randomInt(40)} ${n}`)
    const bytes = someLength(i)
    const character = alphabet[randomInt(alphabet.length)]
    const text = 'x'.repeat(randomInt(4)) + character.repeat(bytes / Buffer.byteLength(character))
    const payload = i % 3 ? text : randomBytes(bytes)
    const good = i % 4 > 0
    const signed = good ? payload : `${payload}.`
    const signature = tag(keys[randomInt(keys.length)], signed)
    const verdicts = bothWays(() => verifyWebhook(payload, signature, keys, { form: 'hex' }))
    assert.deepEqual(verdicts, [good, good], `${bytes} bytes`)
  }
})

test('texts of one, two, three and four bytes a character, of lengths around what may fit into a chunk', () => {
  for (const quarters of [1, 4 / 3, 2, 3, 4, 8]) {
    const units = (CHUNK_BYTES / 4) * quarters
    for (const character of ['x', 'é', '漢', '😀']) {
      for (const start of ['', 'x'.repeat(300), 'x'.repeat(301)]) {
        for (const end of ['', 'y', 'yy']) {
          const payload = start + character.repeat((units - start.length) / character.length) + end
          const signature = tag('k', payload)
          assert.deepEqual(
            bothWays(() => verifyWebhook(payload, signature, 'k', { form: 'hex' })),
            [true, true],
          )
          const other = `${payload.slice(0, -1)}!`
          assert.deepEqual(
            bothWays(() => verifyWebhook(other, signature, 'k', { form: 'hex' })),
            [false, false],
          )
        }
      }
    }
  }
})

test('texts of each kind, of every length around which another way to encode them begins', () => {
  // Each stands where it is met by the look over a text, and where it is not.
  const kinds = [
    'x',
    'é',
    '漢',
    '😀',
    'ab漢',
    'é😀',
    'x'.repeat(40) + 'ÿ',
    'x'.repeat(50) + '漢',
    '\0\x7f\x80\u07ff\u0800\uffff',
  ]
  for (const around of [16, 64, 256, 1024, 8192, CHUNK_BYTES / 3, CHUNK_BYTES / 2]) {
    for (let units = around - 9; units < around + 9; units++) {
      for (const kind of kinds) {
        // A pair is not parted.
        const payload = kind
          .repeat(units / kind.length + 1)
          .slice(0, units)
          .replace(/[\ud800-\udbff]$/, 'y')
        const signature = tag('k', payload)
        const verdicts = (text) => bothWays(() => verifyWebhook(text, signature, 'k', { form: 'hex' }))
        assert.deepEqual(verdicts(payload), [true, true], `${units} units of ${kind}`)
        assert.deepEqual(verdicts(`${payload.slice(1)}!`), [false, false])
        // A half at the end, and one that stands for the character that would be encoded in its place.
        const headers = { 'x-immutis-signature': tag('k', `${payload}\ufffd`) }
        const codes = bothWays(() => new Webhook('immutis', 'k').check(`${payload}\ud83d`, headers).code)
        assert.deepEqual(codes, ['invalid_payload', 'invalid_payload'])
        const replaced = tag('k', payload.replace(/.$/su, '\ufffd'))
        assert.deepEqual(
          bothWays(() => verifyWebhook(payload.replace(/.$/su, '\ude00'), replaced, 'k', { form: 'hex' })),
          [false, false],
        )
      }
    }
  }
})

test('texts that are no longer ASCII somewhere, or ASCII again, around where a piece of them ends', () => {
  const pieces = [CHUNK_BYTES / 3 - 2, CHUNK_BYTES / 3 - 2 + CHUNK_BYTES - 2, CHUNK_BYTES]
  for (const around of pieces) {
    for (let units = around - 3; units < around + 4; units++) {
      for (const character of ['é', '漢', '😀', 'x漢']) {
        const beyond = character.repeat(CHUNK_BYTES / 2 / character.length)
        for (const payload of [
          'x'.repeat(units) + beyond,
          beyond + 'x'.repeat(units) + beyond + 'x'.repeat(CHUNK_BYTES),
        ]) {
          const signature = tag('k', payload)
          assert.deepEqual(
            bothWays(() => verifyWebhook(payload, signature, 'k', { form: 'hex' })),
            [true, true],
          )
        }
      }
    }
  }
})

test('content on both sides of the payload, at every length around a chunk', () => {
  const scheme = {
    name: 'acme',
    signature: { header: 'Acme-Signature', form: 'bare' },
    encoding: 'base64',
    content: [{ literal: '<' }, 'timestamp', { literal: '.' }, 'payload', { literal: '.' }, 'id', { literal: '>' }],
    secret: 'utf8',
    timestamp: { header: 'Acme-Timestamp' },
    id: { header: 'Acme-Id' },
  }
  const hook = new Webhook(scheme, ['first', 'second'])
  for (const length of [384, 1000, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES]) {
    for (const payload of [randomBytes(length), 'y'.repeat(length)]) {
      const id = 'i'.repeat(randomInt(1, 8000))
      const mac = createHmac('sha256', 'second').update('<1712419200.').update(payload).update(`.${id}>`)
      const headers = { 'acme-signature': mac.digest('base64'), 'acme-timestamp': '1712419200', 'acme-id': id }
      for (const verdict of bothWays(() => hook.check(payload, headers, { now: 1712419200 }))) {
        assert.deepEqual([verdict.ok, verdict.delivery?.secretIndex, verdict.delivery?.id], [true, 1, id])
      }
    }
  }
})

test('a secret has its own key, however many came before it and whatever slots they left', () => {
  const pool = Array.from({ length: 150 }, (_, i) => (i % 5 ? `secret ${i}` : Buffer.from(`secret ${i}`)))
  const hooks = pool.map((secret) => new Webhook('immutis', secret))
  for (let i = 0; i < 20_000; i++) {
    const list = Array.from({ length: randomInt(1, 9) }, () => pool[randomInt(pool.length)])
    const payload = `payload ${i}`
    const signer = randomInt(list.length)
    const signature = tag(list[signer], payload)
    assert.ok(verifyWebhook(payload, signature, list, { form: 'hex' }))
    const other = randomInt(pool.length)
    const right = String(pool[other]) === String(list[signer])
    const headers = { 'x-immutis-signature': signature }
    assert.equal(hooks[other].check(payload, headers).ok, right)
    assert.equal(verifyWebhook(payload, signature, pool[other], { form: 'hex' }), right)
  }
})

test('half a surrogate pair is refused, wherever it stands and however the payload is hashed', () => {
  for (const length of [1, 300, 11_000, CHUNK_BYTES, 200_000]) {
    for (const half of ['\ud83d', '\ude00']) {
      for (const payload of [half + 'x'.repeat(length), '漢'.repeat(length) + half, 'é'.repeat(length) + half + '😀']) {
        // Its encoding would put the replacement character in its place.
        const signature = tag('k', payload)
        assert.deepEqual(
          bothWays(() => verifyWebhook(payload, signature, 'k', { form: 'hex' })),
          [false, false],
        )
        const verdicts = bothWays(() =>
          new Webhook('immutis', 'k').check(payload, { 'x-immutis-signature': signature }),
        )
        assert.deepEqual(
          verdicts.map(({ code }) => code),
          ['invalid_payload', 'invalid_payload'],
        )
      }
    }
  }
  assert.equal(verifyWebhook('x', tag('\ufffd', 'x'), '\ud83d', { form: 'hex' }), false, 'a secret')
  const signature = tag('k', 'x')
  assert.equal(verifyWebhook('x', `\ud83d${signature}`, 'k', { form: 'hex' }), false, 'a signature')
  assert.equal(verifyWebhook('x', signature, 'k', { form: 'hex' }), true)
})

test('the replacement character is text like any other, and half a surrogate pair is none, wherever they stand', () => {
  for (let before = 0; before < 40; before++) {
    for (let after = 0; after < 40; after++) {
      for (const [character, isText] of [
        ['\ufffd', true],
        ['\uffe5', true],
        ['\ud83d', false],
      ]) {
        const payload = 'é' + 'x'.repeat(before) + character + 'x'.repeat(after)
        assert.equal(verifyWebhook(payload, tag('k', payload), 'k', { form: 'hex' }), isText, `${before}, ${after}`)
      }
    }
  }
})

const MISBEHAVIOUR = {
  'must not even be asked for': 'get hash() { throw new Error("not here") }',
  throws: 'hash() { throw new Error("no such hash") }',
  'gives a wrong length': 'hash() { return "too short" }',
  'gives 32 wrong bytes': 'hash: (...rest) => real.hash(...rest).replace(/^./, "!")',
  'gives a buffer': 'hash: (name, bytes) => real.hash(name, bytes, "buffer")',
  'hashes more than the view': 'hash: (name, view, encoding) => real.hash(name, new Uint8Array(view.buffer), encoding)',
  'throws when it runs in pieces': 'createHash() { throw new Error("no such hash") }',
  'knows no text':
    'createHash: () => { const hash = real.createHash("sha256"); return { update: (bytes) => hash.update(bytes, "utf16le"), digest: (encoding) => hash.digest(encoding) } }',
  'is wrong in pieces': 'createHash: () => real.createHash("sha512")',
  'is right at first and throws later':
    'hash: (...rest) => { if (++calls > 1) throw new Error("broken"); return real.hash(...rest) }',
  'is right at first and short later': 'hash: (...rest) => (++calls > 1 ? "" : real.hash(...rest))',
}

/** The output of a script. */
function run(script) {
  return execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  })
}

/** What a script prints that verifies payloads of every kind, right and wrong, after this preparation. */
function verdicts(preparation, first, last) {
  const script = `
    const real = process.getBuiltinModule('node:crypto')
    ${preparation}
    const { verifyWebhook } = await import('hookproof')
    const large = 'x'.repeat(1024 * 1024)
    const wrong = '0'.repeat(64)
    for (const payload of [${first}, 'x'.repeat(1000), Buffer.from(large), '漢'.repeat(100_000), 'y'.repeat(1000)]) {
      const good = real.createHmac('sha256', 'k').update(payload).digest('hex')
      const bad = good.replace(/./g, (digit) => (digit === '0' ? '1' : '0'))
      console.log(verifyWebhook(payload, good, 'k', { form: 'hex' }), verifyWebhook(payload, bad, 'k', { form: 'hex' }))
    }
    console.log(${last})`
  return run(script)
}

const RIGHT = 'true false\n'.repeat(5)

for (const [title, broken] of Object.entries(MISBEHAVIOUR)) {
  test(`a runtime whose hash ${title} changes no verdict`, () => {
    const preparation = `
      let calls = 0
      let asked = 0
      const offered = { hash: real.hash, createHash: real.createHash, ${broken} }
      process.getBuiltinModule = () => (asked++, offered)`
    // The payload for which the hash is first tried is one that lies in memory, or one that does not.
    for (const first of ['large', "(verifyWebhook(large.slice(300), wrong, 'k', { form: 'hex' }), 'x'.repeat(1000))"]) {
      assert.equal(verdicts(preparation, first, 'asked > 0'), `${RIGHT}true\n`)
    }
  })
}

test('the functions that were checked are the ones that are used', () => {
  const node = `
    const hashes = { hash: real.hash, createHash: real.createHash }
    process.getBuiltinModule = () => hashes
    const { prototype } = real.createHash('sha256').constructor
    const patch = () => {
      hashes.hash = hashes.createHash = prototype.update = prototype.digest = () => console.log('patched')
    }`
  const bun = `
    const write = (hash, into) => new Uint8Array(into.buffer, into.byteOffset, 32).set(hash.digest())
    globalThis.Bun = { SHA256: class {
      #hash = real.createHash('sha256')
      update(bytes) { this.#hash.update(bytes) }
      digest(into) { write(this.#hash, into) }
      static hash(bytes, into) { write(real.createHash('sha256').update(bytes), into) }
    } }
    const patch = () => {
      const { SHA256 } = Bun
      SHA256.hash = SHA256.prototype.update = SHA256.prototype.digest = Bun.SHA256 = () => console.log('patched')
    }`
  for (const preparation of [node, bun]) {
    const script = `
      import real from 'node:crypto'
      ${preparation}
      const tag = (payload) => real.createHmac('sha256', 'k').update(payload).digest('hex')
      const payloads = ['x'.repeat(1024 * 1024), 'x'.repeat(1000), Buffer.alloc(200_000)]
      const tags = payloads.map(tag)
      const { verifyWebhook } = await import('hookproof')
      const verify = () => console.log(payloads.map((payload, i) => verifyWebhook(payload, tags[i], 'k')).join())
      verify()
      patch()
      verify()`
    assert.equal(run(script), 'true,true,true\n'.repeat(2))
  }
})

test('running out of stack does not switch the hash off', () => {
  for (const [thrown, isKept] of [
    ['RangeError', true],
    ['Error', false],
  ]) {
    // It is thrown while the hash is tried, and while it is used.
    for (const failing of [1, 4]) {
      const script = `
        import real from 'node:crypto'
        let calls = 0
        const hash = (...rest) => {
          if (++calls === ${failing}) throw new ${thrown}('broken')
          return real.hash(...rest)
        }
        process.getBuiltinModule = () => ({ hash, createHash: real.createHash })
        const tag = (payload) => real.createHmac('sha256', 'k').update(payload).digest('hex')
        const { verifyWebhook } = await import('hookproof')
        const large = 'x'.repeat(1024 * 1024)
        const counts = {}
        for (const payload of [large, ...Array(20).fill('x'.repeat(1000))]) {
          let result
          try { result = verifyWebhook(payload, tag(payload), 'k') } catch (error) { result = error.name }
          counts[result] = (counts[result] ?? 0) + 1
        }
        console.log(JSON.stringify(counts), calls > 15)`
      assert.equal(run(script), `{"true":21} ${isKept}\n`, `${thrown} on call ${failing}`)
    }
  }
})

test('the payload for which the hash is first tried is left as it was, of whatever length', () => {
  for (const payload of [
    "'x'.repeat(1000)",
    `Buffer.alloc(${CHUNK_BYTES - 1}, 'y')`,
    `'漢'.repeat(${CHUNK_BYTES / 3 - 1})`,
  ]) {
    const first = `(verifyWebhook(large.slice(300), wrong, 'k', { form: 'hex' }), ${payload})`
    assert.equal(verdicts('', first, 'true'), `${RIGHT}true\n`, payload)
  }
})

// Bun has a hash of its own. Here it is one made of Node's.
const BUN = {
  'is right': '',
  'is not there': 'SHA256 = undefined',
  throws: 'SHA256.hash = () => { throw new Error("broken") }',
  'throws in pieces': 'SHA256.prototype.update = () => { throw new Error("broken") }',
  'writes nothing': 'SHA256.hash = () => {}',
  'writes nothing in pieces': 'SHA256.prototype.digest = () => {}',
  'gives a wrong digest': 'SHA256.hash = (bytes, into) => write(real.createHash("sha512").update(bytes), into)',
  'is right at first and throws later':
    'const { hash } = SHA256; SHA256.hash = (...rest) => { if (++calls > 1) throw new Error("broken"); hash(...rest) }',
  'is right at first and writes nothing later':
    'const { hash } = SHA256; SHA256.hash = (...rest) => { if (++calls === 1) hash(...rest) }',
}

for (const [title, broken] of Object.entries(BUN)) {
  test(`Bun's hash, where it ${title}, changes no verdict`, () => {
    const preparation = `
      const write = (hash, into) => new Uint8Array(into.buffer, into.byteOffset, 32).set(hash.digest())
      let SHA256 = class {
        #hash = real.createHash('sha256')
        update(bytes) { this.#hash.update(bytes) }
        digest(into) { write(this.#hash, into) }
        static hash(bytes, into) { calls++, write(real.createHash('sha256').update(bytes), into) }
      }
      let calls = 0
      ${broken}
      globalThis.Bun = { SHA256 }`
    const last = title === 'is right' ? 'calls > 3' : true
    assert.equal(verdicts(preparation, "'x'.repeat(100)", last), `${RIGHT}true\n`)
  })
}

// Texts are copied in Node since 24, which is known by a function. With it any Node does so.
test('the same where texts are copied', { skip: RegExp.escape && 'they are' }, () => {
  const { NODE_TEST_CONTEXT, ...env } = process.env
  const copying = 'data:text/javascript,RegExp.escape = String'
  const only = '--test-name-pattern=/^texts|^half|^100,000|^the replacement/'
  const arguments_ = ['--import', copying, only, '--test-reporter=tap', import.meta.filename]
  const report = execFileSync(process.execPath, arguments_, { env, encoding: 'utf8' })
  assert.match(report, /^# pass 6$/m)
})
