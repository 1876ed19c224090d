import { acceptedByDigest, refused, row } from '../expected.mjs'
import { hex } from '../oracle.mjs'
import { NOW, SECRETS, send, signatureOf, withHeader, withoutHeader, withSignature } from '../senders.mjs'
import rules from './rules.mjs'

const SDK =
  'Shopify/shopify-api-js, packages/shopify-api/lib/webhooks/__tests__/validate.test.ts and lib/__tests__/test-config.ts (read 2026-11-22)'
const OWN = "made with node:crypto by the recipe of Shopify's own SDK (read 2026-11-22)"

const PAYLOAD = '{"id":820982911946154508,"email":"jón@example.com","total_price":"409.94"}'
const WEBHOOK = 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043'
const honest = send('shopify', PAYLOAD, { id: WEBHOOK })
const accepted = acceptedByDigest('shopify', PAYLOAD, { id: WEBHOOK })

export default {
  about: 'Shopify: a bare base64 tag over the payload; the webhook id stands in a header that is not signed.',
  source: `${SDK}; own rows ${OWN}`,
  cases: [
    row(
      "Published: the SDK's test",
      SDK,
      {
        provider: 'shopify',
        secret: 'test_secret_key',
        headers: [['X-Shopify-Hmac-Sha256', 'B23tXN681gZ0qIWNRrgtzBE9XSDo5yaUu6wfmhu3a7g=']],
        payload: '{"foo": "bar"}',
        now: NOW,
      },
      acceptedByDigest('shopify', '{"foo": "bar"}'),
    ),
    row(
      "The SDK's test without the space in its payload",
      `${SDK}, payload changed. ${rules.exactBytes}`,
      {
        provider: 'shopify',
        secret: 'test_secret_key',
        headers: [['X-Shopify-Hmac-Sha256', 'B23tXN681gZ0qIWNRrgtzBE9XSDo5yaUu6wfmhu3a7g=']],
        payload: '{"foo":"bar"}',
        now: NOW,
      },
      refused('signature_mismatch'),
    ),
    row('An own order with its webhook id', OWN, honest, accepted),
    row('The unsigned webhook id changed', rules.unsigned, withHeader(honest, 'X-Shopify-Webhook-Id', 'forged'), {
      ...accepted,
      id: 'forged',
    }),
    row(
      'No webhook id, and the number in the payload is not one',
      rules.unsigned,
      withoutHeader(honest, 'X-Shopify-Webhook-Id'),
      { ...accepted, id: null },
    ),
    row(
      'The tag in hex',
      rules.base64Strict,
      withSignature(honest, hex(SECRETS.shopify, PAYLOAD)),
      refused('malformed_signature'),
    ),
    row(
      'The hex of the tag, in base64',
      rules.base64Strict,
      withSignature(honest, Buffer.from(hex(SECRETS.shopify, PAYLOAD)).toString('base64')),
      refused('malformed_signature'),
    ),
    row(
      'The tag without its padding',
      rules.base64Strict,
      withSignature(honest, signatureOf('shopify', PAYLOAD).replace(/=+$/, '')),
      refused('malformed_signature'),
    ),
    row(
      'A big number of the payload rounded by a parse',
      rules.exactBytes,
      { ...honest, payload: PAYLOAD.replace('820982911946154508', '820982911946154500') },
      refused('signature_mismatch'),
    ),
    row('A wrong secret', rules.otherMac, { ...honest, secret: 'shpss_other' }, refused('signature_mismatch')),
    row(
      'No signature header',
      rules.missing,
      withoutHeader(honest, 'X-Shopify-HMAC-SHA256'),
      refused('missing_header'),
    ),
    row(
      'Rotation: the old secret signed and stands second',
      rules.rotation,
      { ...honest, secret: ['shpss_next', SECRETS.shopify] },
      { ...accepted, secretIndex: 1 },
    ),
  ],
}
