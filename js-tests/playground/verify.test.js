// Point 1: choose, paste, drop, type; the verdict is there at once.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Webhook } from 'hookproof'
import { providers } from 'hookproof/providers'
import { choose, fault, open, paste, payloadOf, says, type, verdict } from './page.js'

const SECRET = 'c2VjcmV0IG9mIGEgdGVzdA=='
const hook = new Webhook('github', SECRET)

test('it loads with a worked example', async (t) => {
  const { page } = await open(t)
  await verdict(page, 'Verifies')
  assert.match(await page.textContent('#verdict-more'), /^An example, signed by this page/)
  assert.match(await page.inputValue('#provider'), /^Humiris /)
  assert.equal(await page.inputValue('#payload'), providers.find(({ name }) => name === 'humiris').sample)
})

test('every provider of the table can be chosen, and its example verifies', async (t) => {
  const { page } = await open(t)
  for (const { title, headers } of providers) {
    await choose(page, title)
    await verdict(page, 'Verifies')
    assert.equal(await page.inputValue('#provider'), `${title} (${headers.signature})`)
  }
})

test('a provider is found by its header, chosen with the keyboard or from the list, and what is no provider changes nothing', async (t) => {
  const { page } = await open(t)
  const offered = await page
    .locator('#provider-list option')
    .evaluateAll((options) => options.map(({ value }) => value))
  assert.deepEqual(
    offered,
    providers.map(({ title, headers }) => `${title} (${headers.signature})`),
  )
  await page.focus('#provider')
  assert.equal(await page.inputValue('#provider'), '', 'an empty field offers every row')
  await page.keyboard.type('x-hub')
  await page.keyboard.press('Enter')
  await says(page, '#code-provider', 'GitHub')
  await verdict(page, 'Verifies')
  await page.fill('#provider', offered[0])
  await says(page, '#code-provider', providers[0].title)
  await page.keyboard.type('nobody')
  await page.keyboard.press('Enter')
  await fault(page, '#provider-said', 'No provider is found by “nobody”.')
  await page.focus('#payload')
  assert.equal(await page.inputValue('#provider'), offered[0])
  await page.click('#provider')
  await page.keyboard.type('slack')
  await page.keyboard.press('Enter')
  await says(page, '#code-provider', 'Slack')
  assert.equal(await page.textContent('#provider-said'), '')
})

test('an example is the chosen provider’s own until somebody types into it', async (t) => {
  const { page } = await open(t)
  await page.locator('#attacks button', { hasText: 'Flip a bit' }).click()
  await verdict(page, 'Does not verify: signature_mismatch')
  await choose(page, 'GitHub')
  await verdict(page, 'Verifies')
  await page.press('#payload', 'x')
  await verdict(page, 'Does not verify: signature_mismatch')
  const typed = await page.inputValue('#payload')
  await choose(page, 'Slack')
  await verdict(page, 'Does not verify: missing_header')
  assert.equal(await page.inputValue('#payload'), typed)
  assert.doesNotMatch(await page.textContent('#verdict-more'), /example/)
})

test('payload, headers, secret and time: each changes the verdict as it is typed', async (t) => {
  const { page } = await open(t)
  const [payload, headers, secret] = await Promise.all(
    ['#payload', '#headers', '#secret'].map((id) => page.inputValue(id)),
  )
  const steps = [
    ['#payload', `${payload} `, 'signature_mismatch', payload],
    ['#headers', 'Content-Type: text/plain', 'missing_header', headers],
    ['#secret', 'another', 'signature_mismatch', secret],
    ['#now', '1', 'too_new', ''],
  ]
  for (const [field, wrong, code, right] of steps) {
    await page.fill(field, wrong)
    await verdict(page, `Does not verify: ${code}`)
    await page.fill(field, right)
    await verdict(page, 'Verifies')
  }
})

const payload = '{"zen":"it’s \\"quoted\\"",\r\n"n":1}'
const headers = hook.sign(payload)
const lines = Object.entries(headers).map((pair) => pair.join(': '))
const har = {
  log: {
    entries: [
      {
        request: {
          method: 'POST',
          url: 'http://127.0.0.1/hooks',
          headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
          postData: { mimeType: 'application/json', text: payload },
        },
      },
    ],
  },
}
const captures = {
  'a raw request': [
    'POST /hooks HTTP/1.1',
    'Host: localhost',
    `Content-Length: ${Buffer.byteLength(payload)}`,
    ...lines,
    '',
    payload,
  ].join('\r\n'),
  'a curl command': `curl -X POST http://127.0.0.1/hooks ${lines.map((line) => `-H '${line}'`).join(' ')} --data-raw '${payload}'`,
  'a HAR archive': JSON.stringify(har),
}

for (const [name, capture] of Object.entries(captures)) {
  test(`${name} is taken apart, and the payload is exact`, async (t) => {
    const { page } = await open(t)
    await page.fill('#secret', SECRET)
    await page.evaluate((text) => navigator.clipboard.writeText(text), capture)
    await page.focus('#capture')
    await page.keyboard.press('Control+V')
    await says(page, '#capture-said', 'Taken apart: POST')
    await verdict(page, 'Verifies')
    assert.match(await page.inputValue('#provider'), /^GitHub /)
    assert.equal((await payloadOf(page)).toString(), payload)
  })
}

test('who pastes a request while the example’s secret is there is asked for another, and none is blamed', async (t) => {
  const { page } = await open(t)
  await paste(page, '#capture', captures['a raw request'])
  await verdict(page, 'Type the secret')
  assert.equal(await page.inputValue('#secret'), '')
  assert.equal(await page.getAttribute('#verdict', 'data-ok'), '')
  await says(page, '#verdict-more', 'No request and no link holds it.')
  await says(page, '#capture-said', 'Taken apart: POST')
  await page.fill('#secret', SECRET)
  await verdict(page, 'Verifies')
  await paste(page, '#capture', `${lines[0]}\n\n1`)
  await says(page, '#capture-said', 'Taken apart: POST, 1 header, 1 byte.')
  assert.equal(await page.inputValue('#secret'), SECRET, 'what a person typed stays')
  await page.click('#load-example')
  assert.equal(await page.textContent('#capture-said'), '')
})

test('the example’s own command verifies with the example’s secret', async (t) => {
  const { page } = await open(t)
  await paste(page, '#capture', await page.textContent('[aria-label=curl]'))
  await says(page, '#capture-said', 'Taken apart: POST')
  await verdict(page, 'Verifies')
})

test('a second request takes the place of the first, whichever way the field was reached', async (t) => {
  const { page } = await open(t)
  for (const [at, reach] of [() => page.click('#capture'), () => page.focus('#capture')].entries()) {
    await paste(page, '#capture', `POST /first HTTP/1.1\n${lines[0]}\n\n1`)
    await page.focus('#payload')
    await reach()
    await page.evaluate((text) => navigator.clipboard.writeText(text), `POST /${at} HTTP/1.1\n${lines[0]}\n\n2`)
    await page.keyboard.press('Control+V')
    await says(page, '#capture-said', `Taken apart: POST /${at}, 1 header, 1 byte.`)
    assert.equal((await payloadOf(page)).toString(), '2')
  }
})

test('a request of an unknown sender asks for the provider', async (t) => {
  const { page } = await open(t)
  await paste(page, '#capture', 'POST / HTTP/1.1\nX-Nobody: 1\n\n{}')
  await fault(page, '#capture-said', 'No provider’s header is among them: choose the provider.')
  await choose(page, 'GitHub')
  assert.equal(await page.textContent('#capture-said'), '')
})

test('a secret that is pasted with a line break is said to have had one', async (t) => {
  const { page } = await open(t)
  await page.fill('#secret', '')
  await paste(page, '#secret', `${SECRET}\n`)
  assert.equal(await page.inputValue('#secret'), SECRET)
  await says(page, '#secret-said', 'had a line break')
  await paste(page, '#secret', SECRET)
  assert.equal(await page.textContent('#secret-said'), '')
})

test('a header that is none is said to be', async (t) => {
  const { page } = await open(t)
  await page.fill('#headers', 'nothing')
  await fault(page, '#headers-said', 'No header, for there is no colon: nothing')
})

test('a time that is none is said to be', async (t) => {
  const { page } = await open(t)
  await page.fill('#now', 'yesterday')
  await fault(page, '#now-said', 'no unix seconds')
  await verdict(page, 'Verifies')
  await page.click('#load-example')
  await page.waitForFunction(() => document.querySelector('#now-said').textContent === '')
})

test('a payload of megabytes is verified, and its field stays quick', async (t) => {
  const { page } = await open(t)
  const long = Buffer.alloc(5_000_000, 'Zoë, ')
  await type(page, { provider: 'GitHub', secret: SECRET, headers: hook.sign(long) })
  await page.setInputFiles('#payload-file', { name: 'body', mimeType: 'text/plain', buffer: long })
  await verdict(page, 'Verifies')
  assert.equal(await page.textContent('#payload-length'), '5000000 bytes')
  await says(page, '#payload-said', 'Too long to be edited')
  assert.ok((await page.inputValue('#payload')).length <= 200_000)
  await page.focus('#payload')
  await page.keyboard.type('x')
  await verdict(page, 'Verifies')
  // The whole of what was signed is replaced by what is pasted, which can be edited.
  await page.evaluate(() => navigator.clipboard.writeText('Zoë'))
  await page.keyboard.press('Control+V')
  await says(page, '#payload-length', '4 bytes')
  await page.keyboard.type('x')
  await says(page, '#payload-length', '5 bytes')
})

test('what cannot be taken apart is said to be', async (t) => {
  const { page } = await open(t)
  await page.fill('#capture', 'no request at all')
  await fault(page, '#capture-said', 'What is below is not from it.')
  await verdict(page, 'Verifies')
  await page.fill('#capture', `${lines[0]}\n\n1`)
  await says(page, '#capture-said', 'Taken apart')
  assert.equal(await page.locator('.fault:not(:empty)').count(), 0)
})

const bytes = Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x0d, 0x0a, 0x09, 0x00, 0xff, 0x20, 0x7d, 0x0d])

test('the payload as hex and base64 is the same bytes', async (t) => {
  const { page } = await open(t)
  const signed = hook.sign(bytes)
  for (const [writing, text] of [
    ['hex', bytes.toString('hex').toUpperCase()],
    ['base64', bytes.toString('base64')],
  ]) {
    await type(page, { provider: 'GitHub', secret: SECRET, headers: signed, payload: 'other' })
    await verdict(page, 'Does not verify: signature_mismatch')
    await page.check(`[name=writing][value=${writing}]`, { force: true })
    await page.fill('#payload', text)
    await verdict(page, 'Verifies')
    assert.equal(await page.textContent('#payload-length'), '12 bytes')
  }
  await page.fill('#payload', 'not base64!')
  await fault(page, '#payload-said', 'That is no base64')
  await page.check('[name=writing][value=text]', { force: true })
  await says(page, '#payload-said', 'Has carriage returns')
  assert.equal(await page.locator('.fault:not(:empty)').count(), 0)
})

for (const [name, put] of [
  ['chosen', choseFile],
  ['dropped', dropFile],
]) {
  test(`a file that is ${name} is taken to the byte, and invisible characters can be shown`, async (t) => {
    const { page } = await open(t)
    await type(page, { provider: 'GitHub', secret: SECRET, headers: hook.sign(bytes) })
    await put(page)
    await verdict(page, 'Verifies')
    assert.equal(await page.textContent('#payload-length'), '12 bytes')
    await page.check('#invisible')
    const marks = await page.locator('#payload-visible .unprinted').allTextContents()
    assert.deepEqual(marks, ['BOM', 'CR', 'LF', 'TAB', 'NUL', 'FF', 'CR'])
  })
}

test('a file that is a HAR archive is taken apart, and may be taken again', async (t) => {
  const { page } = await open(t)
  await page.fill('#secret', SECRET)
  const file = { name: 'a.HAR', mimeType: 'application/json', buffer: Buffer.from(captures['a HAR archive']) }
  for (let times = 0; times < 2; times++) {
    await page.setInputFiles('#payload-file', file)
    await says(page, '#capture-said', 'Taken apart: POST http://127.0.0.1/hooks')
    await verdict(page, 'Verifies')
    assert.equal((await payloadOf(page)).toString(), payload)
    assert.equal(await page.inputValue('#payload-file'), '')
    await page.click('#load-example')
    await page.fill('#secret', SECRET)
  }
})

async function choseFile(page) {
  await page.setInputFiles('#payload-file', { name: 'body', mimeType: 'application/octet-stream', buffer: bytes })
}

async function dropFile(page) {
  const transfer = await page.evaluateHandle(
    (bytes) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([Uint8Array.from(bytes)], 'body'))
      return transfer
    },
    [...bytes],
  )
  await page.dispatchEvent('h1', 'dragover', { dataTransfer: transfer })
  await page.dispatchEvent('h1', 'drop', { dataTransfer: transfer })
}

test('typing leaves carriage returns and bytes that are no text where they are', async (t) => {
  const { page } = await open(t)
  await type(page, { payload: Buffer.from('a\r\nb\xff\r\nc', 'latin1') })
  await page.focus('#payload')
  await page.keyboard.press('Control+End')
  await page.keyboard.type('é!')
  await page.keyboard.press('Control+Home')
  await page.keyboard.press('Delete')
  assert.deepEqual(await payloadOf(page), Buffer.concat([Buffer.from('\r\nb\xff\r\nc', 'latin1'), Buffer.from('é!')]))
})
