// What the payload may have been before a fault: for each cause, the payloads worth trying. Which of them it
// was is for the package to say.
import { decode, encode, fromBase64, fromHex, toBase64 } from './bytes.js'

const texts = (change) => ({ payload }) => {
  const text = decode(payload)
  return text === null ? [] : change(text).filter((each) => each !== null).map((each) => (typeof each === 'string' ? encode(each) : each))
}

/** By cause: from a delivery and the explanation's difference to payloads. */
export const payloadMends = {
  json_reserialised: texts(spellings),
  newline_added: texts((text) => [text.replace(/\r?\n$/, ''), text.replace(/\n$/, ''), text.replace(/[\r\n]+$/, '')]),
  newline_lost: texts((text) => [`${text}\n`, `${text}\r\n`]),
  white_space: texts((text) => [text.trim(), text.trimEnd(), text.trimStart(), `${text} `, ` ${text}`, `\n${text}`, `${text}\n\n`]),
  line_endings: texts((text) => [text.replace(/\r\n?/g, '\n'), text.replace(/\r?\n/g, '\r\n'), text.replace(/\r?\n/g, '\r')]),
  byte_order_mark: texts((text) => [text.replace(/^\ufeff/, ''), `\ufeff${text}`]),
  base64_payload: (delivery) => [...texts((text) => [fromBase64(text), fromHex(text)])(delivery), encode(toBase64(delivery.payload))],
  url_encoded_payload: texts((text) => [unescaped(text), unescaped(text.replaceAll('+', ' ')), encodeURIComponent(text)]),
  form_payload: texts((text) => [...new URLSearchParams(text).values(), ...new URLSearchParams(text).keys()]),
  json_string_payload: texts((text) => [unquoted(text), JSON.stringify(text)]),
  wrong_charset: texts((text) => [narrowed(text, 'latin1'), narrowed(text, 'windows-1252')]),
  bytes_as_text: texts(printedBytes),
  bytes_after_payload: ({ payload }, difference) => (difference ? [payload.subarray(0, difference.signedBytes)] : []),
}

function unescaped(text) {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

function unquoted(text) {
  try {
    const value = JSON.parse(text)
    return typeof value === 'string' ? value : null
  } catch {
    return null
  }
}

// Each character as the one byte that the character set reads as it.
function narrowed(text, charset) {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte)
  const read = charset === 'latin1' ? String.fromCharCode(...bytes) : new TextDecoder(charset).decode(bytes)
  const found = Array.from(text, (character) => read.indexOf(character))
  return found.includes(-1) ? null : Uint8Array.from(found)
}

// As Node prints a buffer, or joins an array: {"type":"Buffer","data":[123]}, 123,125, <Buffer 7b 7d>.
function printedBytes(text) {
  const numbers = /^[^[]*\[([\d,\s]*)\]\s*\}?$/.exec(text)?.[1] ?? (/^[\d,\s]+$/.test(text) ? text : null)
  const hex = /^<Buffer ([0-9a-f ]+)>$/.exec(text)?.[1] ?? text
  return [numbers && Uint8Array.from(numbers.split(',').map(Number)), fromHex(hex)]
}

// JSON in the layouts and escapes that libraries write. Tokens stay as they are: keys in order, numbers as spelt.
function spellings(text) {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? []
  const escaped = ESCAPES.map((escape) => tokens.map((token) => (token[0] === '"' ? escape(token) : token)))
  return escaped.flatMap((each) => LAYOUTS.map((layout) => laidOut(each, layout)))
}

const unicode = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

const ESCAPES = [
  (string) => string,
  respelt,
  (string) => respelt(string).replace(/[\u007f-\uffff]/g, unicode),
  (string) => respelt(string).replace(/[<>&\u2028\u2029]/g, unicode),
  (string) => respelt(string).replaceAll('/', '\\/'),
  (string) => respelt(string).replaceAll('/', '\\/').replace(/[\u007f-\uffff]/g, unicode),
  (string) => respelt(string).replace(/["<>&'\u007f-\uffff]/g, (each, at, all) => (at === 0 || at === all.length - 1 ? each : unicode(each))),
]

function respelt(string) {
  try {
    return JSON.stringify(JSON.parse(string))
  } catch {
    return string
  }
}

const LAYOUTS = [
  { colon: ':', comma: ',' },
  { colon: ': ', comma: ', ' },
  ...['  ', '    ', '\t', ' ', '   '].flatMap((indent) => [
    { colon: ': ', comma: ',', indent },
    { colon: ':', comma: ',', indent },
    { colon: ' : ', comma: ',', indent },
  ]),
]

function laidOut(tokens, { colon, comma, indent }) {
  let depth = 0
  const line = () => (indent === undefined ? '' : `\n${indent.repeat(depth)}`)
  const written = tokens.map((token, at) => {
    const isEmpty = /^[{[]$/.test(tokens[at - 1] ?? '') && /^[}\]]$/.test(token)
    if (token === ':') return colon
    if (token === ',') return comma + line()
    if (/^[}\]]$/.test(token)) return ((depth -= 1), isEmpty ? token : line() + token)
    if (!/^[{[]$/.test(token)) return token
    depth += 1
    return /^[}\]]$/.test(tokens[at + 1] ?? '') ? token : token + line()
  })
  return written.join('')
}
