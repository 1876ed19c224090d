// Elements, without a framework. Text is text: nothing here parses HTML.

export const find = (id) => document.getElementById(id)

/** An element: attributes by name, listeners as functions, children as elements or texts; null is left out. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(key, value)
    else if (value === true) made.setAttribute(key, '')
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value)
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined))
  return made
}

/** Puts children in place of those that are there, where they are not the same to the eye. */
export function fill(parent, ...children) {
  const next = element('div', {}, ...children)
  if (next.isEqualNode(shallow(parent))) return
  parent.replaceChildren(...next.childNodes)
}

function shallow(parent) {
  const copy = document.createElement('div')
  copy.append(...Array.from(parent.childNodes, (child) => child.cloneNode(true)))
  return copy
}

/** Writes a text where it is another one, so that a screen reader hears of changes alone. */
export function write(place, text) {
  if (place.textContent !== text) place.textContent = text
}

/** A text to copy, with its button. */
export function copyable(title, text) {
  const button = element('button', { type: 'button', 'aria-label': `Copy: ${title}`, click: () => copy(text, button) }, 'Copy')
  const code = element('pre', { tabindex: '0', role: 'region', 'aria-label': title }, element('code', {}, text))
  return element('div', { class: 'copyable' }, element('div', { class: 'head' }, element('h3', {}, title), button), code)
}

const COPIED_FOR_MS = 1500

async function copy(text, button) {
  await navigator.clipboard.writeText(text)
  button.textContent = 'Copied'
  setTimeout(() => (button.textContent = 'Copy'), COPIED_FOR_MS)
}

/** Calls once the person has stopped for a moment. */
export function debounced(milliseconds, call) {
  let waiting
  return (...args) => {
    clearTimeout(waiting)
    waiting = setTimeout(() => call(...args), milliseconds)
  }
}
