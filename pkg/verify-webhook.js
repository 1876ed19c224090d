import {
  clock,
  eachOption,
  readKeyCount,
  readOptions,
  readPayload,
  readSeconds,
  readSecrets,
  readString,
  readUnchecked,
  unknownOption,
} from './argument.js'
import { signForm, verifyForm } from './core/core.js'
import { wipeKeys } from './core/instance.js'
import { keyCache } from './core/key-cache.js'
import { isMachineFailure, webhookError } from './error.js'
import { formNamed, formNames } from './form.js'

export function verifyWebhook(payload, signature, secret, options) {
  let form, secrets, body, now, toleranceSeconds
  try {
    let name, given
    eachOption(options, (option, value) => {
      if (option === 'form') name = value
      else if (option === 'now') given = readSeconds(option, value)
      else if (option === 'toleranceSeconds') toleranceSeconds = readSeconds(option, value)
      else throw unknownOption(option, ['form', 'toleranceSeconds', 'now'])
    })
    form = formNamed(name)
    if (!form || typeof signature !== 'string') return false
    // The clock is asked only where a time may be signed, which stands behind a sign like this.
    now = given ?? (form.signsTimestamp && signature.includes('=') ? clock() : 0)
    secrets = typeof secret === 'string' ? [secret] : readSecrets(secret)
    body = readUnchecked(payload)
  } catch (error) {
    if (isMachineFailure(error)) throw error
    return false
  }
  return verifyForm(form, secrets, signature, body, now, toleranceSeconds)
}

export function signWebhook(payload, secret, options) {
  const { form: name = formNames[0], timestamp = clock() } = readOptions(options, ['form', 'timestamp'])
  const form = formNamed(readString('form', name))
  if (!form) throw webhookError('invalid_option', `form must be one of ${formNames.join(', ')}`)
  readSeconds('timestamp', timestamp)
  const secrets = readSecrets(secret)
  const body = readPayload(payload)
  return signForm(form, secrets, body, timestamp)
}

export function clearKeys(options) {
  const { maxKeys } = readOptions(options, ['maxKeys'])
  if (maxKeys !== undefined) readKeyCount('maxKeys', maxKeys)
  keyCache.clear(maxKeys)
  wipeKeys()
}
