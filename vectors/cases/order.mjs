import { refused, row } from '../expected.mjs'
import { hex } from '../oracle.mjs'
import { NOW, SECRETS, send, withHeader, withMore, withoutHeader, withSignature } from '../senders.mjs'
import rules from './rules.mjs'

const PAYLOAD = '{"id":"evt_order"}'
const OLD = NOW - 301
const AHEAD = NOW + 301

const slack = send('slack', PAYLOAD)
const slackAt = (timestamp) => send('slack', PAYLOAD, { timestamp })
const standard = send('standard-webhooks', PAYLOAD, { id: 'msg_1' })
const standardAt = (timestamp) => send('standard-webhooks', PAYLOAD, { id: 'msg_1', timestamp })
const humiris = send('humiris', PAYLOAD)
const humirisAt = (timestamp) => send('humiris', PAYLOAD, { timestamp })
const immutis = send('immutis', PAYLOAD)

const SIGNATURE = 'X-Slack-Signature'
const TIMESTAMP = 'X-Slack-Request-Timestamp'
const WRONG = `v0=${hex('wrong', PAYLOAD)}`
const MALFORMED = 'v0=xyz'
const WRONG_LIST = `v1=${hex('wrong', PAYLOAD)}`

function pair(first, second, what, delivery, code = first) {
  return row(`${first} comes before ${second}: ${what}`, rules.order, delivery, refused(code))
}

function twice(delivery, name) {
  return withMore(
    delivery,
    delivery.headers.find((header) => header[0] === name),
  )
}

function idWithDot(delivery) {
  return withHeader(delivery, 'webhook-id', 'msg.1')
}

export default {
  about:
    'The order of checks: one row for each pair of faults that can meet in one delivery. too_old and too_new cannot meet, and a wrong secret is told before any delivery is looked at.',
  source: 'the rules; tags from node:crypto',
  cases: [
    pair(
      'missing_header',
      'malformed_header',
      'no signature, and the timestamp sent twice',
      twice(withoutHeader(slack, SIGNATURE), TIMESTAMP),
    ),
    pair(
      'missing_header',
      'malformed_header',
      'no timestamp, and the signature sent twice',
      twice(withoutHeader(slack, TIMESTAMP), SIGNATURE),
    ),
    pair(
      'missing_header',
      'malformed_header',
      'no timestamp, and a signed id that holds the separator',
      idWithDot(withoutHeader(standard, 'webhook-timestamp')),
    ),
    pair(
      'missing_header',
      'malformed_header',
      'no id, and a signature of 9000 bytes',
      withSignature(withoutHeader(standard, 'webhook-id'), 'v'.repeat(9000)),
    ),
    pair(
      'missing_header',
      'malformed_timestamp',
      'no signature, and a timestamp with letters',
      withHeader(withoutHeader(slack, SIGNATURE), TIMESTAMP, 'abc'),
    ),
    pair(
      'missing_header',
      'malformed_timestamp',
      'no id, and a timestamp with a sign',
      withHeader(withoutHeader(standard, 'webhook-id'), 'webhook-timestamp', '+1'),
    ),
    pair(
      'missing_header',
      'malformed_signature',
      'no timestamp, and a signature that does not decode',
      withSignature(withoutHeader(slack, TIMESTAMP), MALFORMED),
    ),
    pair(
      'missing_header',
      'malformed_signature',
      'no id, and a signature without our version',
      withSignature(withoutHeader(standard, 'webhook-id'), 'v2,xyz'),
    ),
    pair(
      'missing_header',
      'signature_mismatch',
      'no timestamp, and a wrong tag',
      withSignature(withoutHeader(slack, TIMESTAMP), WRONG),
    ),
    pair('missing_header', 'signature_mismatch', 'no id, and another payload', {
      ...withoutHeader(standard, 'webhook-id'),
      payload: '{}',
    }),
    pair('missing_header', 'too_old', 'no signature, and an old timestamp', withoutHeader(slackAt(OLD), SIGNATURE)),
    pair('missing_header', 'too_old', 'no id, and an old timestamp', withoutHeader(standardAt(OLD), 'webhook-id')),
    pair('missing_header', 'too_new', 'no signature, and a timestamp ahead', withoutHeader(slackAt(AHEAD), SIGNATURE)),
    pair(
      'malformed_header',
      'malformed_timestamp',
      'the signature sent twice, and a timestamp with letters',
      withHeader(twice(slack, SIGNATURE), TIMESTAMP, 'abc'),
    ),
    pair(
      'malformed_header',
      'malformed_timestamp',
      'a signed id that holds the separator, and a timestamp with letters',
      withHeader(idWithDot(standard), 'webhook-timestamp', 'abc'),
    ),
    pair(
      'malformed_header',
      'malformed_timestamp',
      'a list sent twice, each without t',
      twice(withSignature(humiris, WRONG_LIST), 'X-Humiris-Signature'),
    ),
    pair(
      'malformed_header',
      'malformed_signature',
      'the timestamp sent twice, and a signature that does not decode',
      withSignature(twice(slack, TIMESTAMP), MALFORMED),
    ),
    pair(
      'malformed_header',
      'malformed_signature',
      'a signed id that holds the separator, and a signature without our version',
      withSignature(idWithDot(standard), 'v2,xyz'),
    ),
    pair(
      'malformed_header',
      'malformed_signature',
      'a bare signature of 9000 bytes',
      withSignature(immutis, 'f'.repeat(9000)),
    ),
    pair('malformed_header', 'signature_mismatch', 'the signed id sent twice, and another payload', {
      ...twice(standard, 'webhook-id'),
      payload: '{}',
    }),
    pair('malformed_header', 'signature_mismatch', 'a signed id that holds the separator, and another payload', {
      ...idWithDot(standard),
      payload: '{}',
    }),
    pair(
      'malformed_header',
      'too_old',
      'the signature sent twice, and an old timestamp',
      twice(slackAt(OLD), SIGNATURE),
    ),
    pair(
      'malformed_header',
      'too_old',
      'a signed id that holds the separator, and an old timestamp',
      send('standard-webhooks', PAYLOAD, { id: 'msg.1', timestamp: OLD }),
    ),
    pair('malformed_header', 'too_new', 'the timestamp sent twice, and both ahead', twice(slackAt(AHEAD), TIMESTAMP)),
    pair(
      'malformed_timestamp',
      'malformed_signature',
      'a list whose t has letters and whose tag does not decode',
      withSignature(humiris, 't=abc,v1=xyz'),
    ),
    pair(
      'malformed_timestamp',
      'malformed_signature',
      'a list without t and without v1',
      withSignature(humiris, 'v0=1'),
    ),
    pair(
      'malformed_timestamp',
      'malformed_signature',
      'a list with t twice and 17 tags',
      withSignature(humiris, `t=1,t=1,${Array(17).fill('v1=x').join(',')}`),
    ),
    pair(
      'malformed_timestamp',
      'malformed_signature',
      'a timestamp header with a sign and a signature that does not decode',
      withSignature(withHeader(slack, TIMESTAMP, '-1'), MALFORMED),
    ),
    pair(
      'malformed_timestamp',
      'signature_mismatch',
      'a list whose t has letters and whose tag is wrong',
      withSignature(humiris, `t=abc,${WRONG_LIST}`),
    ),
    pair(
      'malformed_timestamp',
      'signature_mismatch',
      'a timestamp header with a leading zero and a wrong tag',
      withSignature(withHeader(slack, TIMESTAMP, `0${NOW}`), WRONG),
    ),
    pair('malformed_timestamp', 'too_old', 'an old timestamp with a leading zero, honestly signed', slackAt(`0${OLD}`)),
    pair(
      'malformed_timestamp',
      'too_old',
      'a list whose old t stands there twice',
      withSignature(humirisAt(OLD), `t=${OLD},t=${OLD},v1=${hex(SECRETS.humiris, `${OLD}.`, PAYLOAD)}`),
    ),
    pair('malformed_timestamp', 'too_new', 'milliseconds, honestly signed', humirisAt(`${NOW}000`)),
    pair(
      'malformed_signature',
      'signature_mismatch',
      '17 decodable tags that are all wrong',
      withSignature(humiris, `t=${NOW},${Array(17).fill(WRONG_LIST).join(',')}`),
    ),
    pair('malformed_signature', 'signature_mismatch', 'a tag that does not decode, and another payload', {
      ...withSignature(immutis, 'xyz'),
      payload: '{}',
    }),
    pair(
      'malformed_signature',
      'too_old',
      'a tag that does not decode, and an old timestamp',
      withSignature(slackAt(OLD), MALFORMED),
    ),
    pair(
      'malformed_signature',
      'too_old',
      'a list whose tag does not decode and whose t is old',
      withSignature(humirisAt(OLD), `t=${OLD},v1=xyz`),
    ),
    pair(
      'malformed_signature',
      'too_new',
      'a list whose tag does not decode and whose t is ahead',
      withSignature(humirisAt(AHEAD), `t=${AHEAD},v1=xyz`),
    ),
    pair('signature_mismatch', 'too_old', 'a wrong tag, and an old timestamp', withSignature(slackAt(OLD), WRONG)),
    pair('signature_mismatch', 'too_old', 'an honest old delivery whose payload was changed', {
      ...humirisAt(OLD),
      payload: '{}',
    }),
    pair(
      'signature_mismatch',
      'too_old',
      'a fresh delivery whose t was made old',
      withHeader(slack, TIMESTAMP, String(OLD)),
    ),
    pair(
      'signature_mismatch',
      'too_new',
      'a wrong tag, and a timestamp ahead',
      withSignature(humirisAt(AHEAD), `t=${AHEAD},${WRONG_LIST}`),
    ),
    pair(
      'signature_mismatch',
      'too_new',
      'an honest delivery whose timestamp was put ahead',
      withHeader(slack, TIMESTAMP, String(AHEAD)),
    ),
    row(
      'invalid_secret comes before missing_header',
      rules.secretFirst,
      { ...immutis, secret: '', headers: [] },
      refused('invalid_secret'),
    ),
    row(
      'invalid_secret comes before malformed_header',
      rules.secretFirst,
      { ...twice(slack, SIGNATURE), secret: '' },
      refused('invalid_secret'),
    ),
    row(
      'invalid_secret comes before malformed_timestamp',
      rules.secretFirst,
      { ...slackAt('abc'), secret: '' },
      refused('invalid_secret'),
    ),
    row(
      'invalid_secret comes before malformed_signature',
      rules.secretFirst,
      { ...withSignature(immutis, 'xyz'), secret: '' },
      refused('invalid_secret'),
    ),
    row(
      'invalid_secret comes before signature_mismatch',
      rules.secretFirst,
      { ...immutis, secret: ['', SECRETS.immutis], payload: '{}' },
      refused('invalid_secret'),
    ),
    row(
      'invalid_secret comes before too_old',
      rules.secretFirst,
      { ...slackAt(OLD), secret: [SECRETS.slack, ' '] },
      refused('invalid_secret'),
    ),
  ],
}
