// Point 2: the parts on the page are the delivery's.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { Webhook } from 'hookproof'
import { explain } from 'hookproof/explain'
import { providers } from 'hookproof/providers'
import { choose, open, says, type, verdict } from './page.js'

const parts = (page, place) =>
  page.locator(`${place} .part`).evaluateAll((parts) =>
    parts.map((part) => ({
      role: part.classList[1],
      name: part.querySelector('.name').textContent,
      text: part.querySelector('.text').textContent,
      colour: getComputedStyle(part).color,
    })),
  )

const SECRET = 'aW4gdGhlIG9wZW4='

const keyOf = (format, secret) => (format === 'utf8' ? secret : Buffer.from(secret, 'base64'))

test('the parts of the content, put together, are what is signed; in the header they have the same colours', async (t) => {
  const { page } = await open(t)
  for (const { title, scheme } of providers) {
    await choose(page, title)
    await verdict(page, 'Verifies')
    const content = await parts(page, '#content')
    const header = await parts(page, '#signature')
    const secret = await page.inputValue('#secret')
    const mac = createHmac('sha256', keyOf(scheme.secret, secret)).update(content.map(({ text }) => text).join(''))
    assert.equal(header.find(({ role }) => role === 'tag').text, mac.digest(scheme.encoding), title)
    assert.equal(header[0].text, scheme.signature.header)
    const value = header
      .slice(1)
      .map(({ text }) => text)
      .join('')
    assert.ok(
      (await page.inputValue('#headers')).endsWith(value) ||
        (await page.inputValue('#headers')).includes(`: ${value}\n`),
      title,
    )
    for (const { role, name, colour } of header.slice(1)) {
      assert.ok(name, 'colours are not the only cue')
      const twin = content.find((part) => part.role === role)
      if (twin) assert.equal(colour, twin.colour, `${title}: ${role}`)
    }
  }
})

test('what is covered is what the verdict says is signed', async (t) => {
  const { page } = await open(t)
  for (const { name, title, sample } of providers) {
    await choose(page, title)
    await verdict(page, 'Verifies')
    const hook = new Webhook(name, 'c2VjcmV0')
    const { signed } = hook.verify(sample, hook.sign(sample))
    const rows = await page
      .locator('#coverage tr')
      .evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)))
    const covered = rows.filter(([, word]) => word === 'signed').map(([what]) => what)
    assert.deepEqual(covered.sort(), [...signed].sort(), title)
  }
})

test('the timestamp is a date, with its age on the scale', async (t) => {
  // Wherever the browser is, the time is UTC and in English.
  const { page } = await open(t, { reducedMotion: 'reduce', timezoneId: 'Asia/Tokyo', locale: 'de-DE' })
  const stamp = 1_712_419_200
  const headers = new Webhook('humiris', 'a secret').sign('{}', { timestamp: stamp })
  const cases = [
    [0, '0 s ago', 'Within', 0.5],
    [301, '301 s ago', 'Outside', 0.75],
    [300, '300 s ago', 'Within', 0.75],
    [-300, '300 s ahead', 'Within', 0.25],
    [9e6, '9000000 s ago', 'Outside', 1],
  ]
  for (const [age, words, inside, at] of cases) {
    await type(page, { headers, payload: '{}', secret: 'a secret', now: stamp + age })
    await says(page, '#age', `Sat, 06 Apr 2024 16:00:00 UTC, ${words}`)
    await says(page, '#inside', `${inside} the tolerance of 300 s`)
    const needle = await page.evaluate(() => {
      const [needle, scale] = ['#needle', '.scale'].map((place) =>
        document.querySelector(place).getBoundingClientRect(),
      )
      return (needle.x + needle.width / 2 - scale.x) / scale.width
    })
    assert.ok(Math.abs(needle - at) < 0.01, `${age}: ${needle}`)
  }
})

test('a delivery grows too old while it is looked at, and is mended', async (t) => {
  const { page } = await open(t, { at: new Date('2026-11-22T12:00:00Z') })
  await verdict(page, 'Verifies')
  await page.clock.runFor('04:00')
  await verdict(page, 'Verifies')
  await page.clock.runFor('02:00')
  await verdict(page, 'Does not verify: too_old')
  await says(page, '.cause code', 'too_old')
  await page.click('#apply-mend')
  await page.clock.runFor(1000)
  await verdict(page, 'Verifies')
})

test('each candidate is put to the package alone', async (t) => {
  const { page } = await open(t)
  const stamp = 1_712_419_200
  const [[header, value]] = Object.entries(new Webhook('humiris', 'a secret').sign('{}', { timestamp: stamp }))
  const wrong = value.replace(/^[^,]*,([^=]*=).*$/, `$1${'0'.repeat(64)}`)
  await type(page, { headers: { [header]: `${value},${wrong}` }, payload: '{}', secret: 'a secret', now: stamp })
  await says(page, '#signature', 'Candidate 2')
  await verdict(page, 'Verifies')
  assert.deepEqual(await page.locator('#signature li').allTextContents(), [
    'Candidate 1: matches',
    'Candidate 2: signature_mismatch',
  ])
})

test('what is missing is said to be', async (t) => {
  const { page } = await open(t)
  await page.fill('#headers', 'A: b')
  await verdict(page, 'Does not verify: missing_header')
  assert.match(await page.textContent('#signature'), /^headerX-Humiris-Signaturesignaturemissing/)
  assert.match(await page.textContent('#content'), /timestampmissing/)
})

test('of a header with thousands of parts some are shown, and the rest is counted', async (t) => {
  const { page } = await open(t)
  const [, name] = /\((.*)\)/.exec(await page.inputValue('#provider'))
  await page.fill('#headers', `${name}: t=1${',v1=00'.repeat(2000)}`)
  await says(page, '#signature', 'Candidate 60')
  assert.equal(await page.locator('#signature .part').count(), 60)
  assert.equal(await page.locator('#signature li').count(), 60)
  // The header's name, t= and its value, and three parts for each candidate.
  assert.deepEqual(await page.locator('#signature .hint').allTextContents(), [
    '5943 more are left out.',
    '1940 more are left out.',
  ])
})

// The core's answer: it escapes what is invisible in the content that it shows. A space it shows as a dot.
function isInvisible(c) {
  const { evidence } = explain(new Webhook('github', SECRET), c, {})
  return evidence.content !== c
}

test('the page marks the characters that the core escapes, and no others', async (t) => {
  const { page } = await open(t)
  const ranges = await page.evaluate(async () => {
    const { invisible } = await import('./hookproof/invisible.js')
    return Array.from(invisible.source.matchAll(/\\u\{(\w+)\}-\\u\{(\w+)\}/g), ([, ...ends]) =>
      ends.map((end) => parseInt(end, 16)),
    )
  })
  assert.ok(ranges.length > 30)
  const edges = ranges.flatMap(([first, last]) => [first - 1, first, last, last + 1])
  const isCharacter = (code) => code >= 0 && code <= 0x10ffff && code !== 0x20 && !(code >= 0xd800 && code <= 0xdfff)
  const all = [...new Set(edges)].filter(isCharacter).map((code) => String.fromCodePoint(code))
  const invisible = all.filter(isInvisible)
  assert.ok(invisible.length >= ranges.length && invisible.length < all.length)
  await page.setInputFiles('#payload-file', { name: 'body', mimeType: 'text/plain', buffer: Buffer.from(all.join('')) })
  await page.check('#invisible')
  await says(page, '#payload-visible', 'U+202F')
  const marks = await page.locator('#payload-visible .unprinted').allTextContents()
  assert.equal(marks.length, invisible.length)
  const raw = await page.locator('#payload-visible').evaluate((shown) =>
    Array.from(shown.childNodes)
      .filter((node) => node.nodeType === 3)
      .map((node) => node.data)
      .join(''),
  )
  assert.deepEqual(
    [...raw.replaceAll('\n', '')],
    all.filter((c) => !isInvisible(c)),
  )
})

// Unassigned code points are left to the engine's version of Unicode.
test('the invisible characters are those of the Unicode properties', async (t) => {
  const { page } = await open(t)
  const odd = await page.evaluate(async () => {
    const { invisible } = await import('./hookproof/invisible.js')
    const properties =
      /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{White_Space}\p{Noncharacter_Code_Point}\p{Cc}\p{Cf}\p{Z}\p{Co}\u{2800}\u{1d159}]/u
    const odd = []
    for (let code = 0; code <= 0x10ffff; code++) {
      const c = String.fromCodePoint(code)
      if (code === 0x20 || (code >= 0xd800 && code <= 0xdfff) || /\p{Cn}/u.test(c)) continue
      if (properties.test(c) !== invisible.test(c)) odd.push(code.toString(16))
    }
    return odd
  })
  assert.deepEqual(odd, [])
})

test('an id and a signature with invisible characters are shown with marks', async (t) => {
  const { page } = await open(t)
  const payload = JSON.stringify({ id: 'evt_\u202e1' })
  await type(page, {
    provider: 'Immutis',
    secret: SECRET,
    headers: new Webhook('immutis', SECRET).sign(payload),
    payload,
  })
  await verdict(page, 'Verifies')
  assert.deepEqual(await page.locator('#verdict-more .unprinted').allTextContents(), ['U+202E', 'U+202E'])
  await type(page, { headers: { 'X-Immutis-Signature': '\u2066ab' } })
  await verdict(page, 'Does not verify: malformed_signature')
  assert.deepEqual(await page.locator('#signature .unprinted').allTextContents(), ['U+2066'])
})
