// Point 3: a mistake is named, and its mend turns the verdict green.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateSync, gzipSync } from 'node:zlib'
import { Webhook } from 'hookproof'
import { open, says, type, verdict } from './page.js'

const NOW = 1_712_419_200
const SECRET = 'It is a Secret'
const hook = (name) => new Webhook(name, SECRET)
const compact = '{"id":"evt_1","name":"Zoë <a>","url":"http://a/b","n":1.0}'
const python = '{"id": "evt_1", "name": "Zo\\u00eb <a>", "url": "http://a/b", "n": 1.0}'
const github = (signed, payload, over = {}) => ({ provider: 'GitHub', signed, payload, ...over })
const rename = (from, to) => (headers) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name === from ? to : name, value]))
const edit = (change) => (headers) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, change(value)]))
const signature = 'X-Hub-Signature-256'
const base64 = (text) => Buffer.from(text).toString('base64')
const standard = (over) => ({
  provider: 'Standard Webhooks',
  name: 'standard-webhooks',
  signer: base64(SECRET),
  signed: compact,
  payload: compact,
  ...over,
})
const slack = (headers) => ({ provider: 'Slack', name: 'slack', signed: compact, payload: compact, headers })
const stamp = 'X-Slack-Request-Timestamp'

/** By cause, with a note where there are several: the delivery as it was signed, and what became of it. */
const MISTAKES = {
  json_reserialised: github(
    compact,
    '{\n  "id": "evt_1",\n  "name": "Zoë <a>",\n  "url": "http://a/b",\n  "n": 1.0\n}',
  ),
  'json_reserialised, as Python does': github(python, compact),
  'json_reserialised, .NET': github('{"a":"\\u003Cb\\u003E \\u0022\\u00E9\\u0022"}', '{"a":"<b> \\"é\\""}'),
  'json_reserialised, 😀': github('{"a":"\\ud83d\\ude00"}', '{"a": "😀"}'),
  'json_reserialised, with a line break': github('{\n\t"a": [],\n\t"b": {}\n}\n', '{"a":[],"b":{}}'),
  'json_reserialised, sorted at every level': github('{"a":1,"b":{"c":2,"d":[3]}}', '{"b":{"d":[3],"c":2},"a":1}'),
  'json_reserialised, in another order': github(
    '{"id": "evt_1", "at": 1, "kind": "x", "b": null}',
    '{"at": 1, "b": null, "id": "evt_1", "kind": "x"}',
  ),
  'json_reserialised, decimals lost': github('{"a":10.00,"n":[1,2.50]}', '{"a":10,"n":[1,2.5]}'),
  'json_reserialised, decimals added': github('{"a":10,"n":1.5}', '{"a":10.0,"n":1.5}'),
  'json_reserialised, as JavaScript does': github('{"a":"é","n":1}', '{"a":"\\u00e9","n":1.0}'),
  'json_reserialised, a float of Python': github('{"a":1.5,"b":2.0}', '{"a":1.50,"b":2.000}'),
  newline_added: github(compact, `${compact}\n`),
  newline_lost: github(`${compact}\n`, compact),
  white_space: github(` ${compact}`, compact),
  line_endings: github('a\r\nb\r\nc', 'a\nb\nc'),
  byte_order_mark: github(compact, `\ufeff${compact}`),
  'white_space, at both ends': github(`\n${compact}\n`, compact),
  base64_payload: github(compact, base64(compact)),
  'base64_payload, in quotes': github(compact, JSON.stringify(base64(compact))),
  'base64_payload, of the sender': github(base64(compact), compact),
  'compressed_payload, gzip': github(compact, gzipSync(compact)),
  'compressed_payload, zlib': github(compact, deflateSync(compact)),
  'compressed_payload, in base64': github(compact, gzipSync(compact).toString('base64')),
  url_encoded_payload: github('a=b c&d=é', encodeURIComponent('a=b c&d=é')),
  'url_encoded_payload, as forms are': github('a+b%26%C3%A9', 'a b&é'),
  'form_payload, in a field': github(compact, new URLSearchParams({ payload: compact, other: 'x' }).toString()),
  'form_payload, as a name': github(compact, JSON.stringify({ [compact]: '' })),
  'form_payload, parsed': github('a=1&b=x+y', '{"a":"1","b":"x y"}'),
  'form_payload, taken out': github(new URLSearchParams({ payload: compact }).toString(), compact),
  json_string_payload: github(compact, JSON.stringify(compact)),
  wrong_charset: github('Zoë – ok', Buffer.from(Buffer.from('Zoë – ok').toString('latin1'))),
  'wrong_charset, Windows-1252': github('“ok” €', Buffer.from('â€œokâ€\u009d â‚¬')),
  'wrong_charset, written as Latin-1': github('Zoë', Buffer.from('Zoë', 'latin1')),
  'bytes_as_text, of Python': github('{"a":"\'é"}\n', String.raw`b'{"a":"\'\xc3\xa9"}\n'`),
  'bytes_as_text, with commas': github('{}', '123,125'),
  'bytes_as_text, hex': github('{}', '7b7d'),
  truncated_payload: github(compact, compact.slice(0, -1)),
  bytes_as_text: github('{"a":1}', JSON.stringify(Buffer.from('{"a":1}'))),
  'bytes_as_text, an object': github('{"a":1}', JSON.stringify(new Uint8Array(Buffer.from('{"a":1}')))),
  bytes_after_payload: github('{"a":1}', '{"a":1}\0\0\0\0'),
  secret_white_space: github(compact, compact, { secret: `${SECRET} ` }),
  'secret_white_space, of the sender': github(compact, compact, { signer: ` ${SECRET}`, secret: SECRET }),
  'secret_encoding, in base64': github(compact, compact, { secret: base64(SECRET) }),
  'secret_encoding, in hex': github(compact, compact, { secret: Buffer.from(SECRET).toString('hex') }),
  'secret_encoding, of a text as it is': standard({ signer: base64('whsec_c2VjcmV0'), secret: 'whsec_c2VjcmV0' }),
  'secret_encoding, hex for base64': standard({
    secret: Buffer.from(SECRET).toString('hex').slice(0, 28),
    signer: Buffer.from(SECRET).toString('base64'),
  }),
  'secret_encoding, the hex text of it': standard({
    secret: base64(SECRET),
    signer: base64(Buffer.from(SECRET).toString('hex')),
  }),
  'secret_encoding, without its prefix': {
    provider: 'Humiris',
    name: 'humiris',
    signer: 'whsec_c2VjcmV0',
    secret: 'c2VjcmV0',
    signed: compact,
    payload: compact,
  },
  secret_quotes: github(compact, compact, { secret: `"${SECRET}"` }),
  secret_case: github(compact, compact, { signer: SECRET.toLowerCase(), secret: SECRET }),
  secret_repeated: github(compact, compact, { secret: SECRET + SECRET }),
  secret_url_encoded: github(compact, compact, { signer: 'a b+c/d', secret: encodeURIComponent('a b+c/d') }),
  'secret_url_encoded, a plus sign': github(compact, compact, { signer: 'a+b', secret: 'a b' }),
  renamed_header: github(compact, compact, { headers: rename(signature, 'X-Forwarded-Signature') }),
  'renamed_header, all of them': standard({
    headers: (headers) =>
      Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.replace('webhook', 'svix'), value])),
  }),
  'signature_encoding, from a URL': {
    provider: 'Humiris',
    name: 'humiris',
    signed: compact,
    payload: compact,
    headers: edit(encodeURIComponent),
  },
  signature_prefix: github(compact, compact, { headers: edit((value) => value.replace(/^.*=/, '')) }),
  signature_encoding: github(compact, compact, {
    headers: edit((value) => value.replace(/=.*$/, (hex) => `=${Buffer.from(hex.slice(1), 'hex').toString('base64')}`)),
  }),
  signature_quoted: github(compact, compact, { headers: edit((value) => `"${value}"`) }),
  signature_truncated: github(compact, compact, { headers: edit((value) => value.slice(0, -20)) }),
  signature_joined: github(compact, compact, { headers: edit((value) => `${value}, ${value}`) }),
  signature_layout: github(compact, compact, { headers: edit((value) => `${value};1`) }),
  'signature_joined, a list': {
    provider: 'Humiris',
    name: 'humiris',
    signed: compact,
    payload: compact,
    headers: edit((value) => `${value}, ${value}`),
  },
  'signature_layout, of a list': {
    provider: 'Humiris',
    name: 'humiris',
    signed: compact,
    payload: compact,
    headers: edit((value) => value.replace(',', ';')),
  },
  repeated_header: github(compact, compact, {
    headers: (headers) => [...Object.entries(headers), ...Object.entries(headers)],
  }),
  missing_timestamp: slack(rename(stamp, 'X-Original-Timestamp')),
  malformed_timestamp: slack((headers) => ({ ...headers, [stamp]: new Date(NOW * 1000).toUTCString() })),
  timestamp_milliseconds: slack((headers) => ({ ...headers, [stamp]: `${NOW}000` })),
  wrong_id: standard({
    headers: (headers) => ({ ...headers, 'webhook-id': 'another', 'Original-Id': headers['webhook-id'] }),
  }),
  missing_id: standard({ headers: rename('webhook-id', 'Original-Id') }),
  time_zone: { provider: 'Humiris', name: 'humiris', signed: compact, payload: compact, now: NOW + 7200 },
  timestamp_signed: {
    provider: 'GitHub',
    name: 'humiris',
    signed: compact,
    payload: compact,
    headers: rename('X-Humiris-Signature', signature),
  },
  timestamp_not_signed: {
    provider: 'Slack',
    signed: compact,
    payload: compact,
    headers: (headers) => ({ [stamp]: NOW, 'X-Slack-Signature': headers[signature] }),
  },
  other_content: {
    provider: 'GitHub',
    name: 'slack',
    signed: compact,
    payload: compact,
    headers: rename('X-Slack-Signature', signature),
  },
  'other_content, passed whole': {
    provider: 'Humiris',
    name: 'humiris',
    signed: compact,
    payload: `${NOW}.${compact}`,
  },
  too_old: { provider: 'Humiris', name: 'humiris', signed: compact, payload: compact, now: NOW + 4000 },
  too_new: { provider: 'Humiris', name: 'humiris', signed: compact, payload: compact, now: NOW - 4000 },
  now_in_milliseconds: { provider: 'Humiris', name: 'humiris', signed: compact, payload: compact, now: NOW * 1000 },
  other_provider: { provider: 'Immutis', name: 'imtegrate', signed: compact, payload: compact },
}

test('every mistake is named, and its mend turns the verdict green', async (t) => {
  const { page } = await open(t)
  for (const [
    cause,
    {
      provider,
      name = 'github',
      signed,
      payload,
      signer = SECRET,
      secret = signer,
      headers = (same) => same,
      now = NOW,
    },
  ] of Object.entries(MISTAKES)) {
    await t.test(cause, async () => {
      const delivered = headers(new Webhook(name, signer).sign(signed, { timestamp: NOW }))
      await type(page, { provider, payload, headers: delivered, secret, now })
      await says(page, '.cause code', cause.split(',')[0])
      await page.click('#apply-mend')
      await verdict(page, 'Verifies')
      assert.equal(await page.locator('.cause').count(), 0)
    })
  }
})

test('a secret that cannot be one is mended where the signature proves how', async (t) => {
  const { page } = await open(t)
  const secret = base64(SECRET)
  const headers = new Webhook('standard-webhooks', secret).sign(compact, { timestamp: NOW })
  for (const wrong of [`"${secret}"`, ` ${secret} `, encodeURIComponent(secret), SECRET, `${secret}${secret}`]) {
    await type(page, { provider: 'Standard Webhooks', payload: compact, headers, secret: wrong, now: NOW })
    await verdict(page, 'Does not verify: invalid_secret')
    await page.click('#apply-mend')
    await verdict(page, 'Verifies')
    assert.equal(await page.inputValue('#secret'), secret)
  }
  await page.fill('#secret', 'not base64!')
  await verdict(page, 'Does not verify: invalid_secret')
  await page.waitForFunction(() => document.querySelector('#why').childElementCount === 0)
})

test('two mistakes at once are mended at once', async (t) => {
  const { page } = await open(t)
  await type(page, {
    provider: 'Humiris',
    payload: `${compact}\n`,
    headers: hook('humiris').sign(compact, { timestamp: NOW }),
    secret: SECRET,
  })
  await says(page, '.cause code', 'newline_added')
  await says(page, '.difference', 'The same up to byte')
  await page.click('#apply-mend')
  await verdict(page, 'Verifies')
  assert.equal(await page.inputValue('#now'), String(NOW))
})

test('what is unknown has no button, and says what was ruled out', async (t) => {
  const { page } = await open(t)
  await type(page, {
    provider: 'GitHub',
    payload: 'other',
    headers: hook('github').sign(compact),
    secret: 'quite another',
  })
  await says(page, '.cause', 'unknown: ')
  assert.match(
    await page.textContent('.cause'),
    /which leaves another secret, or a payload that was changed beyond recognition\.$/,
  )
  assert.equal(await page.locator('#apply-mend').count(), 0)
  assert.match(await page.textContent('#why details'), /It is:Not how the signature/)
})

test('the secret is shown nowhere but in its field', async (t) => {
  const { page } = await open(t)
  await type(page, { provider: 'GitHub', payload: 'other', headers: hook('github').sign(compact), secret: SECRET })
  await says(page, '.cause code', 'unknown')
  assert.ok(!(await page.textContent('body')).includes(SECRET))
  assert.equal(await page.getAttribute('#secret', 'type'), 'password')
})
