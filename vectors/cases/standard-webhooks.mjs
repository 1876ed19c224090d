import { acceptedById, refused, row } from '../expected.mjs'
import { base64 } from '../oracle.mjs'
import { NOW, SECRETS, send, signatureOf, withHeader, withoutHeader, withSignature } from '../senders.mjs'
import rules from './rules.mjs'

const LIBRARIES =
  'standard-webhooks/standard-webhooks, the sign test of the libraries; the same in svix/svix-webhooks (read 2026-11-22)'
const PYTHON = 'standard-webhooks/standard-webhooks, libraries/python/tests/test_webhooks.py (read 2026-11-22)'
const CSHARP = 'svix/svix-webhooks, csharp/Svix.Tests/WebhookTest.cs (read 2026-11-22)'
const OPENAI = 'openai/openai-node, tests/lib/webhooks.test.ts (read 2026-11-22)'
const OWN = 'made with node:crypto by the recipe of the Standard Webhooks specification (read 2026-11-22)'

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const ID = 'msg_p5jXN8AQM9LWM0D4loKWxJek'
const TIME = 1614265330
const PAYLOAD = '{"test": 2432232314}'
const TAG = 'g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
const OTHER = 'Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc='

function published(signature, { secret = SECRET, payload = PAYLOAD } = {}) {
  return {
    provider: 'standard-webhooks',
    secret,
    headers: [
      ['webhook-id', ID],
      ['webhook-timestamp', String(TIME)],
      ['webhook-signature', signature],
    ],
    payload,
    now: TIME,
  }
}

const accepted = acceptedById('standard-webhooks', ID, { timestamp: TIME })

const OWN_PAYLOAD = '{"type":"contact.created","id":"not-the-id","data":{"name":"Jürgen 🧑‍🚀"}}'
const honest = send('standard-webhooks', OWN_PAYLOAD, { id: 'msg_own' })
const ownAccepted = acceptedById('standard-webhooks', 'msg_own', { timestamp: NOW })

export default {
  about:
    'Standard Webhooks: a space-separated list of v1,<base64> over id, timestamp and payload joined by dots; the key is the base64 behind whsec_.',
  source: `${LIBRARIES}; ${PYTHON}; ${CSHARP}; ${OPENAI}; own rows ${OWN}`,
  cases: [
    row('Published: the sign test', LIBRARIES, published(`v1,${TAG}`), accepted),
    row('Published: the secret without whsec_', PYTHON, published(`v1,${TAG}`, { secret: SECRET.slice(6) }), accepted),
    row(
      'Published: a list with other tags and other versions',
      `${LIBRARIES}, the sign test's tag put into the multi-signature test`,
      published(`v1,${OTHER} v2,${OTHER} v1,${TAG} v1,${OTHER}`),
      accepted,
    ),
    row(
      'Published: a payload of one mebibyte',
      CSHARP,
      published('v1,txpEUxqWZJ5nteTnymUVa+7C4NHpBeXJ6CsBAW0c3/A=', { payload: { repeat: 'a', times: 1048576 } }),
      accepted,
    ),
    row(
      'The sign test with its tag under v2 alone',
      `${LIBRARIES}, rearranged. ${rules.schemeDecides}`,
      published(`v2,${TAG}`),
      refused('malformed_signature'),
    ),
    row(
      "Published: the tag's last byte changed",
      `${PYTHON}, the invalid signature test`,
      published('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OA='),
      refused('signature_mismatch'),
    ),
    row(
      'Published: an empty tag',
      `${LIBRARIES}, the partial signature test`,
      published('v1,'),
      refused('malformed_signature'),
    ),
    row(
      'Published: a truncated tag',
      `${LIBRARIES}, the partial signature test`,
      published('v1,g0hM9'),
      refused('malformed_signature'),
    ),
    row(
      'Published: an event of OpenAI, which sends Standard Webhooks',
      OPENAI,
      {
        provider: 'standard-webhooks',
        secret: 'whsec_RdvaYFYUXuIFuEbvZHwMfYFhUf7aMYjYcmM24+Aj40c=',
        headers: [
          ['webhook-id', 'wh_685c059ae39c8190af8c71ed1022a24d'],
          ['webhook-timestamp', '1750861210'],
          ['webhook-signature', 'v1,gUAg4R2hWouRZqRQG4uJypNS8YK885G838+EHb4nKBY='],
        ],
        payload:
          '{"id": "evt_685c059ae3a481909bdc86819b066fb6", "object": "event", "created_at": 1750861210, "type": "response.completed", "data": {"id": "resp_123"}}',
        now: 1750861210,
      },
      acceptedById('standard-webhooks', 'wh_685c059ae39c8190af8c71ed1022a24d', { timestamp: 1750861210 }),
    ),
    row(
      "The sign test under Svix's header names",
      `${LIBRARIES}, headers renamed. ${rules.missing}`,
      {
        ...published(`v1,${TAG}`),
        headers: [
          ['svix-id', ID],
          ['svix-timestamp', String(TIME)],
          ['svix-signature', `v1,${TAG}`],
        ],
      },
      refused('missing_header'),
    ),
    row(
      'The sign test with its asymmetric sibling in front',
      `${LIBRARIES}, v1a added. ${rules.listSkip}`,
      published(`v1a,${OTHER} v1,${TAG}`),
      accepted,
    ),
    row('An own event with letters beyond ASCII', OWN, honest, ownAccepted),
    row(
      'The signed id changed',
      rules.otherMac,
      withHeader(honest, 'webhook-id', 'msg_oth'),
      refused('signature_mismatch'),
    ),
    row(
      'The signed timestamp changed',
      rules.timeText,
      withHeader(honest, 'webhook-timestamp', String(NOW - 1)),
      refused('signature_mismatch'),
    ),
    row('No id header', rules.missing, withoutHeader(honest, 'webhook-id'), refused('missing_header')),
    row('No timestamp header', rules.missing, withoutHeader(honest, 'webhook-timestamp'), refused('missing_header')),
    row('No signature header', rules.missing, withoutHeader(honest, 'webhook-signature'), refused('missing_header')),
    row(
      'A retry stamped anew under the same id has the key of the first attempt',
      rules.key,
      { ...send('standard-webhooks', OWN_PAYLOAD, { id: 'msg_own', timestamp: NOW + 7200 }), now: NOW + 7200 },
      { ...ownAccepted, timestamp: NOW + 7200 },
    ),
    row(
      "The tag made with the secret's text and not its bytes",
      rules.whsec,
      withSignature(honest, `v1,${base64(SECRETS['standard-webhooks'], `msg_own.${NOW}.`, OWN_PAYLOAD)}`),
      refused('signature_mismatch'),
    ),
    row(
      'A comma between the entries in place of a space',
      rules.listSkip,
      withSignature(honest, `${signatureOf('standard-webhooks', OWN_PAYLOAD, { id: 'msg_own' })},v1,${OTHER}`),
      refused('malformed_signature'),
    ),
    row(
      'Rotation: the old secret signed and stands second',
      rules.rotation,
      { ...honest, secret: ['whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD', SECRETS['standard-webhooks']] },
      { ...ownAccepted, secretIndex: 1 },
    ),
  ],
}
