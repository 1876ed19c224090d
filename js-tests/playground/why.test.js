// Point 3: a mistake is named, and its mend turns the verdict green.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Webhook } from 'hookproof'
import { open, says, type, verdict } from './page.js'

const NOW = 1_712_419_200
const SECRET = 'It is a Secret'
const hook = (name) => new Webhook(name, SECRET)
const compact = '{"id":"evt_1","name":"Zoë <a>","url":"http://a/b","n":1.0}'
const python = '{"id": "evt_1", "name": "Zo\\u00eb <a>", "url": "http://a/b", "n": 1.0}'
const github = (signed, payload, over = {}) => ({ provider: 'GitHub', signed, payload, ...over })
const rename = (from, to) => (headers) => Object.fromEntries(Object.entries(headers).map(([name, value]) => [name === from ? to : name, value]))
const edit = (change) => (headers) => Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, change(value)]))
const signature = 'X-Hub-Signature-256'

/** By cause: the delivery as it was signed, and what became of it. */
const MISTAKES = {
  json_reserialised: github(compact, '{\n  "id": "evt_1",\n  "name": "Zoë <a>",\n  "url": "http://a/b",\n  "n": 1.0\n}'),
  'json_reserialised ': github(python, compact),
  newline_added: github(compact, `${compact}\n`),
  newline_lost: github(`${compact}\n`, compact),
  white_space: github(` ${compact}`, compact),
  line_endings: github('a\r\nb\r\nc', 'a\nb\nc'),
  byte_order_mark: github(compact, `\ufeff${compact}`),
  base64_payload: github(compact, Buffer.from(compact).toString('base64')),
  url_encoded_payload: github('a=b c&d=é', encodeURIComponent('a=b c&d=é')),
  json_string_payload: github(compact, JSON.stringify(compact)),
  wrong_charset: github('Zoë – ok', Buffer.from(Buffer.from('Zoë – ok').toString('latin1'))),
  bytes_as_text: github('{"a":1}', JSON.stringify(Buffer.from('{"a":1}'))),
  bytes_after_payload: github('{"a":1}', '{"a":1}\0\0\0\0'),
  secret_white_space: github(compact, compact, { secret: `${SECRET} ` }),
  secret_quotes: github(compact, compact, { secret: `"${SECRET}"` }),
  secret_case: github(compact, compact, { signer: SECRET.toLowerCase(), secret: SECRET }),
  secret_repeated: github(compact, compact, { secret: SECRET + SECRET }),
  secret_url_encoded: github(compact, compact, { signer: 'a b+c/d', secret: encodeURIComponent('a b+c/d') }),
  renamed_header: github(compact, compact, { headers: rename(signature, 'X-Forwarded-Signature') }),
  signature_prefix: github(compact, compact, { headers: edit((value) => value.replace(/^.*=/, '')) }),
  signature_encoding: github(compact, compact, { headers: edit((value) => value.replace(/=.*$/, (hex) => `=${Buffer.from(hex.slice(1), 'hex').toString('base64')}`)) }),
  signature_quoted: github(compact, compact, { headers: edit((value) => `"${value}"`) }),
  signature_truncated: github(compact, compact, { headers: edit((value) => value.slice(0, -20)) }),
  too_old: { provider: 'Humiris', name: 'humiris', signed: compact, payload: compact, now: NOW + 4000 },
  too_new: { provider: 'Humiris', name: 'humiris', signed: compact, payload: compact, now: NOW - 4000 },
  now_in_milliseconds: { provider: 'Humiris', name: 'humiris', signed: compact, payload: compact, now: NOW * 1000 },
  other_provider: { provider: 'Immutis', name: 'imtegrate', signed: compact, payload: compact },
}

test('every mistake is named, and its mend turns the verdict green', async (t) => {
  const { page } = await open(t)
  for (const [cause, { provider, name = 'github', signed, payload, signer = SECRET, secret = signer, headers = (same) => same, now = NOW }] of Object.entries(MISTAKES)) {
    await t.test(cause.trim(), async () => {
      const delivered = headers(new Webhook(name, signer).sign(signed, { timestamp: NOW }))
      await type(page, { provider, payload, headers: delivered, secret, now })
      await says(page, '.cause code', cause.trim())
      await page.click('#apply-mend')
      await verdict(page, 'Verifies')
      assert.equal(await page.locator('.cause').count(), 0)
    })
  }
})

test('two mistakes at once are mended at once', async (t) => {
  const { page } = await open(t)
  await type(page, { provider: 'Humiris', payload: `${compact}\n`, headers: hook('humiris').sign(compact, { timestamp: NOW }), secret: SECRET })
  await says(page, '.cause code', 'newline_added')
  await says(page, '.difference', 'The same up to byte')
  await page.click('#apply-mend')
  await verdict(page, 'Verifies')
  assert.equal(await page.inputValue('#now'), String(NOW))
})

test('what is unknown has no button, and says what was ruled out', async (t) => {
  const { page } = await open(t)
  await type(page, { provider: 'GitHub', payload: 'other', headers: hook('github').sign(compact), secret: 'quite another' })
  await says(page, '.cause code', 'unknown')
  assert.equal(await page.locator('#apply-mend').count(), 0)
  assert.match(await page.textContent('#why details'), /Ruled out/)
})

test('the secret is shown nowhere but in its field', async (t) => {
  const { page } = await open(t)
  await type(page, { provider: 'GitHub', payload: 'other', headers: hook('github').sign(compact), secret: SECRET })
  await says(page, '.cause code', 'unknown')
  assert.ok(!(await page.textContent('body')).includes(SECRET))
  assert.equal(await page.getAttribute('#secret', 'type'), 'password')
})
