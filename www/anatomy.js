// A delivery taken apart by its scheme's columns: what is signed, and what the signature header is made of.
// Every part has a role: payload, timestamp, id, tag, literal, or other for what the scheme does not read.
import { decode } from './bytes.js'
import { valuesOf, withValues } from './headers.js'

/** The signature header's value in parts, which put together are the value again. */
export function signatureParts(scheme, value) {
  const { form } = scheme.signature
  if (form === 'bare') return [{ role: 'tag', text: value }]
  if (form.prefix !== undefined) return prefixed(form.prefix, value)
  const entries = value.split(form.separator).map((entry) => entryParts(scheme, form, entry))
  return entries.flatMap((parts, at) => (at ? [{ role: 'literal', text: form.separator }, ...parts] : parts))
}

function prefixed(prefix, value) {
  if (!value.startsWith(prefix)) return [{ role: 'other', text: value }]
  return [{ role: 'literal', text: prefix }, { role: 'tag', text: value.slice(prefix.length) }]
}

function entryParts({ timestamp }, { assign, tag }, entry) {
  const at = entry.indexOf(assign)
  const name = entry.slice(0, at).trim()
  if (at < 0 || (name !== tag && name !== timestamp?.field)) return [{ role: 'other', text: entry }]
  const head = entry.slice(0, at + assign.length)
  return [{ role: 'literal', text: head }, { role: name === tag ? 'tag' : 'timestamp', text: entry.slice(head.length) }]
}

/** Where each fact stands in this delivery. A text is null where it is not there. */
export function dissect(scheme, delivery) {
  const values = valuesOf(delivery.headers, scheme.signature.header)
  const parts = values.map((value) => signatureParts(scheme, value))
  const inHeader = (header) => valuesOf(delivery.headers, header)[0] ?? null
  const field = parts.flat().find(({ role }) => role === 'timestamp')?.text ?? null
  const timestamp = scheme.timestamp?.header ? inHeader(scheme.timestamp.header) : field
  const id = scheme.id?.payload ? memberOf(delivery.payload, scheme.id.payload) : scheme.id && inHeader(scheme.id.header)
  const facts = { timestamp, id: id ?? null, payload: delivery.payload }
  return { ...facts, parts, tags: parts.flat().filter(({ role }) => role === 'tag'), content: contentParts(scheme, facts) }
}

function contentParts(scheme, facts) {
  return scheme.content.map((part) => {
    if (part === 'payload') return { role: 'payload', bytes: facts.payload }
    return part.literal === undefined ? { role: part, text: facts[part] } : { role: 'literal', text: part.literal }
  })
}

function memberOf(payload, member) {
  try {
    const value = JSON.parse(decode(payload))[member]
    return typeof value === 'string' ? value : null
  } catch {
    return null
  }
}

/** The unix seconds that a timestamp's text says, or null. */
export const secondsOf = (text) => (/^\d{1,12}$/.test(text ?? '') ? Number(text) : null)

export const signs = (scheme, part) => scheme.content.includes(part)

/** The delivery's headers with each part of one role rewritten, in the signature header. */
export function rewrite(scheme, { headers }, role, change) {
  const values = valuesOf(headers, scheme.signature.header).map((value) => {
    const parts = signatureParts(scheme, value)
    return parts.map((part) => (part.role === role ? change(part.text) : part.text)).join('')
  })
  return withValues(headers, scheme.signature.header, values)
}

/** What the MAC covers and what it does not, a row for each fact that the provider sends. */
export function coverage(scheme, { timestamp, id }) {
  const word = (part, text) => (signs(scheme, part) ? 'signed' : text === null ? 'not sent' : 'not signed')
  const rows = [['payload', 'signed', 'every byte of it, as it was sent']]
  const times = { signed: 'held to the tolerance', 'not signed': 'reported, never believed', 'not sent': 'a replay is stopped by deduplication alone' }
  rows.push(['timestamp', word('timestamp', timestamp), times[word('timestamp', timestamp)]])
  if (scheme.id?.payload) rows.push(['id', id === null ? 'not sent' : 'signed', `as the payload’s ${scheme.id.payload}`])
  else rows.push(['id', word('id', id), signs(scheme, 'id') ? 'what deduplication goes by' : 'deduplication goes by the payload’s digest'])
  return [...rows, ['the rest', 'not signed', 'method, address and every other header']]
}
