// The page in Debian's Firefox: what another engine may do in its own way. The rest is held in chromium.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { providers } from 'hookproof/providers'
import { launch } from 'puppeteer-core'

async function open(t) {
  const browser = await launch({ browser: 'firefox', executablePath: '/usr/bin/firefox-esr', headless: true })
  t.after(() => browser.close())
  const page = await browser.newPage()
  await page.setViewport({ width: 1280, height: 900 })
  const seen = { errors: [], requests: [] }
  page.on('console', (message) => ['error', 'warn'].includes(message.type()) && seen.errors.push(message.text()))
  page.on('pageerror', (error) => seen.errors.push(String(error)))
  page.on('request', (request) => seen.requests.push(request.url()))
  await page.goto(process.env.PLAYGROUND)
  await page.waitForFunction(() => document.querySelector('#code')?.textContent)
  return { page, seen }
}

const says = (page, selector, text) =>
  page.waitForFunction(
    (selector, text) => document.querySelector(selector).textContent.includes(text),
    { timeout: 5000 },
    selector,
    text,
  )

const verifies = (page) => says(page, '#verdict-word', 'Verifies')

async function press(page, ...keys) {
  for (const key of keys) await page.keyboard.press(key)
}

/** Puts a text in the place of what a field holds. */
async function fill(page, selector, text) {
  const write = (field, text) => {
    field.value = text
    field.dispatchEvent(new Event('input', { bubbles: true }))
  }
  await page.$eval(selector, write, text)
}

const click = (page, selector) => page.$eval(selector, (element) => element.click())

test('what there is to do is done, with no error and no request once it has loaded', async (t) => {
  const { page, seen } = await open(t)
  await verifies(page)
  const loaded = seen.requests.length
  assert.ok(loaded > 0)

  await page.focus('#payload')
  await page.$eval('#payload', (field) => field.setSelectionRange(field.value.length, field.value.length))
  await press(page, 'Enter')
  await says(page, '#verdict-word', 'signature_mismatch')
  await page.waitForSelector('#apply-mend')
  await page.focus('#apply-mend')
  await press(page, 'Enter')
  await verifies(page)
  assert.equal(await page.evaluate(() => document.activeElement.id), 'verdict-word')

  for (const title of [...providers.map(({ title }) => title), 'Humiris']) {
    await page.focus('#show-secret')
    await page.focus('#provider')
    await page.keyboard.type(title)
    await press(page, 'Enter')
    await says(page, '#code-provider', title)
  }
  await fill(page, '#capture', "curl 'http://127.0.0.1/' -d x")
  await says(page, '#capture-said', 'Taken apart')
  await click(page, '#load-example')
  await verifies(page)
  for (const attack of await page.$$('#attacks button:enabled')) {
    await attack.evaluate((button) => button.click())
    await click(page, '#take-back')
    await verifies(page)
  }
  await page.waitForSelector('#event option:nth-child(2)')
  await page.select('#event', await page.$eval('#event option:nth-child(2)', (option) => option.value))
  await click(page, '#use-signed')
  await verifies(page)
  for (const runtime of await page.$$('[name=runtime]')) await runtime.evaluate((radio) => radio.click())
  for (const writing of ['hex', 'base64', 'text']) await click(page, `[name=writing][value=${writing}]`)
  await verifies(page)

  assert.deepEqual(seen.requests.slice(loaded), [])
  assert.deepEqual(seen.errors, [])
})

test('bytes stay as they are, whichever line breaks a text area knows', async (t) => {
  const { page } = await open(t)
  const odd = 'efbbbf 61 0d0a 62 0d 63 0a 09 00 64 ff'.replaceAll(' ', '').match(/../g).join(' ')
  await click(page, '[name=writing][value=hex]')
  await fill(page, '#payload', odd)
  await click(page, '[name=writing][value=text]')
  await page.focus('#payload')
  await page.$eval('#payload', (field) => field.setSelectionRange(0, 0))
  await page.keyboard.type('q')
  await click(page, '[name=writing][value=hex]')
  assert.equal(await page.$eval('#payload', (field) => field.value), `71 ${odd}`)
})

// The list is the browser's own, and nothing says when it is open. Where it is not yet, the words are searched for.
const LIST_OPENS_MS = 1000

test('who types on after a provider was taken from the list names another', async (t) => {
  const { page } = await open(t)
  await page.focus('#provider')
  await page.keyboard.type('none of this name')
  await press(page, 'Enter')
  await says(page, '#provider-said', 'No provider is found')
  await page.focus('#show-secret')
  await page.focus('#provider')
  assert.equal(await page.$eval('#provider-said', (said) => said.textContent), '', 'a new search begins clean')
  await page.keyboard.type('kyc')
  await new Promise((opened) => setTimeout(opened, LIST_OPENS_MS))
  await press(page, 'ArrowDown', 'Enter')
  await says(page, '#code-provider', 'KYC')
  await page.keyboard.type('immutis')
  await press(page, 'Enter')
  await says(page, '#code-provider', 'Immutis')
})

test('nothing that was typed is given back by the browser', async (t) => {
  const { page } = await open(t)
  const kept = await page.$$eval('textarea, input:not([type=radio], [type=checkbox], [type=file], #url)', (fields) =>
    fields.filter(({ autocomplete }) => autocomplete !== 'off').map(({ id }) => id),
  )
  assert.deepEqual(kept, [])
})
