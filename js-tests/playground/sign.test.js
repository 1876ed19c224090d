// Point 4: what the page signs is what a receiver accepts, sent as the page says.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { Webhook } from 'hookproof'
import { providers } from 'hookproof/providers'
import { choose, fault, open, says, verdict } from './page.js'

const run = promisify(execFile)
const textOf = (page, title) => page.textContent(`[aria-label="${title}"]`)

// Answers what the package says, and keeps what came.
async function receiver(t, name, secret) {
  const hook = new Webhook(name, secret)
  const got = []
  const server = createServer(async (request, response) => {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    const verdict = hook.check(Buffer.concat(chunks), request.headersDistinct)
    got.push(verdict.ok ? verdict.delivery.text() : verdict.code)
    response.writeHead(verdict.ok ? 200 : 401).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return { url: `http://127.0.0.1:${server.address().port}/`, got }
}

test('each provider’s curl command is accepted, whatever the payload holds', async (t) => {
  const { page } = await open(t)
  for (const { name, title } of providers) {
    await choose(page, title)
    const { url, got } = await receiver(t, name, await page.inputValue('#secret'))
    const payload = `{"it's":"$HOME \`x\` \\\\ \\"${name}\\" é",\n"n":1}`
    await page.fill('#url', url)
    await page.fill('#sign-payload', payload)
    await says(page, '[aria-label="curl"]', url)
    await run('sh', ['-c', await textOf(page, 'curl')])
    assert.deepEqual(got, [payload], title)
  }
})

test('the hookproof send line sends the event, and a payload of yours', async (t) => {
  const { page } = await open(t)
  const { url, got } = await receiver(t, 'humiris', 'only for this test')
  await page.selectOption('#event', 'card.decline')
  await page.fill('#url', url)
  const env = { ...process.env, HUMIRIS_WEBHOOK_SECRET: 'only for this test' }
  const send = async () =>
    run('sh', ['-c', `hookproof() { "$HOOKPROOF" "$@"; }\n${await textOf(page, 'hookproof send')}`], { env })
  await send()
  await page.fill('#sign-payload', '{"it\'s":1}')
  await says(page, '[aria-label="hookproof send"]', '--payload')
  await send()
  assert.equal(JSON.parse(got[0]).type, 'card.decline')
  assert.equal(got[1], '{"it\'s":1}')
})

test('an event’s sample is signed, and can be put into the delivery', async (t) => {
  const { page } = await open(t)
  const { events } = providers.find(({ name }) => name === 'humiris')
  assert.deepEqual(await page.locator('#event option').allTextContents(), events)
  await page.selectOption('#event', events[3])
  await page.fill('#payload', 'something else')
  await verdict(page, 'Does not verify: signature_mismatch')
  await page.click('#use-signed')
  await verdict(page, 'Verifies')
  assert.equal(await page.evaluate(() => document.activeElement.id), 'verdict-word')
  assert.equal(JSON.parse(await page.inputValue('#payload')).type, events[3])
})

test('without a secret nothing is signed, and the reason is there', async (t) => {
  const { page } = await open(t, { reducedMotion: 'reduce' })
  await page.fill('#secret', '')
  await verdict(page, 'Type the secret')
  await fault(page, '#sign-said', 'No request and no link holds it.')
  assert.equal(await page.isDisabled('#use-signed'), true)
  const { color, background } = await page.locator('#use-signed').evaluate((button) => {
    const { color, backgroundColor } = getComputedStyle(button)
    return { color, background: backgroundColor }
  })
  assert.deepEqual([color, background], ['rgb(92, 96, 104)', 'rgba(0, 0, 0, 0)'], 'it can be read')
})
