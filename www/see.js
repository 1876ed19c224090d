// The delivery's parts, each in its colour and under its name, which says the same without colours.
import { coverage, dissect, secondsOf, signs } from './anatomy.js'
import { judge, rowOf, timeOf } from './delivery.js'
import { element, fill, find } from './dom.js'
import { withValues } from './headers.js'
import { visibly } from './visible.js'

const NAMES = { literal: 'fixed', other: 'not read', tag: 'signature' }
const SHOWN_CHARACTERS = 700

export function showParts(delivery) {
  const { scheme } = rowOf(delivery.provider)
  const facts = dissect(scheme, delivery)
  fill(find('content'), element('p', { class: 'parts' }, facts.content.map(part)), formula(scheme))
  fill(find('signature'), headerParts(scheme, facts), candidates(scheme, delivery, facts))
  fill(find('coverage'), coverageTable(scheme, facts))
  showTime(delivery)
}

function part({ role, text, bytes }) {
  const missing = !bytes && text === null
  const shown = bytes ? visibly(bytes, { most: SHOWN_CHARACTERS }) : text || (missing ? 'missing' : 'empty')
  const name = NAMES[role] ?? role
  return element(
    'span',
    { class: `part ${role}${missing ? ' missing' : ''}` },
    element('span', { class: 'name' }, bytes ? `${name}, ${bytes.length} bytes` : name),
    element('span', { class: 'text' }, shown),
  )
}

function formula({ encoding, secret, content }) {
  const words = content.map((each) => each.literal ?? each).join(' + ')
  const keys = { utf8: 'the secret’s bytes', base64: 'the secret, base64 decoded', whsec: 'the secret behind its prefix, base64 decoded' }
  return element('p', { class: 'hint' }, `HMAC-SHA256 of ${words}; the key is ${keys[secret]}; the signature is written as ${encoding}.`)
}

function headerParts({ signature }, { parts }) {
  if (parts.length === 0) return element('p', { class: 'parts' }, part({ role: 'other', text: null }))
  return parts.map((each) =>
    element('p', { class: 'parts' }, part({ role: 'header', text: signature.header }), each.map(part)),
  )
}

// Each candidate alone, in the place of all of them: does the package accept the delivery by it?
function candidates(scheme, delivery, { tags }) {
  if (tags.length < 2) return element('p', { class: 'hint' }, `${tags.length === 1 ? 'One candidate' : 'No candidate'}.`)
  const rows = tags.map(({ text }, at) => {
    const { form, header } = scheme.signature
    const others = dissect(scheme, delivery).parts.flat().find(({ role }) => role === 'timestamp')
    const stamp = others && scheme.timestamp.field ? `${scheme.timestamp.field}${form.assign}${others.text}${form.separator}` : ''
    const alone = form.tag ? `${stamp}${form.tag}${form.assign}${text}` : (form.prefix ?? '') + text
    const { verdict } = judge({ ...delivery, headers: withValues(delivery.headers, header, [alone]) })
    return element('li', {}, `Candidate ${at + 1}: ${verdict.ok ? 'matches' : verdict.code}`)
  })
  return element('ul', { class: 'hint' }, rows)
}

function coverageTable(scheme, facts) {
  const rows = coverage(scheme, facts).map(([what, word, why]) =>
    element('tr', {}, element('th', { scope: 'row' }, what), element('td', {}, element('span', { class: `covered ${word.replace(' ', '-')}` }, word)), element('td', {}, why)),
  )
  return element('table', {}, element('tbody', {}, rows))
}

/** The timestamp and its age, which changes as the clock goes on. */
export function showTime(delivery) {
  const { scheme } = rowOf(delivery.provider)
  const { timestamp } = dissect(scheme, delivery)
  const seconds = secondsOf(timestamp)
  const place = find('time')
  if (timestamp === null) return fill(place, element('h3', {}, 'The time'), element('p', { class: 'hint' }, 'No time is sent.'))
  if (seconds === null) return fill(place, element('h3', {}, 'The time'), element('p', { class: 'hint' }, 'The timestamp is not 1 to 12 digits.'))
  const age = timeOf(delivery) - seconds
  const words = `${new Date(seconds * 1000).toLocaleString()}, ${inWords(age)}`
  fill(place, element('h3', {}, 'The time'), element('p', {}, words), signs(scheme, 'timestamp') ? scale(scheme, age) : null)
  place.querySelector('.needle')?.style.setProperty('--at', String(position(scheme, age)))
}

function inWords(age) {
  const [size, unit] = [[86_400, 'day'], [3600, 'hour'], [60, 'minute'], [1, 'second']].find(([size]) => Math.abs(age) >= size) ?? [1, 'second']
  const count = Math.floor(Math.abs(age) / size)
  return `${count} ${unit}${count === 1 ? '' : 's'} ${age < 0 ? 'ahead' : 'old'}`
}

// The tolerance is the scale's middle half.
function position({ toleranceSeconds = 300 }, age) {
  return Math.min(1, Math.max(0, 0.5 + age / (4 * toleranceSeconds)))
}

function scale({ toleranceSeconds = 300 }, age) {
  const inside = Math.abs(age) <= toleranceSeconds
  const says = `${inside ? 'Within' : 'Outside'} the tolerance of ${toleranceSeconds} seconds, both ways.`
  return [
    element(
      'div',
      { class: 'scale', 'aria-hidden': 'true', 'data-inside': String(inside) },
      element('span', { class: 'needle' }),
      element('span', { class: 'tick early' }, `${toleranceSeconds} s ahead`),
      element('span', { class: 'tick' }, 'now'),
      element('span', { class: 'tick late' }, `${toleranceSeconds} s old`),
    ),
    element('p', { class: 'hint' }, says),
  ]
}
