import { clock, readOptions, readPayload, readSeconds, readSecrets, readString, readText } from './argument.js'
import { converse, ForbiddenHere } from './door.js'
import { errorOf, webhookError } from './error.js'
import { forms } from './gen/tables/forms.js'

export function verifyWebhook(payload, signature, secret, options) {
  try {
    const { form, toleranceSeconds, now = clock() } = readOptions(options, ['form', 'toleranceSeconds', 'now'])
    if (form !== undefined && !forms.includes(form)) return false
    const text = readText(signature)
    if (text === undefined) return false
    readSeconds('now', now)
    readSeconds('toleranceSeconds', toleranceSeconds)
    const secrets = readSecrets(secret)
    const bytes = readPayload(payload)
    return converse((door) => door.verifyForm(form, secrets, text, bytes, now, toleranceSeconds)) === 0
  } catch (error) {
    // Where WebAssembly is not allowed, `false` would be a lie.
    if (ForbiddenHere.made(error)) throw error
    return false
  }
}

export function signWebhook(payload, secret, options) {
  const { form = 'hex', timestamp = clock() } = readOptions(options, ['form', 'timestamp'])
  if (!forms.includes(readString('form', form))) {
    throw webhookError('invalid_option', `form must be one of ${forms.join(', ')}`)
  }
  readSeconds('timestamp', timestamp)
  const secrets = readSecrets(secret)
  const bytes = readPayload(payload)
  const answer = converse((door) => door.signed(door.signForm(form, secrets, bytes, timestamp)))
  if (answer.status) throw errorOf(answer)
  return answer.headers[0][1]
}
