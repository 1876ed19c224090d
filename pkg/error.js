import { columns, flaws, rows } from './gen/tables/rows.js'

// The errors that were made here. Of what callers' own code throws only the name is looked at: it may be a proxy.
const own = new WeakSet()

const brand = Symbol.for('hookproof.WebhookError')

/** What a sender sent or a caller passed cannot be accepted: `code` says which, `message` why. */
export class WebhookError extends Error {
  static name = 'WebhookError'

  constructor(code, message) {
    super(message)
    this.name = 'WebhookError'
    this.code = code
  }

  get [brand]() {
    return true
  }

  // Each entry of the package is bundled with a class of its own: an error of one is an error of them all.
  static [Symbol.hasInstance](value) {
    if (this !== WebhookError) return super[Symbol.hasInstance](value)
    return typeof value === 'object' && value !== null && value[brand] === true
  }
}

export function webhookError(code, message) {
  return remember(new WebhookError(code, message))
}

export function typeError(message) {
  return remember(new TypeError(message))
}

/** Whether an error was made here, whatever it is. */
export function isOwn(error) {
  return own.has(error)
}

/**
 * Whether an error says that the stack or the memory ran out, which is never a verdict about a delivery. It is known
 * by its name, because each realm has its own RangeError. Firefox throws an InternalError, or a text for memory.
 */
export function isMachineFailure(error) {
  try {
    return isNamedAsOne(error)
  } catch (failure) {
    return isFailureOfLooking(failure)
  }
}

// The stack may have ended while the name was read. A caller's proxy throws whatever it likes.
function isFailureOfLooking(failure) {
  try {
    return isNamedAsOne(failure)
  } catch {
    return true
  }
}

function isNamedAsOne(error) {
  return ['RangeError', 'InternalError'].includes(error?.name) || error === 'out of memory'
}

/** The error of a status of the core. */
export function errorOf(status, data, headers, prefix = '') {
  const { code, message } = refusalOf(status, data, headers)
  return webhookError(code, prefix + message)
}

/**
 * The same as a verdict, without the cost of a stack trace: senders can cause these at will. `data` are the
 * row's numbers, `headers` the scheme's header names, by role.
 */
export function refusalOf(status, data = [], headers = []) {
  const row = rows[status - 1]
  const code = row[0]
  const text = row[1]
  const words = { __proto__: null, header: headers, column: columns, flaw: flaws }
  let next = 0
  const message = text.replace(/\{(\w*)\}/g, (_, kind) => {
    const datum = data[next++]
    return words[kind] ? words[kind][datum] : datum
  })
  return { ok: false, code, message }
}

function remember(error) {
  own.add(error)
  return error
}
