// How this kind of runtime gets the module: one of load/, chosen when the entry is bundled.
import { compile } from '#load'
import { clock, kind, readBoolean, readOptions, readPayload, readSeconds, readUnchecked } from './argument.js'
import { typeError, webhookError } from './error.js'
import * as glue from './gen/tables/explain-glue.js'
import { headerLineBytes, maxCaptureBytes, maxHeadersBytes, maxPayloadBytes } from './gen/tables/limits.js'
import { pairs } from './headers.js'
import { internals } from './internals.js'
import { item, items, property } from './property.js'
import { encode, isWellFormed } from './utf8.js'

export function explain(hooks, payload, headers, options) {
  const {
    now = clock(),
    revealExpected = false,
    revealSigned = false,
  } = readOptions(options, ['now', 'revealExpected', 'revealSigned'])
  readSeconds('now', now)
  readBoolean('revealExpected', revealExpected)
  readBoolean('revealSigned', revealSigned)
  const list = Array.isArray(hooks) ? items(hooks) : [hooks]
  if (list.length === 0) throw typeError('hooks must be a Webhook or an array of 1 or more, got an empty array')
  const read = [list.map(readHook), readBytes('payload', payload, maxPayloadBytes), readHeaders(headers)]
  return ask('invalid_option', () => glue.explain(...read, now, revealExpected, revealSigned))
}

export function parseCapture(text) {
  const capture = readBytes('capture', text, maxCaptureBytes)
  return ask('invalid_payload', () => glue.parseCapture(capture))
}

let module
let ready = false

// Talks to the core, whose answer is a text where it refuses. An instance in which anything was thrown is not used
// again: it is ready for the next call only after this one has returned, as in core/instance.js.
function ask(code, question) {
  if (!ready) start()
  ready = false
  const answer = question()
  ready = true
  if (typeof answer === 'string') throw webhookError(code, answer)
  return answer
}

// The glue is handed its instance, as bundlers do it.
function start() {
  module ??= compile()
  const { exports } = new WebAssembly.Instance(module, { glue })
  glue.__wbg_set_wasm(exports)
  exports.__wbindgen_start()
}

function readHook(hook, index) {
  const open = property(hook, internals)
  if (typeof open !== 'function') throw typeError(`hooks[${index}] must be a Webhook, got ${kind(hook)}`)
  const { encodedScheme, secrets, toleranceSeconds } = open.call(hook)
  // Of a scheme that signs no time it is NaN.
  return [new Uint8Array(Float64Array.of(toleranceSeconds).buffer), encodedScheme, ...secrets.map(bytesOf)]
}

// No bytes of a text: check() takes half a surrogate pair in a header for no text either.
const NO_TEXT = Uint8Array.of(0xff)

// A header that came several times is as many pairs, and one that is not there none.
function readHeaders(headers) {
  const read = []
  let total = 0
  const count = (bytes) => {
    if (total + bytes > maxHeadersBytes) throw tooLarge('malformed_header', 'headers', maxHeadersBytes)
    return total + bytes
  }
  for (const pair of pairs(headers)) {
    const name = item(pair, 0)
    const value = item(pair, 1)
    if (typeof name !== 'string') throw typeError(`a header's name must be a string, got ${kind(name)}`)
    for (const each of Array.isArray(value) ? items(value) : [value]) {
      if (each === undefined) continue
      if (typeof each !== 'string')
        throw typeError(`the value of a header must be a string, got ${kind(each)} for ${name}`)
      // A text has at least as many bytes as units.
      count(headerLineBytes + name.length + each.length)
      const header = [encode(name), isWellFormed(each) ? encode(each) : NO_TEXT]
      total = count(headerLineBytes + header[0].length + header[1].length)
      read.push(header)
    }
  }
  return read
}

// The bytes of a payload or a capture. Its size is checked before anything is copied or encoded.
function readBytes(name, value, max) {
  const read = readUnchecked(value)
  const bytes = read.length > max ? read : bytesOf(readPayload(read))
  if (bytes.length > max) throw tooLarge('payload_too_large', name, max)
  return bytes
}

function tooLarge(code, name, max) {
  return webhookError(code, `${name} must have at most ${max} bytes, got more: pass one delivery alone`)
}

function bytesOf(value) {
  return typeof value === 'string' ? encode(value) : value
}
