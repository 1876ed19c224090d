import { columns, flaws, rows } from './gen/tables/rows.js'

/** What a sender sent or a caller passed cannot be accepted: `code` says which, `message` why. */
export class WebhookError extends Error {
  constructor(code, message) {
    super(message)
    this.name = 'WebhookError'
    this.code = code
  }
}

/** The error behind a status of the door. `headers` are the scheme's header names, by role. */
export function errorOf({ status, data }, headers, prefix = '') {
  const { code, message } = refusalOf({ status, data }, headers)
  return new WebhookError(code, prefix + message)
}

/** The same as a verdict, without the cost of a stack trace: senders can cause these at will. */
export function refusalOf({ status, data }, headers = []) {
  const [, code, text, fields] = rows[status - 1]
  const words = { header: headers, column: columns, flaw: flaws }
  const message = text.replace(/\{(\w+)\}/g, (_, field) => {
    const datum = data[fields.indexOf(field)]
    return words[field] ? words[field][datum] : datum
  })
  return { ok: false, code, message }
}

/** The error of a row that is raised on this side, by the row's name. */
export function errorNamed(name, ...data) {
  return errorOf({ status: rows.findIndex((row) => row[0] === name) + 1, data })
}
