// The verdict, and on a failure its cause, its mend and what speaks for it.
import { explain } from './hookproof/explain.js'
import { apply, timeOf } from './delivery.js'
import { element, fill, find, write } from './dom.js'
import { pairsOf } from './headers.js'
import { mendOf } from './mend.js'

/** Keeps the word in sight while the verdict itself is not. */
export function startBadge() {
  const watch = new IntersectionObserver(([{ isIntersecting }]) => (find('badge').hidden = isIntersecting))
  watch.observe(find('verdict-word'))
}

/** The word, in the moment it is known. */
export function showVerdict({ verdict }) {
  const word = verdict.ok ? 'Verifies' : 'Does not verify'
  find('verdict').dataset.ok = String(verdict.ok)
  write(find('verdict-word'), verdict.ok ? word : `${word}: ${verdict.code}`)
  find('badge').dataset.ok = String(verdict.ok)
  write(find('badge'), word)
  fill(find('verdict-more'), verdict.ok ? facts(verdict.delivery) : element('p', {}, sentence(verdict.message)))
  if (verdict.ok) find('why').replaceChildren()
}

function facts({ id, timestamp, signed, key }) {
  const rows = [['Signed', signed.join(', ')], ['Timestamp', timestamp], ['Id', id], ['Deduplicate by', key]]
  const cells = rows.filter(([, value]) => value !== null).map(([name, value]) => [element('dt', {}, name), element('dd', {}, String(value))])
  return element('dl', {}, cells.flat())
}

let mend = null

/** The explanation, which takes longer. */
export function showWhy(delivery, { hook, verdict }) {
  if (verdict.ok) return
  if (!hook) return find('why').replaceChildren()
  const explanation = explain(hook, delivery.payload, pairsOf(delivery.headers), { now: timeOf(delivery) })
  mend = mendOf(delivery, explanation)
  const { cause, message, fix, evidence } = explanation
  fill(
    find('why'),
    element('h3', {}, evidence.proven ? 'Why: the signature proves it' : 'Why: what it looks like'),
    element('p', { class: 'cause' }, element('code', {}, cause), ` ${sentence(message)}`),
    element('p', {}, element('strong', {}, 'Mend: '), sentence(fix)),
    evidence.difference && difference(evidence.difference),
    mend && element('button', { type: 'button', class: 'main', id: 'apply-mend', click: mendNow }, 'Apply the mend'),
    details(evidence),
  )
}

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.')

/** A mend is for the delivery that it was found for: while somebody types there is none. */
export function withdrawMend() {
  find('apply-mend')?.setAttribute('disabled', '')
}

function mendNow() {
  apply(mend)
  find('verdict').focus()
}

function difference({ offsetBytes, received, signed, receivedBytes, signedBytes }) {
  const line = (name, text, bytes) => [element('dt', {}, name), element('dd', {}, element('code', {}, text), ` ${bytes} bytes`)]
  return element(
    'div',
    { class: 'difference' },
    element('p', {}, `The same up to byte ${offsetBytes}, then:`),
    element('dl', {}, line('received', received, receivedBytes), line('signed', signed, signedBytes)),
  )
}

function details({ ruledOut, macsTried, complete, faults }) {
  const others = faults.slice(1).map(({ message }) => element('li', {}, `Also: ${message}`))
  const out = ruledOut.map((text) => element('li', {}, `Ruled out: ${text}`))
  const tried = `${macsTried} signatures were tried${complete ? '' : ', and a bound was reached before everything was'}.`
  return element('details', {}, element('summary', {}, 'Evidence'), element('p', {}, tried), element('ul', {}, others, out))
}
