// How this kind of runtime gets the module: one of load/, chosen when the entry is bundled.
import { compile } from '#load'
import { clock, kind, readBoolean, readOptions, readPayload, readSeconds } from './argument.js'
import { typeError, webhookError } from './error.js'
import * as glue from './gen/tables/explain-glue.js'
import { pairs } from './headers.js'
import { inside } from './inside.js'
import { items, property } from './property.js'
import { encode, isWellFormed } from './utf8.js'

export function explain(hooks, payload, headers, options) {
  const { now = clock(), revealExpected = false, revealSigned = false } = readOptions(options, ['now', 'revealExpected', 'revealSigned'])
  readSeconds('now', now)
  readBoolean('revealExpected', revealExpected)
  readBoolean('revealSigned', revealSigned)
  const list = Array.isArray(hooks) ? items(hooks) : [hooks]
  if (list.length === 0) throw typeError('hooks must be a Webhook or an array of 1 or more, got an empty array')
  const read = [list.map(readHook), bytesOf(readPayload(payload)), pairs(headers).flatMap(readHeader)]
  return ask('invalid_option', () => glue.explain(...read, now, revealExpected, revealSigned))
}

export function parseCapture(text) {
  const capture = bytesOf(readPayload(text))
  return ask('invalid_payload', () => glue.parseCapture(capture))
}

let ready = false

// Talks to the core. What it throws is a text: the error's.
function ask(code, question) {
  if (!ready) start()
  try {
    return question()
  } catch (error) {
    throw typeof error === 'string' ? webhookError(code, error) : error
  }
}

// The glue is handed its instance, as bundlers do it.
function start() {
  const { exports } = new WebAssembly.Instance(compile(), { glue })
  glue.__wbg_set_wasm(exports)
  exports.__wbindgen_start()
  ready = true
}

function readHook(hook, index) {
  const open = property(hook, inside)
  if (typeof open !== 'function') throw typeError(`hooks[${index}] must be a Webhook, got ${kind(hook)}`)
  const { flat, secrets, toleranceSeconds } = open.call(hook)
  // Of a scheme that signs no time it is NaN.
  return [new Uint8Array(Float64Array.of(toleranceSeconds).buffer), flat, ...secrets.map(bytesOf)]
}

// No bytes of a text: check() takes half a surrogate pair in a header for no text either.
const NO_TEXT = Uint8Array.of(0xff)

// A header that came several times is as many pairs, and one that is not there none.
function readHeader([name, value]) {
  if (typeof name !== 'string') throw typeError(`a header's name must be a string, got ${kind(name)}`)
  const values = Array.isArray(value) ? items(value) : [value]
  return values
    .filter((each) => each !== undefined)
    .map((each) => {
      if (typeof each === 'string') return [encode(name), isWellFormed(each) ? encode(each) : NO_TEXT]
      throw typeError(`the value of a header must be a string, got ${kind(each)} for ${name}`)
    })
}

function bytesOf(value) {
  return typeof value === 'string' ? encode(value) : value
}
