import { acceptedByDigest, acceptedById, refused, row } from '../expected.mjs'
import { base64, hex, standardKey } from '../oracle.mjs'
import { NOW, SECRETS, send, withHeader } from '../senders.mjs'
import rules from './rules.mjs'

const malformed = refused('malformed_timestamp')
const PAYLOAD = '{"type":"email.sent","data":{"amount":1}}'

// The tag is honest for the very text of t, so nothing but the rule for timestamps can refuse the row.
function inList(text, payload = PAYLOAD) {
  const signature = `t=${text},v1=${hex(SECRETS.humiris, `${text}.`, payload)}`
  return {
    provider: 'humiris',
    secret: SECRETS.humiris,
    headers: [['X-Humiris-Signature', signature]],
    payload,
    now: NOW,
  }
}

function inHeader(text, payload = PAYLOAD) {
  const signature = `v0=${hex(SECRETS.slack, `v0:${text}:`, payload)}`
  return {
    provider: 'slack',
    secret: SECRETS.slack,
    headers: [
      ['X-Slack-Signature', signature],
      ['X-Slack-Request-Timestamp', text],
    ],
    payload,
    now: NOW,
  }
}

function standard(id, text, payload, { signedId = id, signedText = text, signedPayload = payload } = {}) {
  const signature = `v1,${base64(standardKey(SECRETS['standard-webhooks']), `${signedId}.${signedText}.${signedPayload}`)}`
  return {
    provider: 'standard-webhooks',
    secret: SECRETS['standard-webhooks'],
    headers: [
      ['webhook-id', id],
      ['webhook-timestamp', text],
      ['webhook-signature', signature],
    ],
    payload,
    now: NOW,
  }
}

function fresh(timestamp, payload = PAYLOAD) {
  return acceptedByDigest('humiris', payload, { timestamp })
}

function freshHeader(timestamp) {
  return acceptedByDigest('slack', PAYLOAD, { timestamp })
}

const TEXTS = [
  ['nothing', ''],
  ['a leading zero', '01700000000'],
  ['two zeros', '00'],
  ['a plus sign', '+1700000000'],
  ['a minus sign', '-1700000000'],
  ['minus zero', '-0'],
  ['letters behind the digits', '1700000000abc'],
  ['a full stop behind the digits', '1700000000.'],
  ['a fraction of zero', '1700000000.0'],
  ['an exponent', '17e8'],
  ['an exponent with a plus sign', '1.7e+9'],
  ['a number in hex', '0x6553f100'],
  ['a number in binary', '0b1'],
  ['an underscore between the digits', '1_700_000_000'],
  ['apostrophes between the digits', "1'700'000'000"],
  ['a space between the digits', '17000 00000'],
  ['13 digits, as milliseconds have', '1700000000000'],
  ['13 digits, padded with zeros in front', '0001700000000'],
  ['16 digits, as microseconds have', '1700000000000000'],
  ['the least number of 64 signed bits', '-9223372036854775808'],
  ['the greatest number of 64 signed bits', '9223372036854775807'],
  ['one more than 64 unsigned bits hold', '18446744073709551616'],
  ['a number that wraps around to now in 64 bits', '18446744075409551616'],
  ['full-width digits', '\uff11\uff17\uff10\uff10\uff10\uff10\uff10\uff10\uff10\uff10'],
  ['Arabic digits', '\u0661\u0667\u0660\u0660\u0660\u0660\u0660\u0660\u0660\u0660'],
  ['a no-break space behind the digits', '1700000000\u00a0'],
  ['a NUL behind the digits', '1700000000\u0000'],
  ['a line end behind the digits', '1700000000\n'],
  ['the word NaN', 'NaN'],
  ['the word Infinity', 'Infinity'],
  ['the word null', 'null'],
  ['a big integer literal', '1700000000n'],
  ['an ISO date', '2023-11-14T22:13:20Z'],
  ['an HTTP date', 'Tue 14 Nov 2023 22:13:20 GMT'],
]

// One parser reads both places, so the header repeats only those texts that an HTTP library might have changed or a number type swallowed.
const IN_HEADER = [
  'a leading zero',
  'a plus sign',
  'letters behind the digits',
  'a fraction of zero',
  '13 digits, as milliseconds have',
  'the least number of 64 signed bits',
  'a number that wraps around to now in 64 bits',
  'full-width digits',
  'a no-break space behind the digits',
  'an HTTP date',
]

const moved = '5.{"amount":1}'
const honestMoved = hex(SECRETS.humiris, `${NOW}.`, moved)

export default {
  about:
    'Timestamps that are signed: their strict syntax, freshness both ways, and bytes that an attacker would move across the separator. Every tag is honest for the bytes that a loose reader would see.',
  source: 'the rules, each row naming its own; tags from node:crypto',
  cases: [
    row('Freshness: 0 seconds old', rules.fresh, inList('1700000000'), fresh(NOW)),
    row('Freshness: 299 seconds old', rules.fresh, inList('1699999701'), fresh(NOW - 299)),
    row('Freshness: 300 seconds old, the last that passes', rules.fresh, inList('1699999700'), fresh(NOW - 300)),
    row('Freshness: 301 seconds old', rules.fresh, inList('1699999699'), refused('too_old')),
    row('Freshness: 300 seconds ahead, the last that passes', rules.fresh, inList('1700000300'), fresh(NOW + 300)),
    row('Freshness: 301 seconds ahead', rules.fresh, inList('1700000301'), refused('too_new')),
    row('Freshness: years ahead, which a one-sided check takes', rules.fresh, inList('4102444800'), refused('too_new')),
    row('Freshness in a header: 300 seconds old', rules.fresh, inHeader('1699999700'), freshHeader(NOW - 300)),
    row('Freshness in a header: 301 seconds old', rules.fresh, inHeader('1699999699'), refused('too_old')),
    row('Freshness in a header: 300 seconds ahead', rules.fresh, inHeader('1700000300'), freshHeader(NOW + 300)),
    row('Freshness in a header: 301 seconds ahead', rules.fresh, inHeader('1700000301'), refused('too_new')),
    row(
      'Freshness beside a signed id: 300 seconds old',
      rules.fresh,
      standard('msg_1', '1699999700', PAYLOAD),
      acceptedById('standard-webhooks', 'msg_1', { timestamp: NOW - 300 }),
    ),
    row(
      'Freshness beside a signed id: 301 seconds old',
      rules.fresh,
      standard('msg_1', '1699999699', PAYLOAD),
      refused('too_old'),
    ),
    row(
      'Freshness beside a signed id: 301 seconds ahead',
      rules.fresh,
      standard('msg_1', '1700000301', PAYLOAD),
      refused('too_new'),
    ),
    row('Tolerance 0: the same second', rules.fresh, { ...inList('1700000000'), toleranceSeconds: 0 }, fresh(NOW)),
    row(
      'Tolerance 0: one second old, because 0 is not off',
      rules.fresh,
      { ...inList('1699999999'), toleranceSeconds: 0 },
      refused('too_old'),
    ),
    row(
      'Tolerance 0: one second ahead',
      rules.fresh,
      { ...inList('1700000001'), toleranceSeconds: 0 },
      refused('too_new'),
    ),
    row(
      'Tolerance 600: 600 seconds old',
      rules.fresh,
      { ...inList('1699999400'), toleranceSeconds: 600 },
      fresh(NOW - 600),
    ),
    row(
      'Tolerance 600: 601 seconds old',
      rules.fresh,
      { ...inList('1699999399'), toleranceSeconds: 600 },
      refused('too_old'),
    ),
    row(
      'Tolerance 600: 601 seconds ahead',
      rules.fresh,
      { ...inList('1700000601'), toleranceSeconds: 600 },
      refused('too_new'),
    ),
    row(
      "Tolerance 10: 11 seconds old, which the provider's own tolerance would take",
      rules.fresh,
      { ...inList('1699999989'), toleranceSeconds: 10 },
      refused('too_old'),
    ),
    row(
      'Tolerance larger than now: the whole past',
      rules.fresh,
      { ...inList('0'), toleranceSeconds: 1700000000 },
      fresh(0),
    ),
    row(
      'Tolerance larger than now by one: the whole past',
      rules.fresh,
      { ...inList('0'), toleranceSeconds: 1700000001 },
      fresh(0),
    ),
    row(
      'Tolerance Infinity: the first second of the epoch',
      rules.infinity,
      { ...inList('0'), toleranceSeconds: 'Infinity' },
      fresh(0),
    ),
    row(
      'Tolerance Infinity: the last of 12 digits',
      rules.infinity,
      { ...inList('999999999999'), toleranceSeconds: 'Infinity' },
      fresh(999999999999),
    ),
    row(
      'Tolerance Infinity does not loosen the syntax',
      rules.infinity,
      { ...inList('1700000000000'), toleranceSeconds: 'Infinity' },
      malformed,
    ),
    row(
      'Tolerance Infinity does not loosen the tag',
      rules.infinity,
      { ...inList('0'), payload: PAYLOAD + ' ', toleranceSeconds: 'Infinity' },
      refused('signature_mismatch'),
    ),
    row(
      'A tolerance where no timestamp is signed',
      rules.noTime,
      { ...send('immutis', PAYLOAD), toleranceSeconds: 300 },
      { ok: false, code: 'invalid_option', field: 'toleranceSeconds' },
    ),
    row(
      'A tolerance of Infinity where no timestamp is signed',
      rules.noTime,
      { ...send('github', PAYLOAD), toleranceSeconds: 'Infinity' },
      { ok: false, code: 'invalid_option', field: 'toleranceSeconds' },
    ),
    row('Zero is a timestamp', rules.strictTime, { ...inList('0'), now: 0 }, fresh(0)),
    row('Zero is old', rules.fresh, inList('0'), refused('too_old')),
    row('Now is zero and the timestamp 300', rules.fresh, { ...inList('300'), now: 0 }, fresh(300)),
    row('Now is zero and the timestamp 301', rules.fresh, { ...inList('301'), now: 0 }, refused('too_new')),
    row('One digit', rules.strictTime, { ...inList('7'), now: 10 }, fresh(7)),
    row('12 digits', rules.strictTime, { ...inList('999999999999'), now: 999999999999 }, fresh(999999999999)),
    row(
      '12 digits now, and the timestamp zero',
      rules.fresh,
      { ...inList('0'), now: 999999999999 },
      refused('too_old'),
    ),
    row(
      'The largest whole number as now',
      rules.fresh,
      { ...inList('999999999999'), now: 9007199254740991 },
      refused('too_old'),
    ),
    ...TEXTS.map(([what, text]) => row(`List: ${what}`, rules.strictTime, inList(text), malformed)),
    ...TEXTS.filter(([what]) => IN_HEADER.includes(what)).map(([what, text]) =>
      row(`Header: ${what}`, rules.strictTime, inHeader(text), malformed),
    ),
    row('List: a space between t= and the digits', rules.edges, inList(' 1700000000'), malformed),
    row(
      'List: a space behind the digits belongs to the entry and is dropped',
      rules.listSpace,
      withHeader(
        inList('1700000000'),
        'X-Humiris-Signature',
        `t=1700000000 ,v1=${hex(SECRETS.humiris, '1700000000.', PAYLOAD)}`,
      ),
      fresh(NOW),
    ),
    row(
      'Header: spaces and tabs around the digits',
      rules.edges,
      withHeader(inHeader('1700000000'), 'X-Slack-Request-Timestamp', '\t 1700000000 \t'),
      freshHeader(NOW),
    ),
    row(
      'Header: the spaces around the digits were signed too',
      rules.timeText,
      inHeader(' 1700000000 '),
      refused('signature_mismatch'),
    ),
    row('Header: two timestamps with a comma', rules.strictTime, inHeader('1700000000, 1700000000'), malformed),
    row(
      'Moved bytes: the honest delivery, whose payload begins with a digit and a dot',
      rules.timeText,
      inList('1700000000', moved),
      fresh(NOW, moved),
    ),
    row(
      "Moved bytes: the payload's head moved into t, so the tag still holds",
      rules.strictTime,
      {
        ...inList('1700000000.5', '{"amount":1}'),
        headers: [['X-Humiris-Signature', `t=1700000000.5,v1=${honestMoved}`]],
      },
      malformed,
    ),
    row(
      'Moved bytes: the timestamp moved into the payload, and t is empty',
      rules.strictTime,
      {
        ...inList('', '1700000000.{}'),
        headers: [['X-Humiris-Signature', `t=,v1=${hex(SECRETS.humiris, '1700000000.{}')}`]],
      },
      malformed,
    ),
    row(
      'Moved bytes: a bare tag of a payload that begins like a timestamp is a good tag of the rest',
      rules.sharedTag,
      {
        ...inList('1700000000', '{}'),
        headers: [['X-Humiris-Signature', `t=1700000000,v1=${hex(SECRETS.humiris, '1700000000.{}')}`]],
      },
      fresh(NOW, '{}'),
    ),
    row(
      "Moved bytes: the payload's head moved into the timestamp header behind a colon",
      rules.strictTime,
      inHeader('1700000000:token=1', '&team=2'),
      malformed,
    ),
    row(
      'Moved bytes: the timestamp moved into the signed id, so the tag still holds',
      rules.idSeparator,
      standard('msg_1.1700000000', '1700000000', '{"amount":1}', {
        signedId: 'msg_1',
        signedText: '1700000000',
        signedPayload: '1700000000.{"amount":1}',
      }),
      refused('malformed_header'),
    ),
    row(
      "Moved bytes: the signed id's tail moved into the timestamp, so the tag still holds",
      rules.strictTime,
      standard('msg', '1.1700000000', '{"amount":1}', { signedId: 'msg.1', signedText: '1700000000' }),
      malformed,
    ),
    row(
      "Moved bytes: the payload's head moved into the timestamp beside a signed id",
      rules.strictTime,
      standard('msg_1', '1700000000.5', '{"amount":1}', { signedText: '1700000000', signedPayload: '5.{"amount":1}' }),
      malformed,
    ),
    row(
      'The tag was made over another text of the same time',
      rules.timeText,
      {
        ...inList('1700000000'),
        headers: [['X-Humiris-Signature', `t=1700000000,v1=${hex(SECRETS.humiris, '01700000000.', PAYLOAD)}`]],
      },
      refused('signature_mismatch'),
    ),
  ],
}
