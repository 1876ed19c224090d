import { base64, hex, raw } from '../oracle.mjs'
import { NOW, SECRETS, signatureOf } from '../senders.mjs'
import payloads from './payloads.mjs'
import rules from './rules.mjs'

const SECRET = 'form-secret-58d1'
const PAYLOAD = '{"id":"evt_form","note":"naïve ☕"}'

const bare = (payload = PAYLOAD, secret = SECRET) => hex(secret, payload)
const sha256 = (payload = PAYLOAD, secret = SECRET) => `sha256=${hex(secret, payload)}`
const timestamped = (payload = PAYLOAD, secret = SECRET, time = NOW) =>
  `t=${time},v1=${hex(secret, `${time}.`, payload)}`

function call(
  name,
  source,
  form,
  signature,
  expected,
  { payload = PAYLOAD, secret = SECRET, now = NOW, toleranceSeconds } = {},
) {
  return { name: `${form}: ${name}`, source, form, secret, signature, payload, now, toleranceSeconds, expected }
}

// Where a payload looks like the content of a timestamped form, both of these tags are honest ones of its owner.
const LOOKS_TIMED = [
  ['10 digits and a dot', '1700000000.{"a":1}'],
  ['one digit and a dot', '7.5'],
  ['12 digits and a dot', '123456789012.x'],
  ['a zero and a dot', '0.'],
  ['digits with a leading zero and a dot', '01.x'],
  // Where what looks at a beginning of so many UTF-16 units would part the pair.
  ...[13, 16, 18, 19, 32, 63, 64].map((unit) => [
    `digits, a dot and a surrogate pair from unit ${unit} on`,
    '1700000000.'.padEnd(unit, 'u') + '🔏🪝',
  ]),
]
const LOOKS_PLAIN = [
  ['13 digits and a dot', '1234567890123.x'],
  ['digits and no dot', '1700000000{"a":1}'],
  ['a dot and no digits', '.5'],
  ['a minus sign, digits and a dot', '-1.5'],
  ['a space, digits and a dot', ' 1.5'],
  ['full-width digits and a dot', '\uff11\uff12.5'],
  ['digits and a full-width dot', '12\uff0e5'],
  ['a byte order mark, digits and a dot', '\ufeff12.5'],
  ['digits and a colon', '12:34'],
]

// Of every length of UTF-8, and of lengths that implementations treat in ways of their own. The longest come first:
// a hash that is loaded only after many bytes is there for the others.
const TEXTS = [
  ['ASCII', 'abcdefghij'],
  ['two bytes a letter', 'éüñçøåëïôß'],
  ['three bytes a letter', '署名を確かめる方法だ'],
  ['emoji', '🔏🪝📬✅🧾'],
  ['mixed', 'ab é 漢 😀'],
]
const LONG = [30_000, 8_000, 2_500, 300, 40].flatMap((times) =>
  TEXTS.map(([what, repeat]) => [`${times} times ${what}`, { repeat, times }]),
)

export default {
  about:
    'verifyWebhook(payload, signature, secret, options): the three forms and their recognition. "auto" is a call without form. The verdict is true or false and nothing else.',
  source:
    "the rules, each row naming its own; the forms are those of the five providers' pages (read 2026-11-22); tags from node:crypto",
  cases: [
    call('an honest tag', rules.ownScheme, 'hex', bare(), true),
    call('upper case', rules.hexStrict, 'hex', bare().toUpperCase(), true),
    call('spaces and tabs at both ends', rules.edges, 'hex', `\t ${bare()} `, true),
    call('a payload changed', rules.otherMac, 'hex', bare(), false, { payload: PAYLOAD + ' ' }),
    call('a wrong secret', rules.otherMac, 'hex', bare(), false, { secret: 'other' }),
    ...LONG.map(([what, payload]) => call(what, rules.exactBytes, 'hex', bare(payload), true, { payload })),
    ...LONG.map(([what, payload]) =>
      call(`${what}, and once more`, rules.otherMac, 'hex', bare(payload), false, {
        payload: { ...payload, times: payload.times + 1 },
      }),
    ),
    call('the form sha256', rules.schemeDecides, 'hex', sha256(), false),
    call('the form timestamped', rules.schemeDecides, 'hex', timestamped(), false),
    call('a truncated tag', rules.wholeTag, 'hex', bare().slice(0, 32), false),
    call('the tag in base64', rules.hexStrict, 'hex', base64(SECRET, PAYLOAD), false),
    call('an empty signature', rules.missing, 'hex', '', false),
    call('a signature of spaces', rules.missing, 'hex', '   ', false),
    call('a signature of 8192 bytes whose end is spaces', rules.cap, 'hex', bare().padEnd(8192, ' '), true),
    call('a signature of 8193 bytes whose end is spaces', rules.cap, 'hex', bare().padEnd(8193, ' '), false),
    call('the payload as bytes', rules.exactBytes, 'hex', bare(), true, { payload: raw(Buffer.from(PAYLOAD)) }),
    call('a tolerance of zero has nothing to hold', rules.total, 'hex', bare(), true, { toleranceSeconds: 0 }),
    call('an honest tag', rules.ownScheme, 'sha256', sha256(), true),
    call('upper-case digits', rules.hexStrict, 'sha256', `sha256=${bare().toUpperCase()}`, true),
    call('spaces and tabs at both ends', rules.edges, 'sha256', `\t ${sha256()} `, true),
    call('a payload changed', rules.otherMac, 'sha256', sha256(), false, { payload: PAYLOAD + ' ' }),
    call('a wrong secret', rules.otherMac, 'sha256', sha256(), false, { secret: 'other' }),
    call('a bare tag', rules.prefix, 'sha256', bare(), false),
    call('the form timestamped', rules.schemeDecides, 'sha256', timestamped(), false),
    call('the prefix in upper case', rules.prefix, 'sha256', sha256().replace('sha', 'SHA'), false),
    call('the prefix twice', rules.prefix, 'sha256', `sha256=${sha256()}`, false),
    call('the prefix of SHA-1', rules.schemeDecides, 'sha256', sha256().replace('sha256', 'sha1'), false),
    call('the prefix alone', rules.prefix, 'sha256', 'sha256=', false),
    call('an honest tag', rules.ownScheme, 'timestamped', timestamped(), true),
    call('the tag first', rules.listOrder, 'timestamped', timestamped().split(',').reverse().join(','), true),
    call(
      'several tags, the last one good',
      rules.listSkip,
      'timestamped',
      `t=${NOW},v1=${'0'.repeat(64)},v1=${hex(SECRET, `${NOW}.`, PAYLOAD)}`,
      true,
    ),
    call(
      '17 tags, the first one good',
      rules.listMany,
      'timestamped',
      timestamped() + `,v1=${'0'.repeat(64)}`.repeat(16),
      false,
    ),
    call('300 seconds old', rules.fresh, 'timestamped', timestamped(), true, { now: NOW + 300 }),
    call('301 seconds old', rules.fresh, 'timestamped', timestamped(), false, { now: NOW + 301 }),
    call('300 seconds ahead', rules.fresh, 'timestamped', timestamped(), true, { now: NOW - 300 }),
    call('301 seconds ahead', rules.fresh, 'timestamped', timestamped(), false, { now: NOW - 301 }),
    call('a tolerance of 10 and 11 seconds old', rules.fresh, 'timestamped', timestamped(), false, {
      now: NOW + 11,
      toleranceSeconds: 10,
    }),
    call('a tolerance of 1000 and 1000 seconds old', rules.fresh, 'timestamped', timestamped(), true, {
      now: NOW + 1000,
      toleranceSeconds: 1000,
    }),
    call('a tolerance of zero in the same second', rules.fresh, 'timestamped', timestamped(), true, {
      toleranceSeconds: 0,
    }),
    call('a tolerance of zero one second later', rules.fresh, 'timestamped', timestamped(), false, {
      now: NOW + 1,
      toleranceSeconds: 0,
    }),
    call('a tolerance of Infinity years later', rules.infinity, 'timestamped', timestamped(), true, {
      now: NOW + 1000000000,
      toleranceSeconds: 'Infinity',
    }),
    call(
      'a tolerance of Infinity and a wrong tag',
      rules.infinity,
      'timestamped',
      timestamped(PAYLOAD, 'other'),
      false,
      { toleranceSeconds: 'Infinity' },
    ),
    call('a payload changed', rules.otherMac, 'timestamped', timestamped(), false, { payload: PAYLOAD + ' ' }),
    call(
      'a timestamp changed',
      rules.timeText,
      'timestamped',
      timestamped().replace(String(NOW), String(NOW + 1)),
      false,
    ),
    call(
      'a leading zero, honestly signed',
      rules.strictTime,
      'timestamped',
      timestamped(PAYLOAD, SECRET, `0${NOW}`),
      false,
    ),
    call(
      'milliseconds, honestly signed',
      rules.strictTime,
      'timestamped',
      timestamped(PAYLOAD, SECRET, `${NOW}000`),
      false,
      { toleranceSeconds: 'Infinity' },
    ),
    call('no timestamp', rules.fieldOnce, 'timestamped', `v1=${hex(SECRET, PAYLOAD)}`, false),
    call('a timestamp twice', rules.fieldOnce, 'timestamped', `t=${NOW},${timestamped()}`, false),
    call('a bare tag', rules.schemeDecides, 'timestamped', bare(), false),
    call('the form sha256', rules.schemeDecides, 'timestamped', sha256(), false),
    call('the tag of the payload alone', rules.otherMac, 'timestamped', `t=${NOW},v1=${bare()}`, false),
    call('a bare tag is recognised', rules.recognise, 'auto', bare(), true),
    call('sha256= is recognised', rules.recognise, 'auto', sha256(), true),
    call('t= and v1= are recognised', rules.recognise, 'auto', timestamped(), true),
    call('v1= before t= is recognised', rules.recognise, 'auto', timestamped().split(',').reverse().join(','), true),
    call('sha256= behind a space is recognised', rules.recognise, 'auto', ` ${sha256()}`, true),
    call('an old timestamp', rules.fresh, 'auto', timestamped(), false, { now: NOW + 301 }),
    call('an old timestamp within a wider tolerance', rules.fresh, 'auto', timestamped(), true, {
      now: NOW + 301,
      toleranceSeconds: 301,
    }),
    call('SHA256= is no form', rules.recognise, 'auto', sha256().replace('sha', 'SHA'), false),
    call('sha1= is no form', rules.recognise, 'auto', sha256().replace('sha256', 'sha1'), false),
    call('v0= is no form', rules.recognise, 'auto', `v0=${bare()}`, false),
    call('the tag in base64, which holds an =', rules.recognise, 'auto', base64(SECRET, PAYLOAD), false),
    call('an empty signature', rules.total, 'auto', '', false),
    call('an equals sign', rules.total, 'auto', '=', false),
    call('a payload changed under a bare tag', rules.otherMac, 'auto', bare(), false, { payload: PAYLOAD + ' ' }),
    call('a payload changed under sha256=', rules.otherMac, 'auto', sha256(), false, { payload: PAYLOAD + ' ' }),
    ...['immutis', 'immune', 'humiris', 'kyc', 'imtegrate'].map((provider) =>
      call(`the signature of ${provider}`, rules.recognise, 'auto', signatureOf(provider, PAYLOAD), true, {
        secret: SECRETS[provider],
      }),
    ),
    call('the honest timestamped tag over P', rules.sharedTag, 'timestamped', timestamped('{"a":1}'), true, {
      payload: '{"a":1}',
    }),
    call(
      'the timestamped tag over P is the bare tag over T.P',
      rules.sharedTag,
      'hex',
      timestamped('{"a":1}').split('v1=')[1],
      true,
      { payload: `${NOW}.{"a":1}` },
    ),
    call(
      'the timestamped tag over P is the sha256 tag over T.P',
      rules.sharedTag,
      'sha256',
      `sha256=${timestamped('{"a":1}').split('v1=')[1]}`,
      true,
      { payload: `${NOW}.{"a":1}` },
    ),
    call(
      'the timestamped tag over P is not taken for the bare tag over T.P',
      rules.sharedTag,
      'auto',
      timestamped('{"a":1}').split('v1=')[1],
      false,
      { payload: `${NOW}.{"a":1}` },
    ),
    call(
      'the timestamped tag over P is not taken for the sha256 tag over T.P',
      rules.sharedTag,
      'auto',
      `sha256=${timestamped('{"a":1}').split('v1=')[1]}`,
      false,
      { payload: `${NOW}.{"a":1}` },
    ),
    call(
      'an old timestamped delivery turned into a bare one',
      rules.sharedTag,
      'auto',
      timestamped('{"a":1}', SECRET, 1).split('v1=')[1],
      false,
      { payload: '1.{"a":1}' },
    ),
    ...LOOKS_TIMED.map(([what, payload]) =>
      call(`a bare tag over ${what} is refused`, rules.sharedTag, 'auto', bare(payload), false, { payload }),
    ),
    call('a sha256 tag over 10 digits and a dot is refused', rules.sharedTag, 'auto', sha256('1700000000.x'), false, {
      payload: '1700000000.x',
    }),
    call(
      'a bare tag over bytes that begin with digits and a dot is refused',
      rules.sharedTag,
      'auto',
      bare('12.x'),
      false,
      { payload: raw(Buffer.from('12.x')) },
    ),
    ...LOOKS_PLAIN.map(([what, payload]) =>
      call(`a bare tag over ${what} is taken`, rules.sharedTag, 'auto', bare(payload), true, { payload }),
    ),
    ...LOOKS_TIMED.map(([what, payload]) =>
      call(`a named form takes ${what}`, rules.sharedTag, 'hex', bare(payload), true, { payload }),
    ),
    call('a timestamped tag over digits and a dot is taken', rules.sharedTag, 'auto', timestamped('12.5'), true, {
      payload: '12.5',
    }),
    call('payload and signature swapped', rules.total, 'auto', PAYLOAD, false, { payload: bare() }),
    call('signature and secret swapped', rules.total, 'auto', SECRET, false, { secret: bare() }),
    call('payload and secret swapped', rules.total, 'auto', bare(), false, { payload: SECRET, secret: PAYLOAD }),
    call('secret, payload, signature in this order', rules.total, 'auto', PAYLOAD, false, {
      payload: SECRET,
      secret: bare(),
    }),
    call('signature, secret, payload in this order', rules.total, 'auto', SECRET, false, {
      payload: bare(),
      secret: PAYLOAD,
    }),
    call('payload and signature swapped', rules.total, 'timestamped', PAYLOAD, false, { payload: timestamped() }),
    call('the secret in place of the signature', rules.total, 'hex', SECRET, false),
    call('rotation, the second secret signed', rules.rotation, 'hex', bare(), true, { secret: ['next', SECRET] }),
    call('rotation, neither secret signed', rules.rotation, 'hex', bare(), false, { secret: ['next', 'older'] }),
    call('no secrets', rules.secretCount, 'hex', bare(PAYLOAD, ''), false, { secret: [] }),
    call('9 secrets, the first one signed', rules.secretCount, 'hex', bare(), false, {
      secret: [SECRET, '2', '3', '4', '5', '6', '7', '8', '9'],
    }),
    call('a good secret beside an empty one', rules.secretCount, 'hex', bare(), false, { secret: [SECRET, ''] }),
    call('an empty secret and its own tag', rules.emptyKey, 'hex', bare(PAYLOAD, ''), false, { secret: '' }),
    call('an empty secret and its own tag', rules.emptyKey, 'auto', bare(PAYLOAD, ''), false, { secret: '' }),
    call('a blank secret and its own tag', rules.emptyKey, 'sha256', sha256(PAYLOAD, ' \n'), false, { secret: ' \n' }),
    call('a NUL as the secret and its own tag', rules.emptyKey, 'timestamped', timestamped(PAYLOAD, '\u0000'), false, {
      secret: '\u0000',
    }),
    call(
      'zero bytes as the secret and their own tag',
      rules.emptyKey,
      'hex',
      bare(PAYLOAD, raw(Buffer.alloc(32))),
      false,
      { secret: raw(Buffer.alloc(32)) },
    ),
    call('a secret of 8193 bytes and its own tag', rules.secretCap, 'hex', bare(PAYLOAD, 's'.repeat(8193)), false, {
      secret: 's'.repeat(8193),
    }),
    call('bytes as the secret', rules.secretExact, 'hex', bare(PAYLOAD, raw([255, 0, 1])), true, {
      secret: raw([255, 0, 1]),
    }),
    call(
      'whsec_ is part of the secret',
      rules.secretExact,
      'timestamped',
      timestamped(PAYLOAD, 'whsec_c2VjcmV0'),
      true,
      { secret: 'whsec_c2VjcmV0' },
    ),
    ...payloads.map(({ what, payload }) =>
      call(`a payload with ${what}`, rules.exactBytes, 'auto', bare(payload), true, { payload }),
    ),
  ],
}
