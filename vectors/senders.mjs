// How each provider sends a delivery. For the five whose pages the project started from, the function of the page itself
// must accept what is sent here; where a page is cut off, the comment says what was filled in.

import crypto from 'node:crypto'
import { base64, bytes, hex, standardKey } from './oracle.mjs'

export const NOW = 1700000000

export const SECRETS = {
  immutis: 'imt_live_4c1f0b7e9d2a',
  immune: 'immune-hook-8f26c4d19b',
  humiris: 'whsec_k9m2x4q7w1e8r5t3',
  kyc: 'kyc-tenant-51d2e8a7c3b9',
  imtegrate: 'img-hook-c90e4b7f1a63',
  stripe: 'whsec_5tR1p3eXaMp1eS3cr3t',
  github: "It's a Secret to Everybody",
  slack: '8f742231b10e8888abcd99yyyzzz85a5',
  shopify: 'shpss_2b9f6d0c41e7',
  'standard-webhooks': 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
}

// The Immutis page, as it stands. It compares with ===, which serves as an oracle and nowhere else.
function immutisPage(payload, signature, secret) {
  const expected = crypto.createHmac('sha256', secret).update(payload).digest('hex')

  return signature === expected
}

// The IMMUNE page is cut off after createHmac and inside timingSafeEqual: update, digest('hex') and the two buffers were filled in.
function immunePage(payload, signature, secret) {
  const expectedSignature = crypto.createHmac('sha256', secret).update(payload).digest('hex')
  return crypto.timingSafeEqual(Buffer.from(signature), Buffer.from(expectedSignature))
}

// The Humiris page, as it stands.
function humirisPage(payload, signature, secret) {
  const [tPart, vPart] = signature.split(',')
  const timestamp = tPart.replace('t=', '')
  const expectedSig = vPart.replace('v1=', '')

  const computed = crypto
    .createHmac('sha256', secret)
    .update(timestamp + '.' + payload)
    .digest('hex')

  return crypto.timingSafeEqual(Buffer.from(computed), Buffer.from(expectedSig))
}

// The KYC page gives the header's form and "HMAC-SHA256" and no code: the content, hex, and the whole function were filled in.
function kycPage(payload, signature, secret) {
  const computed = 'sha256=' + crypto.createHmac('sha256', secret).update(payload).digest('hex')
  return crypto.timingSafeEqual(Buffer.from(computed), Buffer.from(signature))
}

// The Imtegrate page, as it stands.
function imtegratePage(rawBody, signature, secret) {
  const mac = crypto.createHmac('sha256', secret).update(rawBody).digest('hex')
  return crypto.timingSafeEqual(Buffer.from(mac), Buffer.from(signature))
}

const PAGES = { immutis: immutisPage, immune: immunePage, humiris: humirisPage, kyc: kycPage, imtegrate: imtegratePage }

const SIGNATURES = {
  immutis: ['X-Immutis-Signature', (payload, secret) => hex(secret, payload)],
  immune: ['X-Immune-Signature', (payload, secret) => hex(secret, payload)],
  humiris: [
    'X-Humiris-Signature',
    (payload, secret, timestamp) => `t=${timestamp},v1=${hex(secret, `${timestamp}.`, payload)}`,
  ],
  kyc: ['X-Webhook-Signature', (payload, secret) => `sha256=${hex(secret, payload)}`],
  imtegrate: ['X-Imtegrate-Signature', (payload, secret) => hex(secret, payload)],
  stripe: [
    'Stripe-Signature',
    (payload, secret, timestamp) => `t=${timestamp},v1=${hex(secret, `${timestamp}.`, payload)}`,
  ],
  github: ['X-Hub-Signature-256', (payload, secret) => `sha256=${hex(secret, payload)}`],
  slack: ['X-Slack-Signature', (payload, secret, timestamp) => `v0=${hex(secret, `v0:${timestamp}:`, payload)}`],
  shopify: ['X-Shopify-HMAC-SHA256', (payload, secret) => base64(secret, payload)],
  'standard-webhooks': [
    'webhook-signature',
    (payload, secret, timestamp, id) => `v1,${base64(standardKey(secret), `${id}.${timestamp}.`, payload)}`,
  ],
}

const TIMESTAMPS = {
  kyc: 'X-Webhook-Timestamp',
  slack: 'X-Slack-Request-Timestamp',
  'standard-webhooks': 'webhook-timestamp',
}

const IDS = {
  kyc: 'X-Webhook-ID',
  imtegrate: 'X-Imtegrate-Delivery-Id',
  github: 'X-GitHub-Delivery',
  shopify: 'X-Shopify-Webhook-Id',
  'standard-webhooks': 'webhook-id',
}

export function signatureOf(provider, payload, { secret = SECRETS[provider], timestamp = NOW, id } = {}) {
  const [, write] = SIGNATURES[provider]
  const signature = write(payload, secret, String(timestamp), id)
  const page = PAGES[provider]
  // The Humiris page joins its payload to a text, so bytes that are no text cannot be put to it.
  const readable = provider !== 'humiris' || bytes(payload).equals(Buffer.from(bytes(payload).toString('utf8')))
  const asPageTakesIt = provider === 'humiris' ? bytes(payload).toString('utf8') : bytes(payload)
  if (page && readable && !page(asPageTakesIt, signature, bytes(secret)))
    throw new Error(`the ${provider} page refuses its own signature`)
  return signature
}

// An honest delivery: the row's fields without name, source and expectation. An id or a KYC timestamp is sent where one is given.
export function send(provider, payload, options = {}) {
  const { secret = SECRETS[provider], timestamp = NOW, id } = options
  const headers = [[SIGNATURES[provider][0], signatureOf(provider, payload, options)]]
  const timed = provider !== 'kyc' || options.timestamp !== undefined
  if (TIMESTAMPS[provider] && timed) headers.push([TIMESTAMPS[provider], String(timestamp)])
  if (IDS[provider] && id !== undefined) headers.push([IDS[provider], id])
  return { provider, secret, headers, payload, now: NOW }
}

export function withHeader(delivery, name, value) {
  if (!delivery.headers.some((pair) => pair[0] === name)) throw new Error(`there is no header ${name} to change`)
  return { ...delivery, headers: delivery.headers.map((pair) => (pair[0] === name ? [name, value] : pair)) }
}

export function withoutHeader(delivery, name) {
  if (!delivery.headers.some((pair) => pair[0] === name)) throw new Error(`there is no header ${name} to leave out`)
  return { ...delivery, headers: delivery.headers.filter((pair) => pair[0] !== name) }
}

export function withMore(delivery, ...pairs) {
  return { ...delivery, headers: [...delivery.headers, ...pairs] }
}

export function withSignature(delivery, value) {
  return withHeader(delivery, SIGNATURES[delivery.provider][0], value)
}
