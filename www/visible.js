// Bytes as text in which nothing is invisible.
import { characters, toHex } from './bytes.js'
import { element } from './dom.js'

const NAMES = { '\r': 'CR', '\n': 'LF', '\t': 'TAB', '\0': 'NUL', '\ufeff': 'BOM', '\u00a0': 'NBSP' }

/** At most so many characters, as texts with marks between them for what cannot be seen. */
export function visibly(bytes, { most, space = ' ' }) {
  const pieces = ['']
  let left = most
  for (const { text, bytes: taken } of characters(bytes)) {
    if (left-- === 0) return [...pieces, element('span', { class: 'quiet' }, '… the rest is not shown')]
    const name = nameOf(text, taken)
    if (name) pieces.push(element('span', { class: 'unprinted' }, name), text === '\n' ? '\n' : '')
    else pieces[pieces.length - 1] += text === ' ' ? space : text
  }
  return pieces
}

function nameOf(text, bytes) {
  if (text === null) return toHex(bytes).toUpperCase()
  if (NAMES[text]) return NAMES[text]
  return /[\p{C}\p{Zl}\p{Zp}]/u.test(text) ? `U+${text.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}` : null
}
