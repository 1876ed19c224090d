import { kind } from './argument.js'
import { WebhookError } from './error.js'
import { columns } from './gen/tables/rows.js'

// The columns that cross as texts, in the order in which the other side reads them.
const texts = columns.slice(0, columns.indexOf('timestamp'))
const ABSENT = 0xffff

/**
 * A scheme as bytes for the boundary. Types are checked here and unknown columns refused; what the columns
 * mean is for the core, which names what is wrong.
 */
export function flatten(scheme) {
  refuseUnknown(scheme, '')
  const fields = texts.map((column) => textAt(scheme, column))
  const content = scheme.content
  if (!Array.isArray(content)) throw wrong('content', 'an array', content)
  const parts = Array.from(content, (part, index) => {
    if (typeof part === 'string') return part.startsWith('=') ? '' : part
    if (typeof part?.literal === 'string') return `=${part.literal}`
    throw wrong(`content[${index}]`, "'payload', 'timestamp', 'id' or { literal }", part)
  })
  const tolerance = scheme.toleranceSeconds
  if (tolerance !== undefined && typeof tolerance !== 'number') {
    throw wrong('toleranceSeconds', 'a number', tolerance)
  }
  return join([
    ...fields.flatMap(field),
    number(parts.length),
    ...parts.flatMap(field),
    ...(tolerance === undefined ? [] : [number(8), new Uint8Array(Float64Array.of(tolerance).buffer)]),
  ])
}

/** The names of the scheme's headers, by role: signature, timestamp, id. */
export function headerNames(scheme) {
  return [scheme.signature.header, scheme.timestamp?.header, scheme.id?.header]
}

function refuseUnknown(scheme, path) {
  for (const name of Object.keys(scheme)) {
    const column = path + name
    if (column === 'content') continue
    const known = columns.includes(column) || columns.some((each) => each.startsWith(`${column}.`))
    if (!known) throw new WebhookError('invalid_option', `scheme.${column} is no column of a scheme`)
    const value = scheme[name]
    if (typeof value === 'object' && value !== null) refuseUnknown(value, `${column}.`)
  }
}

// The text of a column. A column that holds others in place of a text counts as absent.
function textAt(scheme, column) {
  let value = scheme
  let path = ''
  for (const name of column.split('.')) {
    if (value === undefined || (typeof value === 'string' && texts.includes(path))) return undefined
    if (typeof value !== 'object' || value === null) throw wrong(path, 'an object', value)
    value = value[name]
    path = path ? `${path}.${name}` : name
  }
  if (value === undefined || typeof value === 'string') return value
  const holdsColumns = texts.some((each) => each.startsWith(`${column}.`))
  if (holdsColumns && typeof value === 'object' && value !== null) return undefined
  throw wrong(column, 'a string', value)
}

function wrong(column, expected, got) {
  return new TypeError(`scheme.${column} must be ${expected}, got ${kind(got)}`)
}

function field(text) {
  if (text === undefined) return [number(ABSENT)]
  const bytes = new TextEncoder().encode(text)
  if (bytes.length >= ABSENT) throw new WebhookError('invalid_option', 'the scheme is too long')
  return [number(bytes.length), bytes]
}

function number(value) {
  return Uint8Array.of(value & 0xff, value >> 8)
}

function join(pieces) {
  const joined = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    joined.set(piece, at)
    at += piece.length
  }
  return joined
}
