// The independent oracle: node:crypto and nothing of hookproof's.

import crypto from 'node:crypto'

// A payload or secret as the JSON writes it, turned into its bytes.
export function bytes(value) {
  if (typeof value === 'string') return Buffer.from(value, 'utf8')
  if (value.base64 !== undefined) return Buffer.from(value.base64, 'base64')
  return Buffer.from(value.repeat.repeat(value.times), 'utf8')
}

// The other way: bytes that no JSON string can hold.
export function raw(buffer) {
  return { base64: Buffer.from(buffer).toString('base64') }
}

export function mac(secret, ...parts) {
  const hmac = crypto.createHmac('sha256', bytes(secret))
  for (const part of parts) hmac.update(bytes(part))
  return hmac.digest()
}

export function hex(secret, ...parts) {
  return mac(secret, ...parts).toString('hex')
}

export function base64(secret, ...parts) {
  return mac(secret, ...parts).toString('base64')
}

export function sha256(payload) {
  return crypto.createHash('sha256').update(bytes(payload)).digest('hex')
}

// The key behind a whsec_ secret of the Standard Webhooks kind.
export function standardKey(secret) {
  return { base64: secret.replace(/^whsec_/, '') }
}
