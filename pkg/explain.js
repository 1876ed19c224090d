// How this kind of runtime gets the module: one of load/, chosen when the entry is bundled.
import { compile } from '#load'
import { clock, kind, readBoolean, readOptions, readPayload, readSeconds } from './argument.js'
import { typeError, webhookError } from './error.js'
import { pairs } from './headers.js'
import { inside } from './inside.js'
import { join } from './join.js'
import { Unpacked, packBytes, packList } from './packed.js'
import { decode, encode } from './utf8.js'

export function explain(hooks, payload, headers, options) {
  const { now = clock(), revealExpected = false } = readOptions(options, ['now', 'revealExpected'])
  readSeconds('now', now)
  readBoolean('revealExpected', revealExpected)
  const list = Array.isArray(hooks) ? Array.from(hooks) : [hooks]
  if (list.length === 0) throw typeError('hooks must be a Webhook or an array of 1 or more, got an empty array')
  const [read, body] = [list.map(readHook), bytesOf(readPayload(payload))]
  const question = join([...packList(read), ...packBytes(body), ...packList(pairs(headers).flatMap(readHeader))])
  return readExplanation(ask('invalid_option', question, (core) => core.explain(now, revealExpected)))
}

export function parseCapture(text) {
  const answer = ask('invalid_payload', bytesOf(readPayload(text)), (core) => core.parse_capture())
  return {
    method: answer.text(),
    url: answer.text(),
    headers: answer.list(() => [answer.text(), answer.text()]),
    payload: answer.bytes(),
  }
}

let idle

// Asks the core. Where it says no, the answer is a text: the error's. After anything was thrown the instance is
// given up: a trap leaves it unusable.
function ask(code, question, put) {
  const instance = idle ?? new WebAssembly.Instance(compile(), {})
  idle = undefined
  const core = instance.exports
  const place = core.room(question.length)
  new Uint8Array(core.memory.buffer).set(question, place)
  const isAnswer = put(core)
  const answer = new Uint8Array(core.memory.buffer, core.answer(), core.answer_bytes())
  idle = instance
  if (!isAnswer) throw webhookError(code, decode(answer))
  return new Unpacked(answer)
}

// The fields in the order in which the core packs them.
function readExplanation(answer) {
  return {
    cause: answer.text(),
    message: answer.text(),
    fix: answer.text(),
    evidence: {
      proven: answer.flag(),
      code: answer.text(),
      provider: answer.text(),
      secretIndex: answer.number(),
      faults: answer.list(() => ({ cause: answer.text(), message: answer.text(), fix: answer.text() })),
      difference: answer.flag() ? readDifference(answer) : null,
      content: answer.text(),
      age: answer.text(),
      expected: answer.text(),
      ruledOut: answer.list(() => answer.text()),
      macsTried: answer.number(),
      complete: answer.flag(),
    },
  }
}

function readDifference(answer) {
  return {
    offsetBytes: answer.number(),
    received: answer.text(),
    signed: answer.text(),
    receivedBytes: answer.number(),
    signedBytes: answer.number(),
  }
}

function readHook(hook, index) {
  const open = typeof hook === 'object' && hook !== null ? hook[inside] : undefined
  if (typeof open !== 'function') throw typeError(`hooks[${index}] must be a Webhook, got ${kind(hook)}`)
  const { flat, secrets, toleranceSeconds } = open.call(hook)
  const tolerance = new Uint8Array(toleranceSeconds === undefined ? 0 : Float64Array.of(toleranceSeconds).buffer)
  return [packBytes(flat), packList(secrets.map((secret) => packBytes(bytesOf(secret)))), packBytes(tolerance)].flat()
}

// A header that came several times is as many pairs, and one that is not there none.
function readHeader([name, value]) {
  if (typeof name !== 'string') throw typeError(`a header's name must be a string, got ${kind(name)}`)
  const values = Array.isArray(value) ? value : [value]
  return values
    .filter((each) => each !== undefined)
    .map((each) => {
      if (typeof each === 'string') return [name, each].flatMap((text) => packBytes(encode(text)))
      throw typeError(`the value of a header must be a string, got ${kind(each)} for ${name}`)
    })
}

function bytesOf(value) {
  return typeof value === 'string' ? encode(value) : value
}
