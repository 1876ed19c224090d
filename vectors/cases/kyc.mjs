import { acceptedByDigest, acceptedById, refused, row } from '../expected.mjs'
import { NOW, SECRETS, send, signatureOf, withHeader, withMore, withoutHeader, withSignature } from '../senders.mjs'
import payloads from './payloads.mjs'
import rules from './rules.mjs'

const SAMPLE =
  'the KYC page gives the headers, sha256=... and HMAC-SHA256, and no code: the sample was filled in whole, with the payload as content and hex (page read 2026-11-22)'
const NEW_SECRET = 'kyc-tenant-after-rotation'
const CREATED = 1699999000

// The page gives the envelope's fields and one event type; the values are the project's own.
const EXAMPLE =
  '{"id":"evt_abc123","type":"kyc.session.processed","created":1699999000,"data":{"session_id":"ses_77","status":"approved","name":"Renée Ångström"}}'

const honest = send('kyc', EXAMPLE, { timestamp: CREATED, id: 'evt_abc123' })
const accepted = acceptedById('kyc', 'evt_abc123', { timestamp: CREATED })
const untimed = acceptedById('kyc', 'evt_abc123')

const MALFORMED_TIMES = [
  ['with letters behind it', '1699999000abc'],
  ['in milliseconds', '1699999000000'],
  ['with a leading zero', '01699999000'],
  ['with a sign', '-1699999000'],
  ['as a date', '2023-11-14T21:56:40Z'],
  ['that is empty', ''],
  ['of 9000 digits', '1'.repeat(9000)],
]

export default {
  about:
    'KYC: sha256=<hex> over the payload, an id inside the payload; the timestamp and id headers are not signed, so they are reported or ignored and never refuse a delivery.',
  source: SAMPLE,
  cases: [
    row('The event kyc.session.processed', SAMPLE, honest, accepted),
    ...payloads.map(({ what, payload, id }) =>
      row(
        `A payload with ${what}`,
        `${SAMPLE}. ${rules.exactBytes}`,
        send('kyc', payload),
        id === null ? acceptedByDigest('kyc', payload) : acceptedById('kyc', id),
      ),
    ),
    row(
      'The tag in upper case',
      rules.hexStrict,
      withSignature(honest, 'sha256=' + signatureOf('kyc', EXAMPLE).slice(7).toUpperCase()),
      accepted,
    ),
    row('The unsigned timestamp is years old', rules.unsigned, withHeader(honest, 'X-Webhook-Timestamp', '1'), {
      ...accepted,
      timestamp: 1,
    }),
    row(
      'The unsigned timestamp is years ahead',
      rules.unsigned,
      withHeader(honest, 'X-Webhook-Timestamp', '999999999999'),
      { ...accepted, timestamp: 999999999999 },
    ),
    row('The unsigned timestamp is zero', rules.unsigned, withHeader(honest, 'X-Webhook-Timestamp', '0'), {
      ...accepted,
      timestamp: 0,
    }),
    row(
      'The unsigned timestamp has spaces and tabs around it',
      rules.edges,
      withHeader(honest, 'X-Webhook-Timestamp', ' \t1699999000 '),
      accepted,
    ),
    ...MALFORMED_TIMES.map(([what, value]) =>
      row(
        `An unsigned timestamp ${what} is reported as null`,
        rules.unsigned,
        withHeader(honest, 'X-Webhook-Timestamp', value),
        untimed,
      ),
    ),
    row('No unsigned timestamp', rules.unsigned, withoutHeader(honest, 'X-Webhook-Timestamp'), untimed),
    row(
      'The unsigned timestamp sent twice',
      rules.unsigned,
      withMore(honest, ['X-Webhook-Timestamp', String(CREATED)]),
      untimed,
    ),
    row(
      'The unsigned id header differs from the signed id of the payload',
      rules.key,
      withHeader(honest, 'X-Webhook-ID', 'evt_forged'),
      accepted,
    ),
    row('The unsigned id header is absent', rules.unsigned, withoutHeader(honest, 'X-Webhook-ID'), accepted),
    row(
      'The unsigned id header is not used where the payload has no id',
      rules.key,
      send('kyc', '{"type":"kyc.session.processed"}', { id: 'evt_header' }),
      acceptedByDigest('kyc', '{"type":"kyc.session.processed"}'),
    ),
    row(
      'The other headers that the page lists change nothing',
      rules.unsigned,
      withMore(honest, ['User-Agent', 'KYC-Webhooks/1.0'], ['Content-Type', 'application/json']),
      accepted,
    ),
    row(
      'The prefix in upper case',
      rules.prefix,
      withSignature(honest, signatureOf('kyc', EXAMPLE).replace('sha256', 'SHA256')),
      refused('malformed_signature'),
    ),
    row(
      'The payload changed',
      rules.otherMac,
      { ...honest, payload: EXAMPLE.replace('approved', 'rejected') },
      refused('signature_mismatch'),
    ),
    row(
      'The tag made over timestamp, dot and payload',
      rules.otherMac,
      withSignature(honest, signatureOf('kyc', `${CREATED}.${EXAMPLE}`)),
      refused('signature_mismatch'),
    ),
    row('A wrong secret', rules.otherMac, { ...honest, secret: NEW_SECRET }, refused('signature_mismatch')),
    row(
      'The masked secret of an API response',
      rules.otherMac,
      { ...honest, secret: '****************************a1b2' },
      refused('signature_mismatch'),
    ),
    row('No signature header', rules.missing, withoutHeader(honest, 'X-Webhook-Signature'), refused('missing_header')),
    row(
      'Rotation: the old secret signed and stands second',
      rules.rotation,
      { ...honest, secret: [NEW_SECRET, SECRETS.kyc] },
      { ...accepted, secretIndex: 1 },
    ),
    row(
      'A tolerance where no timestamp is signed',
      rules.noTime,
      { ...honest, now: NOW, toleranceSeconds: 300 },
      { ok: false, code: 'invalid_option', field: 'toleranceSeconds' },
    ),
  ],
}
