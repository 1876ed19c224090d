import { acceptedByDigest, acceptedById, refused, row } from '../expected.mjs'
import { SECRETS, send, signatureOf, withHeader, withoutHeader, withSignature } from '../senders.mjs'
import { raw } from '../oracle.mjs'
import payloads from './payloads.mjs'
import rules from './rules.mjs'

const SAMPLE = "made by running the Immutis page's own sample, nothing filled in (page read 2026-11-22)"
const NEW_SECRET = 'imt_live_after_rotation_93ab'

const EXAMPLE = `{
  "id": "evt_abc123",
  "type": "evidence.captured",
  "created_at": "2026-04-23T10:30:00Z",
  "data": {
    "id": "ev_xyz789",
    "hash": "sha256:abc123...",
    "type": "photo",
    "company_id": "IMUTIS",
    "agent_id": "agt_123"
  }
}`

const EVENTS = [
  [
    'evidence.verified',
    '{"id":"evt_ver001","type":"evidence.verified","created_at":"2026-04-23T10:31:00Z","data":{"id":"ev_xyz789","verified":true}}',
    'evt_ver001',
  ],
  [
    'evidence.certified',
    '{"id":"evt_cer001","type":"evidence.certified","created_at":"2026-04-23T10:32:00Z","data":{"id":"ev_xyz789","certificate_id":"crt_5521"}}',
    'evt_cer001',
  ],
  [
    'certificate.downloaded',
    '{"id":"evt_dow001","type":"certificate.downloaded","created_at":"2026-04-23T10:33:00Z","data":{"certificate_id":"crt_5521","by":"Łucja Nowak"}}',
    'evt_dow001',
  ],
  [
    'agent.registered',
    '{"id":"evt_reg001","type":"agent.registered","created_at":"2026-04-23T10:34:00Z","data":{"agent_id":"agt_124"}}',
    'evt_reg001',
  ],
  [
    'agent.unregistered',
    '{"id":"evt_unr001","type":"agent.unregistered","created_at":"2026-04-23T10:35:00Z","data":{"agent_id":"agt_124"}}',
    'evt_unr001',
  ],
]

const honest = send('immutis', EXAMPLE)
const accepted = acceptedById('immutis', 'evt_abc123')

export default {
  about: 'Immutis: a bare hex tag over the payload, an id inside the payload, no timestamp.',
  source: SAMPLE,
  cases: [
    row("The page's example event evidence.captured", SAMPLE, honest, accepted),
    ...EVENTS.map(([event, payload, id]) =>
      row(`The event ${event}`, SAMPLE, send('immutis', payload), acceptedById('immutis', id)),
    ),
    ...payloads.map(({ what, payload, id }) =>
      row(
        `A payload with ${what}`,
        `${SAMPLE}. ${rules.exactBytes}`,
        send('immutis', payload),
        id === null ? acceptedByDigest('immutis', payload) : acceptedById('immutis', id),
      ),
    ),
    row(
      'A payload of one mebibyte',
      SAMPLE,
      send('immutis', { repeat: 'a', times: 1048576 }),
      acceptedByDigest('immutis', { repeat: 'a', times: 1048576 }),
    ),
    row(
      'The tag in upper case',
      rules.hexStrict,
      withSignature(honest, signatureOf('immutis', EXAMPLE).toUpperCase()),
      accepted,
    ),
    row(
      'One letter of the payload changed',
      rules.otherMac,
      { ...honest, payload: EXAMPLE.replace('photo', 'phota') },
      refused('signature_mismatch'),
    ),
    row(
      'A line end added to the payload',
      rules.exactBytes,
      { ...honest, payload: EXAMPLE + '\n' },
      refused('signature_mismatch'),
    ),
    row(
      'The payload parsed and written again',
      rules.exactBytes,
      { ...honest, payload: JSON.stringify(JSON.parse(EXAMPLE)) },
      refused('signature_mismatch'),
    ),
    row(
      'The payload cut by its last byte',
      rules.exactBytes,
      { ...honest, payload: EXAMPLE.slice(0, -1) },
      refused('signature_mismatch'),
    ),
    row(
      'A byte order mark put in front of an honest payload',
      rules.exactBytes,
      { ...honest, payload: '\ufeff' + EXAMPLE },
      refused('signature_mismatch'),
    ),
    row(
      'Bytes that are no UTF-8 replaced by U+FFFD on the way',
      rules.exactBytes,
      { ...send('immutis', raw([0x7b, 0xff, 0x7d])), payload: '{\ufffd}' },
      refused('signature_mismatch'),
    ),
    row(
      'Composed letters where decomposed ones were signed',
      rules.exactBytes,
      { ...send('immutis', '{"name":"Zoe\u0308"}'), payload: '{"name":"Zo\u00eb"}' },
      refused('signature_mismatch'),
    ),
    row(
      'LF where CRLF was signed',
      rules.exactBytes,
      { ...send('immutis', '{}\r\n'), payload: '{}\n' },
      refused('signature_mismatch'),
    ),
    row('A wrong secret', rules.otherMac, { ...honest, secret: NEW_SECRET }, refused('signature_mismatch')),
    row(
      'The secret in other letter case',
      rules.secretExact,
      { ...honest, secret: SECRETS.immutis.toUpperCase() },
      refused('signature_mismatch'),
    ),
    row('No signature header', rules.missing, withoutHeader(honest, 'X-Immutis-Signature'), refused('missing_header')),
    row(
      'An empty signature header',
      rules.missing,
      withHeader(honest, 'X-Immutis-Signature', ''),
      refused('missing_header'),
    ),
    row(
      'Rotation: the old secret signed and stands second',
      rules.rotation,
      { ...honest, secret: [NEW_SECRET, SECRETS.immutis] },
      acceptedById('immutis', 'evt_abc123', { secretIndex: 1 }),
    ),
    row(
      'Rotation: the new secret signed and stands first',
      rules.rotation,
      { ...send('immutis', EXAMPLE, { secret: NEW_SECRET }), secret: [NEW_SECRET, SECRETS.immutis] },
      accepted,
    ),
    row(
      'Rotation: neither secret signed',
      rules.rotation,
      { ...honest, secret: [NEW_SECRET, 'imt_live_older'] },
      refused('signature_mismatch'),
    ),
    row(
      "Another provider's header carries the tag",
      rules.missing,
      { ...honest, headers: [['X-Imtegrate-Signature', signatureOf('immutis', EXAMPLE)]] },
      refused('missing_header'),
    ),
  ],
}
