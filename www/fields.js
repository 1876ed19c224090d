// The fields that are texts already: headers, secret, time; and the box that takes a whole request apart.
import { parseCapture } from './hookproof/explain.js'
import { providers } from './hookproof/providers.js'
import { apply, canTakeBack, change, example, onChange, read, takeBack } from './delivery.js'
import { find, write } from './dom.js'
import { parseHeaders, valuesOf, writeHeaders } from './headers.js'

const capture = find('capture')

export function startFields() {
  find('headers').addEventListener('input', ({ target }) => change({ headers: target.value }, 'headers'))
  find('secret').addEventListener('input', ({ target }) => change({ secret: target.value }, 'secret'))
  find('now').addEventListener('input', ({ target }) => change({ now: secondsIn(target.value) }, 'now'))
  find('show-secret').addEventListener('click', toggleSecret)
  find('load-example').addEventListener('click', () => apply(example(read().provider)))
  find('take-back').addEventListener('click', takeBack)
  capture.addEventListener('input', () => take(capture.value))
  capture.addEventListener('paste', onPaste)
  onChange(render)
  render(read())
}

function render({ headers, secret, now }, from) {
  if (from !== 'headers') find('headers').value = headers
  if (from !== 'secret') find('secret').value = secret
  if (from !== 'now') find('now').value = now ?? ''
  find('take-back').disabled = !canTakeBack()
  const { lost } = parseHeaders(headers)
  write(find('headers-said'), lost.length ? `No header, for there is no colon: ${lost[0]}` : '')
}

const secondsIn = (text) => (/^\s*\d{1,15}\s*$/.test(text) ? Number(text) : null)

function toggleSecret({ currentTarget: button }) {
  const hidden = find('secret').type === 'password'
  find('secret').type = hidden ? 'text' : 'password'
  button.textContent = hidden ? 'Hide' : 'Show'
  button.setAttribute('aria-pressed', String(hidden))
}

// A text area would make every line break the same: the clipboard's own text is what was copied.
function onPaste(event) {
  const text = event.clipboardData.getData('text/plain')
  if (!text || capture.value !== '') return
  event.preventDefault()
  capture.value = text
  take(text)
}

function take(text) {
  if (text.trim() === '') return write(find('capture-said'), '')
  try {
    const { method, url, headers, payload } = parseCapture(text)
    const provider = senderOf(headers) ?? read().provider
    apply({ payload, headers: writeHeaders(headers), provider })
    write(find('capture-said'), `Taken apart: ${method} ${url}, ${headers.length} headers, ${payload.length} bytes`)
  } catch ({ message }) {
    write(find('capture-said'), message)
  }
}

// The rows whose signature header is there; where several share its name, the one that was chosen.
function senderOf(headers) {
  const text = writeHeaders(headers)
  const found = providers.filter((row) => valuesOf(text, row.headers.signature).length > 0).map(({ name }) => name)
  return found.includes(read().provider) ? read().provider : found[0]
}
