// The provider's field: every row of the table, found by its name or by its headers.
import { providers } from './hookproof/providers.js'
import { apply, example, isExample, onChange, read, rowOf } from './delivery.js'
import { element, fill, find } from './dom.js'

const field = find('provider')
const list = find('provider-list')
let shown = []
let active = -1

export function startProviderChoice() {
  field.addEventListener('focus', () => field.select())
  field.addEventListener('click', () => open(''))
  field.addEventListener('input', () => open(field.value))
  field.addEventListener('keydown', onKey)
  field.addEventListener('blur', close)
  onChange(render)
  render(read())
}

function render({ provider }) {
  const row = rowOf(provider)
  if (document.activeElement !== field || list.hidden) field.value = row.title
  const fresh = row.toleranceSeconds === null ? 'no time is signed' : `fresh within ${row.toleranceSeconds} s`
  fill(find('provider-about'), `Signs in ${row.headers.signature}; ${fresh}.`)
  const deadline = row.deadlineSeconds === null ? [] : [`It waits ${row.deadlineSeconds} s for an answer.`]
  const items = [...row.notes, ...deadline].map((note) => element('li', {}, note))
  fill(find('provider-notes'), element('ul', {}, items), element('p', {}, `Source: ${row.docs}`))
}

function open(typed) {
  const words = typed.toLowerCase()
  const texts = ({ name, title, headers }) => [name, title, ...Object.values(headers)].join(' ').toLowerCase()
  shown = providers.filter((row) => texts(row).includes(words))
  active = Math.max(0, shown.findIndex(({ name }) => name === read().provider))
  list.hidden = false
  field.setAttribute('aria-expanded', 'true')
  point()
}

function point() {
  const options = shown.map((row, at) =>
    element(
      'li',
      { role: 'option', id: `provider-${row.name}`, 'aria-selected': String(at === active), pointerdown: (event) => pick(event, row) },
      element('span', {}, row.title),
      element('code', {}, row.headers.signature),
    ),
  )
  list.replaceChildren(...(options.length ? options : [element('li', { role: 'option', 'aria-disabled': 'true' }, 'No provider of the table')]))
  if (shown[active]) field.setAttribute('aria-activedescendant', `provider-${shown[active].name}`)
  else field.removeAttribute('aria-activedescendant')
  list.children[active]?.scrollIntoView({ block: 'nearest' })
}

function close() {
  list.hidden = true
  field.setAttribute('aria-expanded', 'false')
  field.removeAttribute('aria-activedescendant')
  field.value = rowOf(read().provider).title
}

function pick(event, row) {
  event.preventDefault()
  choose(row.name)
}

/** An example that nobody has changed becomes the other provider's; a delivery of yours stays. */
function choose(provider) {
  apply(isExample(read()) ? example(provider) : { provider })
  close()
}

function onKey(event) {
  const moves = { ArrowDown: 1, ArrowUp: -1 }
  const move = moves[event.key]
  if (move && list.hidden) open('')
  else if (move) active = (active + move + shown.length) % Math.max(1, shown.length)
  else if (event.key === 'Escape') return close()
  else if (event.key === 'Enter' && !list.hidden && shown[active]) return choose(shown[active].name)
  else return
  event.preventDefault()
  point()
}
