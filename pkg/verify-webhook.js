import {
  checkOptions,
  clock,
  option,
  readOptions,
  readPayload,
  readSeconds,
  readSecrets,
  readString,
  readText,
} from './argument.js'
import { converse, ForbiddenHere } from './door.js'
import { errorOf, webhookError } from './error.js'
import { formNamed, formNames } from './form.js'

const verifyOptions = ['form', 'toleranceSeconds', 'now']

export function verifyWebhook(payload, signature, secret, options) {
  try {
    checkOptions(options, verifyOptions)
    const form = formNamed(option(options, 'form'))
    const text = readText(signature)
    if (!form || text === undefined) return false
    const given = readSeconds('now', option(options, 'now'))
    // The clock is asked only where a time is signed.
    const now = given ?? (form.signsTimestamp ? clock() : 0)
    const tolerance = readSeconds('toleranceSeconds', option(options, 'toleranceSeconds'))
    const secrets = readSecrets(secret)
    const body = readPayload(payload)
    return converse((door) => door.verifyForm(form, secrets, text, body, now, tolerance)) === 0
  } catch (error) {
    // Where WebAssembly is not allowed, `false` would be a lie.
    if (ForbiddenHere.made(error)) throw error
    return false
  }
}

export function signWebhook(payload, secret, options) {
  const { form: name = formNames[0], timestamp = clock() } = readOptions(options, ['form', 'timestamp'])
  const form = formNamed(readString('form', name))
  if (!form) throw webhookError('invalid_option', `form must be one of ${formNames.join(', ')}`)
  readSeconds('timestamp', timestamp)
  const secrets = readSecrets(secret)
  const body = readPayload(payload)
  const answer = converse((door) => door.signed(door.signForm(form, secrets, body, timestamp)))
  if (answer.status) throw errorOf(answer)
  return answer.headers[0][1]
}
