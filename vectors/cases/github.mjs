import { acceptedByDigest, refused, row } from '../expected.mjs'
import { NOW, SECRETS, send, signatureOf, withHeader, withMore, withoutHeader, withSignature } from '../senders.mjs'
import rules from './rules.mjs'

const DOCS = 'github/docs, content/webhooks/using-webhooks/validating-webhook-deliveries.md (read 2026-11-22)'
const OCTOKIT = 'octokit/webhooks-methods.js, test/verify.test.ts (read 2026-11-22)'
const OWN = 'made with node:crypto by the recipe of the GitHub page (read 2026-11-22)'

function published(secret, payload, signature) {
  return { provider: 'github', secret, headers: [['X-Hub-Signature-256', signature]], payload, now: NOW }
}

const HELLO = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'
const FOO = 'sha256=4864d2759938a15468b5df9ade20bf161da9b4f737ea61794142f3484236bda3'

const PAYLOAD = '{"action":"opened","id":"not-the-delivery","issue":{"title":"🐙 does not compile"}}'
const DELIVERY = '72d3162e-cc78-11e3-81ab-4c9367dc0958'
const honest = send('github', PAYLOAD, { id: DELIVERY })
const accepted = acceptedByDigest('github', PAYLOAD, { id: DELIVERY })

export default {
  about: 'GitHub: sha256=<hex> over the payload; the delivery id stands in a header that is not signed.',
  source: `${DOCS}; ${OCTOKIT}; own rows ${OWN}`,
  cases: [
    row(
      'Published: the example of the documentation',
      DOCS,
      published("It's a Secret to Everybody", 'Hello, World!', HELLO),
      acceptedByDigest('github', 'Hello, World!'),
    ),
    row(
      'The example of the documentation without its comma',
      `${DOCS}, payload changed`,
      published("It's a Secret to Everybody", 'Hello World!', HELLO),
      refused('signature_mismatch'),
    ),
    row(
      "Published: octokit's payload",
      OCTOKIT,
      published('mysecret', '{"foo":"bar"}', FOO),
      acceptedByDigest('github', '{"foo":"bar"}'),
    ),
    row(
      "Published: octokit's signature that is no signature",
      OCTOKIT,
      published('mysecret', '{"foo":"bar"}', 'foo'),
      refused('malformed_signature'),
    ),
    row('An own event with its delivery id', OWN, honest, accepted),
    row('The unsigned delivery id changed', rules.unsigned, withHeader(honest, 'X-GitHub-Delivery', 'forged'), {
      ...accepted,
      id: 'forged',
    }),
    row('No delivery id', rules.unsigned, withoutHeader(honest, 'X-GitHub-Delivery'), { ...accepted, id: null }),
    row('The unsigned delivery id sent twice', rules.unsigned, withMore(honest, ['X-GitHub-Delivery', DELIVERY]), {
      ...accepted,
      id: null,
    }),
    row(
      'An honest tag under the SHA-1 prefix',
      rules.schemeDecides,
      withSignature(honest, signatureOf('github', PAYLOAD).replace('sha256', 'sha1')),
      refused('malformed_signature'),
    ),
    row(
      'The legacy SHA-1 header alone',
      rules.schemeDecides,
      { ...honest, headers: [['X-Hub-Signature', 'sha1=' + '0'.repeat(40)]] },
      refused('missing_header'),
    ),
    row(
      'The legacy SHA-1 header beside the honest one',
      rules.unsigned,
      withMore(honest, ['X-Hub-Signature', 'sha1=' + '0'.repeat(40)]),
      accepted,
    ),
    row(
      'The form-encoded twin of the payload',
      rules.exactBytes,
      { ...honest, payload: 'payload=' + encodeURIComponent(PAYLOAD) },
      refused('signature_mismatch'),
    ),
    row(
      'Rotation: the old secret signed and stands second',
      rules.rotation,
      { ...honest, secret: ['next secret', SECRETS.github] },
      { ...accepted, secretIndex: 1 },
    ),
    row(
      'A wrong secret',
      rules.otherMac,
      { ...honest, secret: "It's a secret to everybody" },
      refused('signature_mismatch'),
    ),
  ],
}
