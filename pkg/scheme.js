import { readText, wrongType } from './argument.js'
import { webhookError } from './error.js'
import { ABSENT, MAX_SCHEME_BYTES } from './gen/tables/boundary.js'
import { columns, words } from './gen/tables/rows.js'
import { items } from './property.js'
import { encode } from './utf8.js'

// The columns that hold a text or a word, in the order in which the other side reads them.
const texts = columns.slice(0, columns.indexOf('content'))

// The number of the scheme that was read last: the module knows by it which one is set.
let lastNumber = 0

/**
 * A scheme as bytes for the boundary, and what this side needs of it: its name, its headers' names by role
 * (signature, timestamp, id), the same in small letters, the number of its secrets' format, and the member
 * that holds the id. Each column is read once. Types are checked here and unknown columns
 * refused; what the columns mean is for the core, which names what is wrong.
 */
export function readScheme(scheme) {
  const read = { __proto__: null }
  readColumns(scheme, '', read)
  const { content, toleranceSeconds } = read
  const encoded = []
  const put = (text) => {
    // Of a text that is too long for all of a scheme the core refuses the length.
    const bytes = text === undefined ? [] : encode(text.slice(0, MAX_SCHEME_BYTES))
    putLength(text === undefined ? ABSENT : bytes.length)
    encoded.push(...bytes)
  }
  const putLength = (length) => encoded.push(length & 0xff, length >> 8)

  const secretFormat = words.secret.indexOf(read.secret)
  // The last two are words.
  for (const column of texts.slice(0, -2)) put(read[column])
  encoded.push(words.encoding.indexOf(read.encoding), secretFormat)
  if (!Array.isArray(content)) throw wrong('content', 'an array', content)
  putLength(content.length)
  items(content).forEach((part, index) => {
    const isWord = typeof part === 'string'
    encoded.push(isWord ? words.content.indexOf(part) : words.content.length)
    if (!isWord) put(readLiteral(part, index))
  })
  if (toleranceSeconds === undefined) put()
  else if (typeof toleranceSeconds !== 'number') throw wrong('toleranceSeconds', 'a number', toleranceSeconds)
  else encoded.push(8, 0, ...new Uint8Array(Float64Array.of(toleranceSeconds).buffer))

  const headers = ['signature', 'timestamp', 'id'].map((role) => read[`${role}.header`])
  const wanted = headers.map((name) => name?.toLowerCase())
  const member = read['id.payload']
  const number = ++lastNumber
  // A Webhook fills in what is signed.
  const signs = { signed: undefined, signsTimestamp: undefined }
  return { number, encoded: Uint8Array.from(encoded), name: read.name, headers, wanted, secretFormat, member, ...signs }
}

// Reads the columns of an object under their full names. One that holds others crosses as an empty text.
function readColumns(object, path, read) {
  for (const name of Object.keys(object)) {
    const column = path + name
    const holdsColumns = texts.some((each) => each.startsWith(`${column}.`))
    const isText = texts.includes(column)
    if (!holdsColumns && !columns.includes(column)) {
      throw webhookError('invalid_option', `scheme.${column} is no column of a scheme`)
    }
    const value = object[name]
    if (value === undefined) continue
    if (holdsColumns && typeof value === 'object' && value !== null) {
      readColumns(value, `${column}.`, read)
      read[column] = ''
    } else if (isText && readText(value) === undefined) throw wrong(column, 'a string of well-formed Unicode', value)
    else if (holdsColumns && !isText) throw wrong(column, 'an object', value)
    else read[column] = value
  }
}

function readLiteral(part, index) {
  const isLiteral = typeof part === 'object' && part !== null && Object.keys(part).join() === 'literal'
  const literal = isLiteral ? readText(part.literal) : undefined
  if (literal !== undefined) return literal
  throw wrong(`content[${index}]`, "'payload', 'timestamp', 'id' or { literal }", part)
}

function wrong(column, expected, got) {
  return wrongType(`scheme.${column}`, expected, got)
}
