import { kind, readText } from './argument.js'
import { typeError, webhookError } from './error.js'
import { columns, secretFormats } from './gen/tables/rows.js'
import { join } from './join.js'
import { encode } from './utf8.js'

// The columns that cross as texts, in the order in which the other side reads them.
const texts = columns.slice(0, columns.indexOf('content'))
const ABSENT = 0xffff

/**
 * A scheme as bytes for the boundary, and what this side needs of it: its name, its headers' names by role
 * (signature, timestamp, id), the number of its secrets' format, the member that holds the id, and its tolerance. Each column is read once. Types are checked
 * here and unknown columns refused; what the columns mean is for the core, which names what is wrong.
 */
export function readScheme(scheme) {
  refuseUnknown(scheme, '')
  const read = Object.fromEntries(texts.map((column) => [column, textAt(scheme, column)]))
  const toleranceSeconds = own(scheme, 'toleranceSeconds')
  const flat = join([
    ...texts.flatMap((column) => field(read[column])),
    ...readContent(own(scheme, 'content')),
    ...readTolerance(toleranceSeconds),
  ])
  const headers = [read['signature.header'], read['timestamp.header'], read['id.header']]
  const format = secretFormats.indexOf(read.secret)
  return { flat, name: read.name, headers, format, member: read['id.payload'], toleranceSeconds }
}

function refuseUnknown(scheme, path) {
  for (const name of Object.keys(scheme)) {
    const column = path + name
    if (column === 'content') continue
    const known = columns.includes(column) || holdsColumns(column)
    if (!known) throw webhookError('invalid_option', `scheme.${column} is no column of a scheme`)
    const value = scheme[name]
    if (typeof value === 'object' && value !== null) refuseUnknown(value, `${column}.`)
  }
}

// The text of a column: undefined where it is absent, empty where it is there and holds others.
function textAt(scheme, column) {
  let value = scheme
  let path = ''
  for (const name of column.split('.')) {
    if (value === undefined || (typeof value === 'string' && texts.includes(path))) return undefined
    if (typeof value !== 'object' || value === null) throw wrong(path, 'an object', value)
    value = own(value, name)
    path = path ? `${path}.${name}` : name
  }
  if (value === undefined || readText(value) !== undefined) return value
  if (holdsColumns(column) && typeof value === 'object' && value !== null) return ''
  throw wrong(column, 'a string of well-formed Unicode', value)
}

function readContent(content) {
  if (!Array.isArray(content)) throw wrong('content', 'an array', content)
  const parts = Array.from(content, (part, index) => {
    // A literal crosses behind an equals sign, so no word may begin with one.
    if (readText(part) !== undefined) return part.startsWith('=') ? '' : part
    const literal = typeof part === 'object' && part !== null ? own(part, 'literal') : undefined
    if (readText(literal) !== undefined && Object.keys(part).length === 1) return `=${literal}`
    throw wrong(`content[${index}]`, "'payload', 'timestamp', 'id' or { literal }", part)
  })
  return [number(parts.length), ...parts.flatMap(field)]
}

function readTolerance(seconds) {
  if (seconds === undefined) return [number(ABSENT)]
  if (typeof seconds !== 'number') throw wrong('toleranceSeconds', 'a number', seconds)
  return [number(8), new Uint8Array(Float64Array.of(seconds).buffer)]
}

function holdsColumns(column) {
  return texts.some((each) => each.startsWith(`${column}.`))
}

function own(object, name) {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

function wrong(column, expected, got) {
  return typeError(`scheme.${column} must be ${expected}, got ${kind(got)}`)
}

function field(text) {
  if (text === undefined) return [number(ABSENT)]
  const bytes = encode(text)
  if (bytes.length >= ABSENT) throw webhookError('invalid_option', 'a text of the scheme is too long')
  return [number(bytes.length), bytes]
}

function number(value) {
  return Uint8Array.of(value & 0xff, value >> 8)
}
