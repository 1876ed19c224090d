import {
  clock, eachOption, readOptions, readPayload, readSeconds, readSecrets, readString, readUnchecked, unknownOption,
} from './argument.js'
import { ask, converse, isForbidden } from './door.js'
import { webhookError } from './error.js'
import { formNamed, formNames } from './form.js'

export function verifyWebhook(payload, signature, secret, options) {
  try {
    let name, given, toleranceSeconds
    eachOption(options, (option, value) => {
      if (option === 'form') name = value
      else if (option === 'now') given = readSeconds(option, value)
      else if (option === 'toleranceSeconds') toleranceSeconds = readSeconds(option, value)
      else throw unknownOption(option, ['form', 'toleranceSeconds', 'now'])
    })
    const form = formNamed(name)
    if (!form || typeof signature !== 'string') return false
    // The clock is asked only where a time may be signed, which stands behind a sign like this.
    const now = given ?? (form.signsTimestamp && signature.includes('=') ? clock() : 0)
    const secrets = typeof secret === 'string' ? [secret] : readSecrets(secret)
    const body = readUnchecked(payload)
    return converse((door) => door.verifyForm(form, secrets, signature, body, now, toleranceSeconds)) === 0
  } catch (error) {
    // Where WebAssembly is not allowed, `false` would be a lie.
    if (ANY_RUNTIME && isForbidden(error)) throw error
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
  const [[, signature]] = ask((door) => door.signForm(form, secrets, body, timestamp) || door.signed())
  return signature
}
