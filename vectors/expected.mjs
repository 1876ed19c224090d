// Verdicts, as a row spells them. Which one a row gets is written by hand in its case file, from the rules; nothing here decides.

import { sha256 } from './oracle.mjs'

// What each provider's MAC covers, always in this order: payload, timestamp, id.
const SIGNED = {
  immutis: ['payload', 'id'],
  immune: ['payload', 'id'],
  humiris: ['payload', 'timestamp'],
  kyc: ['payload', 'id'],
  imtegrate: ['payload'],
  stripe: ['payload', 'timestamp', 'id'],
  github: ['payload'],
  slack: ['payload', 'timestamp'],
  shopify: ['payload'],
  'standard-webhooks': ['payload', 'timestamp', 'id'],
}

// The delivery is known by an id that the MAC covers. A caller's own scheme says in `rest` what its MAC covers.
export function acceptedById(provider, id, rest = {}) {
  return {
    ok: true,
    id,
    timestamp: null,
    signed: SIGNED[provider],
    secretIndex: 0,
    key: `${provider}:id:${id}`,
    ...rest,
  }
}

// The delivery is known by its payload alone; an unsigned id may still be reported through `rest`.
export function acceptedByDigest(provider, payload, rest = {}) {
  return {
    ok: true,
    id: null,
    timestamp: null,
    signed: SIGNED[provider],
    secretIndex: 0,
    key: `${provider}:sha256:${sha256(payload)}`,
    ...rest,
  }
}

export function refused(code) {
  return { ok: false, code }
}

export function wrongColumn(field) {
  return { ok: false, code: 'invalid_option', field }
}

export function row(name, source, delivery, expected) {
  return { name, source, ...delivery, expected }
}
