// What stands below the delivery: attacks, signing, code, sharing.
import { Webhook } from './hookproof/index.js'
import { attacked, attacks } from './attacks.js'
import { encode } from './bytes.js'
import { runtimes } from './code.js'
import { curlOf, sampleOf, sendOf } from './commands.js'
import { apply, clock, judge, read, rowOf } from './delivery.js'
import { copyable, element, fill, find, write } from './dom.js'
import { writeHeaders } from './headers.js'
import { fragmentOf, holdsSecret, vectorOf } from './share.js'

/** Each attack with the verdict that it gets. */
export function showAttacks(delivery) {
  const { scheme } = rowOf(delivery.provider)
  const rows = attacks.map((attack) => ({ ...attack, made: attacked(attack, delivery, scheme) }))
  const place = find('attacks')
  if (place.children.length === 0) place.append(...rows.map(attackButton))
  rows.forEach(({ made }, at) => {
    const button = place.children[at].firstChild
    const verdict = made && judge(made).verdict
    button.disabled = !made
    button.dataset.verdict = verdict ? (verdict.ok ? 'ok' : 'refused') : 'none'
    write(button.querySelector('.result'), verdict ? (verdict.ok ? 'verifies' : verdict.code) : 'does not apply')
  })
}

function attackButton({ title, about }, at) {
  const press = () => apply(attacked(attacks[at], read(), rowOf(read().provider).scheme))
  const texts = [['title', title], ['about', about], ['result', '']].map(([name, text]) => element('span', { class: name }, text))
  return element('li', {}, element('button', { type: 'button', click: press }, texts))
}

const FRESH_FOR_SECONDS = 60

let signing = null

/** Starts the panel that signs. It follows the delivery's provider and secret. */
export function startSigning() {
  find('event').addEventListener('change', () => resetSample(rowOf(read().provider)))
  find('sign-payload').addEventListener('input', () => showSigned(read()))
  find('url').addEventListener('input', () => showSigned(read()))
  find('use-signed').addEventListener('click', useSigned)
}

export function showSigned(delivery) {
  const row = rowOf(delivery.provider)
  if (signing?.provider !== row.name) startProvider(row)
  const payload = find('sign-payload').value
  signing.at = clock()
  try {
    const headers = [['Content-Type', 'application/json'], ...Object.entries(new Webhook(row.name, delivery.secret).sign(payload))]
    signing.headers = writeHeaders(headers)
    const url = find('url').value
    const texts = [
      ['Headers', signing.headers],
      ['curl', curlOf(url, headers, payload)],
      ['hookproof', sendOf(row, find('event').value, url, payload)],
    ]
    fill(find('signed'), texts.map(([title, text]) => copyable(title, text)))
    write(find('sign-said'), '')
  } catch ({ message }) {
    signing.headers = null
    find('signed').replaceChildren()
    write(find('sign-said'), message)
  }
  find('use-signed').disabled = signing.headers === null
}

/** Signs anew where what is shown has become a minute old, but not under a person's hands. */
export function refreshSigned(delivery) {
  const isOld = clock() - signing.at >= FRESH_FOR_SECONDS
  if (isOld && !find('signed').contains(document.activeElement)) showSigned(delivery)
}

function startProvider(row) {
  signing = { provider: row.name, headers: null }
  write(find('sign-provider'), row.title)
  fill(find('event'), row.events.map((event) => element('option', {}, event)))
  find('url').value = `http://127.0.0.1:3000/webhooks/${row.name}`
  find('sign-payload').value = row.sample
}

function resetSample(row) {
  find('sign-payload').value = sampleOf(row, find('event').value)
  showSigned(read())
}

function useSigned() {
  apply({ payload: encode(find('sign-payload').value), headers: signing.headers, now: null })
  find('verdict').focus()
  find('verdict').scrollIntoView({ block: 'nearest' })
}

/** Starts the choice of a runtime. */
export function startCode() {
  const choices = runtimes.map(({ name, title }, at) =>
    element('label', {}, element('input', { type: 'radio', name: 'runtime', value: name, checked: at === 0, change: () => showCode(read()) }), element('span', {}, title)),
  )
  find('runtimes').append(...choices)
}

export function showCode({ provider }) {
  const row = rowOf(provider)
  const name = document.querySelector('[name=runtime]:checked').value
  const { file, install, code } = runtimes.find((runtime) => runtime.name === name)
  write(find('code-provider'), row.title)
  fill(find('code'), copyable('Install', install), copyable(file, code(row)))
}

/** Starts the buttons that copy. */
export function startSharing() {
  const said = find('share-said')
  find('copy-link').addEventListener('click', async () => {
    if (holdsSecret(read())) return write(said, 'No link: the secret stands in the payload or in a header.')
    await navigator.clipboard.writeText(location.href.split('#')[0] + fragmentOf(read()))
    write(said, 'The link is copied. The secret is not in it.')
  })
  find('copy-vector').addEventListener('click', async () => {
    await navigator.clipboard.writeText(`${JSON.stringify(vectorOf(read()), null, 2)}\n`)
    write(said, 'The test vector is copied. The secret is in it.')
  })
}
