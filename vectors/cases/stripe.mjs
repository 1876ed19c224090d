import { acceptedByDigest, acceptedById, refused, row } from '../expected.mjs'
import { hex } from '../oracle.mjs'
import { NOW, SECRETS, send, withoutHeader, withSignature } from '../senders.mjs'
import rules from './rules.mjs'

const DOTNET =
  'stripe/stripe-dotnet, src/StripeTests/Services/Events/EventUtilityTest.cs and Resources/event_test_signature.json (read 2026-11-22)'
const OWN = "made with node:crypto by the recipe of Stripe's own SDKs (read 2026-11-22)"

const FIXTURE =
  '{\n  "id": "evt_123",\n  "object": "event",\n  "account": "acct_123",\n  "api_version": "2017-05-25",\n  "created": 1533204620,\n  "data": {\n    "object": {\n      "id": "cus_123",\n      "object": "customer",\n      "created": 123456789,\n      "email": "test@stripe.com",\n      "livemode": false,\n      "metadata": {}\n    }\n  },\n  "livemode": false,\n  "pending_webhooks": 1,\n  "request": {\n    "id": "req_123",\n    "idempotency_key": "idempotency-key-123"\n  },\n  "type": "customer.created"\n}\n'
const FIXTURE_TAG = '2220f87ef101a04665f11cdf770523143f875572008577fa0f20882ddb9cc3c7'
const FIXTURE_V0 = '63f3a72374a733066c4be69ed7f8e5ac85c22c9f0a6a612ab9a025a9e4ee7eef'
const FIXTURE_TIME = 1533204620

function published(signature, { payload = FIXTURE, now = 1533204720 } = {}) {
  return { provider: 'stripe', secret: 'webhook_secret', headers: [['Stripe-Signature', signature]], payload, now }
}

const FIXTURE_HEADER = `t=${FIXTURE_TIME},v1=${FIXTURE_TAG},v0=${FIXTURE_V0}`

const PAYLOAD =
  '{"id":"evt_own1","object":"event","type":"invoice.paid","data":{"object":{"id":"in_1","customer_name":"Søren 🧾"}}}'
const honest = send('stripe', PAYLOAD)
const accepted = acceptedById('stripe', 'evt_own1', { timestamp: NOW })
const tag = hex(SECRETS.stripe, `${NOW}.`, PAYLOAD)
const otherTag = hex('whsec_other', `${NOW}.`, PAYLOAD)

export default {
  about:
    'Stripe: a list t=<seconds>,v1=<hex> over the timestamp, a dot and the payload; an id inside the payload; the whole text of the secret is the key.',
  source: `${DOTNET}; own rows ${OWN}`,
  cases: [
    row(
      'Published: the fixture',
      DOTNET,
      published(FIXTURE_HEADER),
      acceptedById('stripe', 'evt_123', { timestamp: FIXTURE_TIME }),
    ),
    row(
      'Published: the fixture, 400 seconds later',
      DOTNET,
      published(FIXTURE_HEADER, { now: 1533205020 }),
      refused('too_old'),
    ),
    row(
      'Published: the fixture with its payload changed',
      DOTNET,
      published(FIXTURE_HEADER, { payload: FIXTURE + 'this_changes_the_json' }),
      refused('signature_mismatch'),
    ),
    row(
      'Published: a header whose t is empty',
      DOTNET,
      published(`t=,v1=${FIXTURE_TAG},v0=${FIXTURE_V0}`, { payload: '{}' }),
      refused('malformed_timestamp'),
    ),
    row(
      'Published: a header whose t has no value and whose tags are empty',
      DOTNET,
      published('t,v1=,v0=', { payload: '{}' }),
      refused('malformed_timestamp'),
    ),
    row(
      'Published: a header whose t and last tag have no value',
      DOTNET,
      published('t,v1=,v0', { payload: '{}' }),
      refused('malformed_timestamp'),
    ),
    row(
      'The fixture at the last second of its tolerance',
      `${DOTNET}. ${rules.fresh}`,
      published(FIXTURE_HEADER, { now: FIXTURE_TIME + 300 }),
      acceptedById('stripe', 'evt_123', { timestamp: FIXTURE_TIME }),
    ),
    row(
      "The fixture's v0 tag in the place of v1",
      `${DOTNET}, rearranged`,
      published(`t=${FIXTURE_TIME},v1=${FIXTURE_V0}`),
      refused('signature_mismatch'),
    ),
    row(
      'The fixture with its v0 alone',
      `${DOTNET}, rearranged. ${rules.schemeDecides}`,
      published(`t=${FIXTURE_TIME},v0=${FIXTURE_TAG}`),
      refused('malformed_signature'),
    ),
    row('An own event with letters beyond ASCII', OWN, honest, accepted),
    row(
      'The secret without its whsec_, which is part of it here',
      rules.secretExact,
      { ...honest, secret: SECRETS.stripe.slice(6) },
      refused('signature_mismatch'),
    ),
    row(
      'Rotation: two v1 tags, the second one is ours',
      rules.rotation,
      withSignature(honest, `t=${NOW},v1=${otherTag},v1=${tag}`),
      accepted,
    ),
    row(
      'Rotation: two v1 tags, the first one is ours',
      rules.rotation,
      withSignature(honest, `t=${NOW},v1=${tag},v1=${otherTag}`),
      accepted,
    ),
    row(
      'Rotation: two secrets, the second one signed',
      rules.rotation,
      { ...honest, secret: ['whsec_other', SECRETS.stripe] },
      { ...accepted, secretIndex: 1 },
    ),
    row(
      'A payload without id is known by its digest',
      rules.key,
      send('stripe', '{"object":"event"}'),
      acceptedByDigest('stripe', '{"object":"event"}', { timestamp: NOW }),
    ),
    row(
      'A retry stamped anew has the key of the first attempt',
      rules.key,
      { ...send('stripe', PAYLOAD, { timestamp: NOW + 3600 }), now: NOW + 3600 },
      { ...accepted, timestamp: NOW + 3600 },
    ),
    row(
      'The payload parsed and indented again',
      rules.exactBytes,
      { ...honest, payload: JSON.stringify(JSON.parse(PAYLOAD), null, 2) },
      refused('signature_mismatch'),
    ),
    row('No signature header', rules.missing, withoutHeader(honest, 'Stripe-Signature'), refused('missing_header')),
  ],
}
