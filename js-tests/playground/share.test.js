// Point 7: a link without the secret, a test vector with it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as hookproof from 'hookproof'
import { run } from '../suite.js'
import { address, clipboard, fault, open, payloadOf, says, type, verdict } from './page.js'

const SECRET = 'only for this test'
const NOW = 1_712_419_200
const payload = Buffer.from('{"é":1}\r\n\xff', 'latin1')
const headers = new hookproof.Webhook('slack', SECRET).sign(payload, { timestamp: NOW })

test('a link holds the delivery and never the secret', async (t) => {
  const { page, context } = await open(t)
  await type(page, { provider: 'Slack', payload, headers, secret: SECRET, now: NOW })
  await verdict(page, 'Verifies')
  await page.click('#copy-link')
  await says(page, '#share-said', 'The secret is not in it')
  const link = await clipboard(page)
  assert.ok(link.startsWith(`${address}#`))
  const held = Buffer.from(link.split('#')[1], 'base64url').toString()
  assert.ok(!held.includes(SECRET) && !('secret' in JSON.parse(held)))

  const other = await context.newPage()
  await other.goto(link)
  await verdict(other, 'Type the secret')
  assert.equal(await other.textContent('#verdict-more'), 'No request and no link holds it. invalid_secret')
  assert.equal(await other.inputValue('#secret'), '')
  assert.deepEqual(await payloadOf(other), payload)
  await other.fill('#secret', SECRET)
  await verdict(other, 'Verifies')
  assert.match(await other.inputValue('#provider'), /^Slack /)
  assert.equal(await other.textContent('#secret-said'), '', 'nothing is said that is no longer true')
  await page.fill('#payload', 'x')
  assert.equal(await page.textContent('#share-said'), '', 'the link that was copied is of another delivery')
})

test('a browser that does not let the page copy is not believed to have', async (t) => {
  for (const clipboard of ['{ writeText: () => Promise.reject(new Error()) }', 'undefined']) {
    const { page, seen } = await open(t, {
      before: `Object.defineProperty(navigator, 'clipboard', { value: ${clipboard} })`,
    })
    // Before anything is changed: what is signed would be filled anew.
    await page.click('[aria-label="Copy: curl"]')
    await says(page, '[aria-label="Copy: curl"]', 'Not allowed')
    for (const button of ['#copy-link', '#copy-vector']) {
      await page.click(button)
      await fault(page, '#share-said', 'does not allow it')
      await page.click('#load-example')
    }
    assert.deepEqual(seen.errors, [])
  }
})

test('no link is made of a payload that holds the secret', async (t) => {
  const { page } = await open(t)
  await type(page, { provider: 'Slack', payload: `{"secret":"${SECRET}"}`, headers, secret: SECRET })
  await page.click('#copy-link')
  await says(page, '#share-said', 'No link')
  assert.equal(await clipboard(page), '')
})

test('no link is made of a payload that is too long for one', async (t) => {
  const { page } = await open(t)
  await page.setInputFiles('#payload-file', {
    name: 'body',
    mimeType: 'text/plain',
    buffer: Buffer.alloc(1_000_000, 'x'),
  })
  await page.click('#copy-link')
  await says(page, '#share-said', 'too long')
  assert.equal(await clipboard(page), '')
})

test('a link that holds nonsense changes nothing', async (t) => {
  for (const fragment of [
    '#x',
    `#${Buffer.from('{"provider":"nobody","payload":"","headers":[]}').toString('base64url')}`,
  ]) {
    const { page, seen } = await open(t, { path: fragment })
    await verdict(page, 'Verifies')
    await fault(page, '#capture-said', 'holds no delivery')
    assert.deepEqual(seen.errors, [])
  }
})

test('a test vector is one that the project’s own suite accepts', async (t) => {
  const { page } = await open(t)
  const rows = [
    [{ provider: 'Slack', payload, headers, secret: SECRET, now: NOW }, 'Verifies'],
    [{ provider: 'Slack', payload, headers, secret: SECRET, now: NOW + 301 }, 'Does not verify: too_old'],
    [{ provider: 'GitHub', payload: '{}', headers: {}, secret: SECRET, now: NOW }, 'Does not verify: missing_header'],
  ]
  const cases = []
  for (const [row, word] of rows) {
    await type(page, row)
    await verdict(page, word)
    await page.click('#copy-vector')
    await says(page, '#share-said', 'The secret is in it')
    cases.push(JSON.parse(await clipboard(page)))
  }
  const fields = ['name', 'source', 'provider', 'secret', 'headers', 'payload', 'now', 'expected']
  for (const row of cases) assert.deepEqual(Object.keys(row), fields)
  assert.equal(run(hookproof, { playground: { cases } }).length, 3)
})
