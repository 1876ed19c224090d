// Point 6: what each attack gets, by the table of another scheme each.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { choose, open, says, verdict } from './page.js'

const NONE = 'does not apply'
const mismatch = 'signature_mismatch'
const always = {
  'Flip a bit': mismatch,
  'Re-serialise': mismatch,
  'Add a line break': mismatch,
  'Empty the payload': mismatch,
  'Cut the tag': 'malformed_signature',
  'Change the tag': mismatch,
  'Drop the header': 'missing_header',
  'Send it twice': 'malformed_header',
  'Empty secret': 'invalid_secret',
  'Another secret': mismatch,
  'Upper case': 'verifies',
}
const timed = { Stale: 'too_old', 'From the future': 'too_new', 'Change the time': mismatch }
const timeless = { Stale: NONE, 'From the future': NONE, 'Change the time': NONE }

const EXPECTED = {
  Humiris: { ...always, ...timed, 'Strip the prefix': 'malformed_timestamp', 'Change the id': NONE },
  Immutis: { ...always, ...timeless, 'Strip the prefix': NONE, 'Change the id': NONE },
  GitHub: { ...always, ...timeless, 'Strip the prefix': 'malformed_signature', 'Change the id': 'verifies' },
  'Standard Webhooks': { ...always, ...timed, 'Strip the prefix': 'malformed_signature', 'Change the id': mismatch },
}

test('each attack shows the verdict that it gets', async (t) => {
  const { page } = await open(t)
  for (const [title, expected] of Object.entries(EXPECTED)) {
    await choose(page, title)
    await verdict(page, 'Verifies')
    const rows = await page
      .locator('#attacks button')
      .evaluateAll((all) => all.map((each) => [each.firstChild.textContent, each.querySelector('.result').textContent]))
    assert.deepEqual(Object.fromEntries(rows.sort()), Object.fromEntries(Object.entries(expected).sort()), title)
  }
})

test('an attack that is pressed is put into the fields, and can be taken back', async (t) => {
  const { page } = await open(t)
  for (const [title, code] of Object.entries(EXPECTED.Humiris)) {
    if (code === NONE) continue
    const before = await Promise.all(['#payload', '#headers', '#secret'].map((field) => page.inputValue(field)))
    await page.locator('#attacks button', { hasText: title }).first().click()
    const words = { verifies: 'Verifies', invalid_secret: 'Type the secret' }
    await verdict(page, words[code] ?? `Does not verify: ${code}`)
    await page.click('#take-back')
    await verdict(page, 'Verifies')
    assert.deepEqual(
      await Promise.all(['#payload', '#headers', '#secret'].map((field) => page.inputValue(field))),
      before,
    )
  }
})

test('who attacks with the keyboard is brought to the verdict, and back without losing the place', async (t) => {
  const { page } = await open(t, { viewport: { width: 360, height: 640 } })
  const focused = () => page.evaluate(() => document.activeElement.id)
  for (const title of ['Flip a bit', 'Change the tag']) {
    await page.locator('#attacks button', { hasText: title }).focus()
    await page.keyboard.press('Enter')
    assert.equal(await focused(), 'verdict-word')
    await page.waitForFunction(() => document.querySelector('#badge').hidden, null, { timeout: 5000 })
  }
  await page.focus('#take-back')
  for (const disabled of ['false', 'true', 'true']) {
    await page.keyboard.press('Enter')
    assert.equal(await page.getAttribute('#take-back', 'aria-disabled'), disabled)
    assert.equal(await focused(), 'take-back')
  }
  await verdict(page, 'Verifies')
})

test('no attack comes before 1970', async (t) => {
  const { page } = await open(t)
  const [, name] = /\((.*)\)/.exec(await page.inputValue('#provider'))
  await page.fill('#headers', `${name}: t=1,v1=00`)
  await says(page, '#attacks li:nth-child(6)', 'From the futurebefore the tolerancedoes not apply')
})
