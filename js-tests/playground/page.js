// The playground in Debian's chromium, as a person has it. What it said on the console, asked of the network and
// was forbidden is kept, for craft.test.js to look at.
import { chromium } from 'playwright-core'

export const address = process.env.PLAYGROUND

const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run']

/**
 * Opens the page in a browser of its own, which ends with the test; `at` is its clock's time at first, which a test may
 * move on, and `before` runs in the page before anything of its own does.
 */
export async function open(t, { path = '', at, before, ...options } = {}) {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', ...quiet],
  })
  t.after(() => browser.close())
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    timezoneId: 'UTC',
    locale: 'en-GB',
    ...options,
  })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const page = await context.newPage()
  if (before) await page.addInitScript(before)
  if (at) await page.clock.install({ time: at })
  const seen = { errors: [], requests: [] }
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && seen.errors.push(message.text()))
  page.on('pageerror', (error) => seen.errors.push(String(error)))
  page.on('requestfinished', (request) => seen.requests.push(request.url()))
  await page.goto(address + path)
  await page.waitForFunction(() => document.querySelector('#code')?.textContent)
  return { page, seen, context }
}

/** Waits until the verdict is this one. */
export async function verdict(page, word) {
  const is = (word) => document.querySelector('#verdict-word').textContent === word
  try {
    await page.waitForFunction(is, word, { timeout: 5000 })
  } catch {
    throw new Error(`the verdict is ${await page.textContent('#verdict-word')}, not ${word}`)
  }
}

/** Waits until an element's text holds this. */
export async function says(page, selector, text) {
  const holds = ([selector, text]) => document.querySelector(selector)?.textContent.includes(text)
  try {
    await page.waitForFunction(holds, [selector, text], { timeout: 5000 })
  } catch {
    throw new Error(`${selector} says ${await page.textContent(selector)}, not ${text}`)
  }
}

/** Waits until an element says this, and is marked and coloured as a fault. */
export async function fault(page, selector, text) {
  await says(page, selector, text)
  const looks = await page.locator(selector).evaluate((said) => {
    const { color } = getComputedStyle(said)
    return {
      mark: getComputedStyle(said, '::before').content.slice(0, 2),
      isPlain: color === getComputedStyle(document.querySelector('.quiet')).color,
    }
  })
  if (looks.mark !== '"✕' || looks.isPlain) throw new Error(`${selector} is no fault: ${JSON.stringify(looks)}`)
}

/** Puts a text in the place of what a field holds, as a person pastes it. */
export async function paste(page, selector, text) {
  await page.evaluate((text) => navigator.clipboard.writeText(text), text)
  await page.focus(selector)
  await page.keyboard.press('Control+A')
  await page.keyboard.press('Control+V')
}

export async function choose(page, title) {
  await page.click('#provider')
  await page.fill('#provider', title)
  await page.press('#provider', 'Enter')
  await says(page, '#code-provider', title)
}

/** Puts a delivery into the fields, as typed; its payload as base64, so that it is exact. Headers are an object, or pairs. */
export async function type(page, { provider, payload, headers, secret, now = '' }) {
  if (provider) await choose(page, provider)
  if (payload !== undefined) {
    await page.check('[name=writing][value=base64]', { force: true })
    await page.fill('#payload', Buffer.from(payload).toString('base64'))
    await page.check('[name=writing][value=text]', { force: true })
  }
  if (headers) {
    const pairs = Array.isArray(headers) ? headers : Object.entries(headers)
    await page.fill('#headers', pairs.map((pair) => pair.join(': ')).join('\n'))
  }
  if (secret !== undefined) await page.fill('#secret', secret)
  await page.fill('#now', String(now))
}

/** The payload that the page has, to the byte. */
export async function payloadOf(page) {
  await page.check('[name=writing][value=hex]', { force: true })
  const hex = await page.inputValue('#payload')
  await page.check('[name=writing][value=text]', { force: true })
  return Buffer.from(hex.replaceAll(' ', ''), 'hex')
}

export const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText())
