// The payload's field: bytes, written as text, hex or base64, or taken from a file.
import { displayed, edited, encode, fromBase64, fromHex, toBase64, toHex } from './bytes.js'
import { apply, change, onChange, read } from './delivery.js'
import { find, write } from './dom.js'
import { visibly } from './visible.js'

const field = find('payload')
const visible = find('payload-visible')

const SHOWN_CHARACTERS = 4000

/** How bytes are written into the field, and read back: null where the text is no such thing. */
const WRITINGS = {
  text: { write: displayed, read: (text) => edited(read().payload, text) },
  hex: { write: (bytes) => toHex(bytes).replace(/(..)(?=.)/g, '$1 '), read: fromHex },
  base64: { write: toBase64, read: fromBase64 },
}

const writing = () => WRITINGS[document.querySelector('[name=writing]:checked').value]

export function startPayloadField() {
  field.addEventListener('input', onInput)
  field.addEventListener('paste', onPaste)
  for (const radio of document.querySelectorAll('[name=writing]')) radio.addEventListener('change', () => render(read()))
  find('invisible').addEventListener('change', () => render(read(), 'payload'))
  find('payload-file').addEventListener('change', ({ target }) => takeFile(target.files[0]))
  field.addEventListener('dragover', (event) => event.preventDefault())
  field.addEventListener('drop', onDrop)
  onChange(render)
  render(read())
}

function render({ payload }, from) {
  if (from !== 'payload') field.value = writing().write(payload)
  write(find('payload-length'), payload.length === 1 ? '1 byte' : `${payload.length} bytes`)
  if (from !== 'payload') write(find('payload-said'), hiddenIn(payload))
  visible.hidden = !find('invisible').checked
  if (!visible.hidden) visible.replaceChildren(...visibly(payload, { most: SHOWN_CHARACTERS, space: '·' }))
}

// What the field cannot hold is said, for it stays in the payload.
function hiddenIn(payload) {
  if (writing() !== WRITINGS.text) return ''
  if (payload.includes(13)) return 'Has carriage returns, which stay where you do not type.'
  return displayed(payload).includes('\ufffd') ? 'Has bytes that are no UTF-8, which stay where you do not type.' : ''
}

function onInput() {
  const payload = writing().read(field.value)
  write(find('payload-said'), payload === null ? 'That is not what the payload is to be written as; the last one counts.' : '')
  if (payload !== null) change({ payload }, 'payload')
}

// The clipboard keeps carriage returns, which the field would lose.
function onPaste(event) {
  const text = event.clipboardData.getData('text/plain')
  const all = field.selectionStart === 0 && field.selectionEnd === field.value.length
  if (!text.includes('\r') || !all || writing() !== WRITINGS.text) return
  event.preventDefault()
  change({ payload: encode(text) })
}

function onDrop(event) {
  const file = event.dataTransfer.files[0]
  if (!file) return
  event.preventDefault()
  takeFile(file)
}

async function takeFile(file) {
  if (file) apply({ payload: new Uint8Array(await file.arrayBuffer()) })
}
