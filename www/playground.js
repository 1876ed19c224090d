// The page: what is put into its fields changes the delivery, and whatever shows it follows.
import { explain, parseCapture } from './hookproof/explain.js'
import { invisible } from './hookproof/invisible.js'
import { providers } from './hookproof/providers.js'
import { curlOf, runtimes, sampleOf, sendOf } from './code.js'
import {
  EXAMPLE_SECRET,
  apply,
  change,
  characters,
  clock,
  displayed,
  dissect,
  edited,
  encode,
  example,
  fragmentOf,
  fromBase64,
  fromFragment,
  fromHex,
  history,
  holdsSecret,
  judge,
  onChange,
  pairsOf,
  read,
  rowOf,
  schemeOf,
  secondsOf,
  sign,
  signs,
  takeBack,
  timeOf,
  toBase64,
  toHex,
  valuesOf,
  vectorOf,
  writeHeaders,
} from './delivery.js'
import { attacks, judgeAlone, mendOf } from './patches.js'

// What the browser's own list offers; all of it while the field is empty.
const choiceOf = ({ title, headers }) => `${title} (${headers.signature})`

fill(
  'provider-list',
  providers.map((row) => element('option', { value: choiceOf(row) })),
)
listen('provider', 'focus', ({ target }) => write('provider-said', (target.value = '')))
listen('provider', 'blur', () => showProvider(read()))
listen('provider', 'input', ({ target }) => choose(providers.find((row) => choiceOf(row) === target.value)))
listen('provider', 'change', ({ target }) => {
  const words = target.value.toLowerCase()
  const texts = (row) => `${row.name} ${choiceOf(row)} ${Object.values(row.headers)}`.toLowerCase()
  const row = words && providers.find((row) => texts(row).includes(words))
  write('provider-said', row === undefined ? `No provider is found by “${target.value}”.` : '', true)
  choose(row)
})

// An example becomes the other provider's; a delivery of yours stays.
function choose(row) {
  if (row && row !== rowOf(read())) apply(read().own ? { provider: row.name } : example(row.name))
}

function showProvider(delivery) {
  const row = rowOf(delivery)
  const field = find('provider')
  field.value = field.placeholder = choiceOf(row)
  // So that who types on names another; later, for Firefox moves the caret.
  if (document.activeElement === field) setTimeout(() => field.select())
  const deadline = row.deadlineSeconds ? [`It waits ${row.deadlineSeconds} s for an answer.`] : []
  fill('provider-notes', list([...row.notes, ...deadline].map(sentence)), element('p', null, `Source: ${row.docs}`))
}

// Of a longer payload fields would take seconds for each key.
const MOST_EDITED = 200_000
const MOST_VISIBLE = 4000
const MOST_IN_PART = 700
const MOST_PARTS = 60

const WRITINGS = {
  text: { write: displayed, read: (text) => edited(read().payload, text) },
  hex: { write: (bytes) => toHex(bytes).replace(/(..)(?=.)/g, '$1 '), read: fromHex },
  base64: { write: toBase64, read: fromBase64 },
}

const writing = () => document.querySelector('[name=writing]:checked').value

listen('writing', 'change', () => showPayload(read()))
listen('payload-file', 'change', ({ target }) => takeFile(target.files[0]))
// Wherever a file is dropped: a browser would leave the page for it.
addEventListener('dragover', (event) => event.dataTransfer.types.includes('Files') && event.preventDefault())
addEventListener('drop', (event) => {
  const [file] = event.dataTransfer.files
  if (file) event.preventDefault()
  takeFile(file)
})
listen(
  'payload',
  'paste',
  (event) => writing() === 'text' && exactPaste(event, (text) => change({ payload: encode(text), own: true })),
)
listen('payload', 'input', ({ target }) => {
  const payload = WRITINGS[writing()].read(target.value)
  write('payload-said', payload ? '' : `That is no ${writing()}: the last that was counts.`, true)
  if (payload) change({ payload }, 'payload')
})

async function takeFile(file) {
  if (/\.har$/i.test(file?.name)) take(await file.text())
  else if (file) apply({ payload: new Uint8Array(await file.arrayBuffer()), own: true })
  // The same file may be chosen again.
  find('payload-file').value = ''
}

// A text area would make every line break the same.
function exactPaste(event, take) {
  const text = event.clipboardData.getData('text')
  const { selectionStart, selectionEnd, value, readOnly } = event.target
  if (!text || (selectionEnd - selectionStart < value.length && !readOnly)) return
  event.preventDefault()
  take(text)
}

function showPayload({ payload }, from) {
  write('payload-length', counted(payload.length, 'byte'))
  find('payload-visible').hidden = !find('invisible').checked
  if (find('invisible').checked) fill('payload-visible', visibly(payload, MOST_VISIBLE, '·'))
  const isLong = (find('payload').readOnly = payload.length > MOST_EDITED)
  if (from === 'payload' && !isLong) return
  const text = WRITINGS[writing()].write(payload.subarray(0, MOST_EDITED))
  find('payload').value = text
  if (isLong) return write('payload-said', 'Too long to be edited: this is its beginning.')
  // What the field cannot hold is said, for it stays in the payload.
  const kept = payload.includes(13) ? 'carriage returns' : text.includes('\ufffd') ? 'bytes that are no UTF-8' : ''
  write('payload-said', kept && writing() === 'text' ? `Has ${kept}, which stay where you do not type.` : '')
}

const NAMES = { '\r': 'CR', '\n': 'LF', '\t': 'TAB', '\0': 'NUL', '\ufeff': 'BOM', '\u00a0': 'NBSP' }

// Bytes as text, with marks for what cannot be seen: the core says what that is.
function visibly(bytes, most, space = ' ') {
  const pieces = ['']
  for (const { text, bytes: taken } of characters(bytes)) {
    if (most-- === 0) return [...pieces, element('span', 'quiet', '… the rest is not shown')]
    const number = invisible.test(text) && `U+${text.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}`
    const name = text === null ? toHex(taken).toUpperCase() : (NAMES[text] ?? number)
    if (name) pieces.push(element('span', 'unprinted', name), text === '\n' ? '\n' : '')
    else pieces[pieces.length - 1] += text === ' ' ? space : text
  }
  return pieces
}

// A text that somebody else chose.
const shown = (text) => visibly(encode(text), Infinity)

// A second request takes the place of the first.
listen('capture', 'focus', ({ target }) => target.select())
listen('capture', 'input', ({ target }) => take(target.value))
listen('capture', 'paste', (event) => exactPaste(event, (text) => take((event.target.value = text))))

function take(text) {
  try {
    if (!text.trim()) return write('capture-said', '')
    const { method, url, headers, payload } = parseCapture(text)
    const written = writeHeaders(headers)
    const senders = providers.filter((row) => valuesOf(written, row.headers.signature).length)
    const chosen = rowOf(read())
    const [sender] = senders.includes(chosen) ? [chosen] : [...senders, chosen]
    const taken = { ...read(), payload, headers: written, provider: sender.name, own: true }
    // What the example's secret did not sign has another one.
    if (taken.secret === EXAMPLE_SECRET && !judge(taken).verdict.ok) taken.secret = ''
    apply(taken)
    const counts = `${counted(headers.length, 'header')}, ${counted(payload.length, 'byte')}`
    const next = senders.length ? '' : ' No provider’s header is among them: choose the provider.'
    write('capture-said', ['Taken apart: ', shown(`${method} ${url}`.trim()), `, ${counts}.${next}`], next)
  } catch ({ message }) {
    write('capture-said', `${sentence(message)} What is below is not from it.`, true)
  }
}

for (const id of ['headers', 'secret']) listen(id, 'input', ({ target }) => change({ [id]: target.value }, id))
listen('secret', 'paste', ({ clipboardData }) => {
  write('secret-said', /[\r\n]/.test(clipboardData.getData('text')) ? 'It had a line break, which is not kept.' : '')
})
listen('now', 'input', ({ target }) =>
  change({ now: /^\s*\d{1,15}\s*$/.test(target.value) ? Number(target.value) : null }, 'now'),
)
listen('load-example', 'click', () => apply(example(read().provider)))
listen('take-back', 'click', takeBack)
listen('show-secret', 'click', ({ target }) => {
  const shown = find('secret').type === 'password'
  find('secret').type = shown ? 'text' : 'password'
  target.textContent = shown ? 'Hide' : 'Show'
})

function showTexts(delivery, from) {
  for (const id of ['headers', 'secret', 'now']) if (from !== id) find(id).value = delivery[id] ?? ''
  write(
    'now-said',
    delivery.now === null && find('now').value.trim() ? 'Those are no unix seconds: the clock counts.' : '',
    true,
  )
  // Not disabled: the last step back would lose the focus.
  find('take-back').setAttribute('aria-disabled', !history.length)
  write('share-said', '')
  // They speak of the delivery before.
  if (!from) for (const id of ['capture', 'provider', 'secret']) write(`${id}-said`, '')
  const lost = delivery.headers.split('\n').find((line) => line.trim() && !pairsOf(line).length)
  write('headers-said', lost && ['No header, for there is no colon: ', shown(lost)], true)
}

// The verdict, and why.

function showVerdict({ secret, own }, { ok, code, message, delivery }) {
  // Who has typed no secret yet has done nothing wrong.
  const word = ok ? 'Verifies' : secret ? 'Does not verify' : 'Type the secret'
  find('verdict').dataset.ok = find('badge').dataset.ok = secret && ok
  write('verdict-word', ok || !secret ? word : `${word}: ${code}`)
  write('badge', word)
  const more = ok
    ? [!own && hint('An example, signed by this page.'), facts(delivery)]
    : element('p', null, secret ? sentence(message) : [NO_SECRET, ' ', element('code', 'quiet', code)])
  fill('verdict-more', more)
  if (ok) fill('why')
}

const NO_SECRET = 'No request and no link holds it.'

const facts = ({ id, timestamp, signed, key }) =>
  terms(
    [
      ['Signed', signed.join(', ')],
      ['Timestamp', timestamp],
      ['Id', id],
      ['Deduplicate by', key],
    ].map(([name, fact]) => [name, fact && shown(`${fact}`)]),
  )

let mend

function showWhy(delivery, { hook, verdict }) {
  if (verdict.ok) return
  const options = { now: timeOf(delivery), revealSigned: true }
  const explanation = hook && explain(hook, delivery.payload, pairsOf(delivery.headers), options)
  mend = mendOf(delivery, explanation)
  const spelled = mend && element('p', null, 'The signature is right: it is the secret that is written in another way.')
  const button =
    mend && element('button', { class: 'main', id: 'apply-mend', click: () => applySeen(mend) }, 'Apply the mend')
  fill(
    'why',
    explanation ? why(explanation) : spelled,
    button,
    explanation && details(verdict.message, explanation.evidence),
  )
}

// What was pressed may be far from the verdict, or there no more.
function applySeen(patch) {
  apply(patch)
  find('verdict-word').focus()
}

function why({ cause, message, fix, evidence: { proven, difference } }) {
  // What was ruled out is a list of its own.
  const [short] = message.split(': it is not ')
  const { offsetBytes, received, receivedBytes, signed, signedBytes } = difference ?? {}
  const says = `The same up to byte ${offsetBytes}; ${receivedBytes} bytes were received, ${signedBytes} were signed:`
  return [
    element('h3', null, proven ? 'Why: the signature proves it' : 'Why: what it looks like'),
    element('p', 'cause', element('code', null, cause), `: ${sentence(short)}`),
    element('p', null, element('strong', null, 'Mend: '), sentence(fix)),
    difference && [
      element('p', 'difference', says),
      terms([
        ['received', received],
        ['signed', signed],
      ]),
    ],
  ]
}

function details(said, { ruledOut, macsTried, complete }) {
  const tried = `${counted(macsTried, 'signature')} tried${complete ? '' : ', and not everything'}.`
  const texts = [sentence(said), ruledOut.length ? `${tried} It is:` : tried].map((text) => element('p', null, text))
  return element('details', null, element('summary', null, 'Evidence'), texts, list(ruledOut.map(sentence)))
}

// The parts. The name of each says what its colour says.

const KEYS = {
  utf8: 'the secret’s bytes',
  base64: 'the secret, base64 decoded',
  whsec: 'the secret behind its prefix, decoded',
}

function showParts(delivery) {
  const { encoding, secret, content, signature } = schemeOf(delivery)
  const facts = dissect(delivery)
  const words = content.map((each) => each.literal ?? each).join(' + ')
  const formula = `HMAC-SHA256 of ${words}; the key is ${KEYS[secret]}; the signature is written as ${encoding}.`
  fill('content', parts(facts.content), hint(formula))
  const headers = facts.headers.length ? facts.headers : [[{ role: 'tag', text: null }]]
  fill(
    'signature',
    headers.map((each) => parts([{ role: 'header', text: signature.header }, ...each])),
    candidates(delivery, facts),
  )
  const cell = (text, at) => element(at ? 'td' : 'th', text === 'signed' && text, text)
  fill(
    'coverage',
    coverage(delivery, facts).map((row) => element('tr', null, row.map(cell))),
  )
  showTime(delivery)
}

const ROLES = { literal: 'fixed', other: 'not read', tag: 'signature' }

// Of a hostile header there may be thousands.
const most = (all, show) => [
  show(all.slice(0, MOST_PARTS)),
  all.length > MOST_PARTS && hint(`${all.length - MOST_PARTS} more are left out.`),
]
const parts = (all) => most(all, (some) => element('p', 'parts', some.map(part)))

function part({ role, text, bytes }) {
  const name = ROLES[role] ?? role
  return element(
    'span',
    `part ${role}${text === null ? ' missing' : ''}`,
    element('span', 'name', bytes ? `${name}, ${counted(bytes.length, 'byte')}` : name),
    element('span', 'text', text === null ? 'missing' : bytes ? visibly(bytes, MOST_IN_PART) : shown(text || 'empty')),
  )
}

function candidates(delivery, { tags }) {
  if (tags.length < 2) return hint(tags.length ? 'One candidate.' : 'No candidate.')
  const said = (tag, at) => `Candidate ${at + 1}: ${judgeAlone(delivery, tag).code ?? 'matches'}`
  return most(tags, (some) => list(some.map(said)))
}

function coverage(delivery, facts) {
  const { id } = schemeOf(delivery)
  const word = (part, signed = signs(delivery, part)) =>
    facts[part] === null ? 'not sent' : signed ? 'signed' : 'not signed'
  const times = {
    signed: 'held to the tolerance',
    'not signed': 'reported, never believed',
    'not sent': 'only deduplicating stops a replay',
  }
  return [
    ['payload', 'signed', 'every byte of it, as it was sent'],
    ['timestamp', word('timestamp'), times[word('timestamp')]],
    id?.payload
      ? ['id', word('id', true), `as the payload’s ${id.payload}`]
      : ['id', word('id'), `deduplicate by ${signs(delivery, 'id') ? 'it' : 'the payload’s digest'}`],
    ['the rest', 'not signed', 'method, address and every other header'],
  ]
}

function showTime(delivery) {
  const { toleranceSeconds = 300 } = schemeOf(delivery)
  const { timestamp } = dissect(delivery)
  const seconds = secondsOf(timestamp)
  const age = timeOf(delivery) - seconds
  const known = `${new Date(seconds * 1000).toUTCString().replace('GMT', 'UTC')}, ${Math.abs(age)} s ${age < 0 ? 'ahead' : 'ago'}`
  write(
    'age',
    timestamp === null ? 'No time is sent.' : seconds === null ? 'The timestamp is not 1 to 12 digits.' : known,
  )
  const inside = Math.abs(age) <= toleranceSeconds
  find('scale').hidden = seconds === null || !signs(delivery, 'timestamp')
  // The tolerance is the scale's middle half.
  find('needle').style.setProperty('--at', 0.5 + age / (4 * toleranceSeconds))
  write('inside', `${inside ? 'Within' : 'Outside'} the tolerance of ${toleranceSeconds} s, both ways.`)
}

// Attacks.

const attackButtons = attacks.map(([title, about, patch]) => {
  const texts = [element('span', null, title), element('span', 'hint', about), element('span', 'result')]
  return element('button', { click: () => applySeen(patch(read())) }, texts)
})
fill(
  'attacks',
  attackButtons.map((button) => element('li', null, button)),
)

function showAttacks(delivery) {
  attacks.forEach(([, , patch], at) => {
    const made = patch(delivery)
    const { ok, code } = made ? judge({ ...delivery, ...made }).verdict : { ok: '', code: 'does not apply' }
    attackButtons[at].disabled = !made
    attackButtons[at].dataset.ok = ok
    attackButtons[at].lastChild.textContent = ok ? 'verifies' : code
  })
}

// Signing.

const FRESH_FOR_SECONDS = 60

let signing = {}

for (const id of ['sign-payload', 'url']) listen(id, 'input', () => showSigned(read()))
listen('event', 'change', ({ target }) => {
  find('sign-payload').value = sampleOf(rowOf(read()), target.value)
  showSigned(read())
})
listen('use-signed', 'click', () =>
  applySeen({ payload: encode(find('sign-payload').value), headers: signing.headers, now: null, own: true }),
)

function showSigned(delivery) {
  const row = rowOf(delivery)
  const [event, url, payload] = ['event', 'url', 'sign-payload'].map(find)
  if (signing.provider !== row.name) {
    fill(
      'event',
      row.events.map((event) => element('option', null, event)),
    )
    url.value = `http://127.0.0.1:3000/webhooks/${row.name}`
    payload.value = row.sample
    write('sign-provider', row.title)
  }
  signing = { provider: row.name, at: clock() }
  try {
    const headers = sign(row.name, delivery.secret, payload.value)
    signing.headers = writeHeaders(headers)
    fill(
      'signed',
      copyable('Headers', signing.headers),
      copyable('curl', curlOf(url.value, headers, payload.value)),
      copyable('hookproof send', sendOf(row, event.value, url.value, payload.value)),
    )
    write('sign-said', '')
  } catch ({ message }) {
    fill('signed')
    write('sign-said', delivery.secret ? sentence(message) : NO_SECRET, true)
  }
  find('use-signed').disabled = !signing.headers
}

// Signed anew, but not under a person's hands.
function refreshSigned(delivery) {
  if (clock() - signing.at >= FRESH_FOR_SECONDS && !find('signed').contains(document.activeElement))
    showSigned(delivery)
}

// Receiving.

const choices = runtimes.map(({ title }) => {
  const radio = element('input', { type: 'radio', name: 'runtime', change: () => showCode(read()) })
  return [radio, element('span', null, title)]
})
choices[0][0].checked = true
fill(
  'runtimes',
  choices.map((choice) => element('label', null, choice)),
)

function showCode(delivery) {
  const { file, install, code } = runtimes[choices.findIndex(([radio]) => radio.checked)]
  write('code-provider', rowOf(delivery).title)
  fill('code', copyable('Install', install), copyable(file, code(rowOf(delivery))))
}

// Sharing.

// Some browsers take no longer address.
const LONGEST_LINK = 1_000_000

listen('copy-link', 'click', () => {
  const link = location.href.split('#')[0] + fragmentOf(read())
  const isLong = link.length > LONGEST_LINK && 'the payload is too long for one'
  const refused = holdsSecret(read()) ? 'the secret stands in the payload or in a header' : isLong
  if (refused) write('share-said', `No link: ${refused}.`, true)
  else share(link, 'The link is copied. The secret is not in it.')
})
listen('copy-vector', 'click', () => {
  share(`${JSON.stringify(vectorOf(read()), null, 2)}\n`, 'The test vector is copied. The secret is in it.')
})

async function share(text, said) {
  const done = await copied(text)
  write('share-said', done ? said : 'The browser does not allow it.', !done)
}

function openLink() {
  if (location.hash.length < 2 || find(location.hash.slice(1))) return
  const shared = fromFragment(location.hash)
  if (shared) change(shared)
  else write('capture-said', 'The link’s fragment holds no delivery.', true)
}

// Elements. Text is text: nothing parses HTML.

function find(id) {
  return document.getElementById(id)
}

function listen(id, event, call) {
  find(id).addEventListener(event, call)
}

function write(id, text, isFault) {
  fill(id, text)
  find(id).classList.toggle('fault', !!isFault)
}

// A class, or attributes and listeners; children, of which what is not there is left out.
function element(name, attributes, ...children) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes?.at ? { class: attributes } : (attributes ?? {}))) {
    if (typeof value === 'function') made.addEventListener(key, value)
    else made.setAttribute(key, value)
  }
  made.append(...children.flat(3).filter((child) => child || child === 0))
  return made
}

// Where it is not the same to the eye: so what has the focus stays, and a screen reader hears of changes alone.
function fill(id, ...children) {
  const next = element('div', null, children).childNodes
  const nodes = find(id).childNodes
  if (next.length === nodes.length && [...next].every((node, at) => node.isEqualNode(nodes[at]))) return
  find(id).replaceChildren(...next)
}

function hint(text) {
  return element('p', 'hint', text)
}

function list(texts) {
  return element(
    'ul',
    null,
    texts.map((text) => element('li', null, text)),
  )
}

function terms(pairs) {
  return element(
    'dl',
    null,
    pairs.map(([name, text]) => text !== null && [element('dt', null, name), element('dd', null, text)]),
  )
}

function counted(number, noun) {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

function sentence(text) {
  return text[0].toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.')
}

// A browser may refuse, and over plain HTTP has no clipboard.
async function copied(text) {
  return navigator.clipboard?.writeText(text).then(
    () => true,
    () => false,
  )
}

const COPIED_FOR_MS = 1500

function copyable(title, text) {
  const copy = async ({ target }) => {
    target.textContent = (await copied(text)) ? 'Copied' : 'Not allowed'
    setTimeout(() => (target.textContent = 'Copy'), COPIED_FOR_MS)
  }
  const button = element('button', { 'aria-label': `Copy: ${title}`, click: copy }, 'Copy')
  return [
    element('div', 'head', element('h3', null, title), button),
    element('pre', { tabindex: 0, role: 'region', 'aria-label': title }, element('code', null, text)),
  ]
}

const REST_AFTER_MS = 150

let judged, waiting

function showAtOnce(delivery) {
  judged = judge(delivery)
  showVerdict(delivery, judged.verdict)
  showParts(delivery)
}

function showRest() {
  showWhy(read(), judged)
  showAttacks(read())
  showSigned(read())
  showCode(read())
}

// What takes longer waits until nobody types.
function showRestLater() {
  // A mend is for the delivery that it was found for.
  find('apply-mend')?.setAttribute('disabled', '')
  clearTimeout(waiting)
  waiting = setTimeout(showRest, REST_AFTER_MS)
}

// A delivery may grow too old while somebody looks at it.
function tick() {
  showTime(read())
  refreshSigned(read())
  if (judge(read()).verdict.code === judged.verdict.code) return
  showAtOnce(read())
  showRest()
}

for (const show of [showProvider, showPayload, showTexts, showAtOnce]) {
  onChange(show)
  show(read())
}
onChange(showRestLater)
openLink()
showRest()
document.body.className = ''
addEventListener('hashchange', openLink)
setInterval(tick, 1000)
// Keeps the word in sight while the verdict itself is not.
new IntersectionObserver((all) => (find('badge').hidden = all.at(-1).isIntersecting)).observe(find('verdict-word'))
