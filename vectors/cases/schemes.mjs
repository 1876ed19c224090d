import { acceptedByDigest, acceptedById, refused, row, wrongColumn } from '../expected.mjs'
import { base64, hex, raw } from '../oracle.mjs'
import { NOW, send } from '../senders.mjs'
import rules from './rules.mjs'

const PADDLE = 'PaddleHQ/paddle-node-sdk, src/__tests__/notifications/webhooks-validator.node.test.ts (read 2026-11-22)'
const SVIX = 'svix/svix-webhooks, rust/src/webhooks.rs (read 2026-11-22)'
const ATLASSIAN = "Atlassian's documentation of Jira Cloud and Bitbucket Cloud webhooks (read 2026-11-22)"
const RAZORPAY = 'razorpay/razorpay-node, test/utils/razorpay-utils.spec.js (read 2026-11-22)'

const PAYLOAD = '{"id":"evt_1","event_id":"evt_2"}'
const SECRET = 'acme-secret'
const SIGNED_ALL = ['payload', 'timestamp', 'id']
const SIGNED_TIME = ['payload', 'timestamp']
const SIGNED_ID = ['payload', 'id']
const SIGNED_PAYLOAD = ['payload']

const LIST = { separator: ',', assign: '=', tag: 'v1' }
const DOT = { literal: '.' }

// The plainest scheme; each row says which of its columns is another.
const BARE = {
  name: 'acme',
  signature: { header: 'X-Acme-Signature', form: 'bare' },
  encoding: 'hex',
  content: ['payload'],
  secret: 'utf8',
}
const TIME_HEADER = { timestamp: { header: 'X-Acme-Time' } }
const ID_HEADER = { id: { header: 'X-Acme-Id' } }

function scheme(columns) {
  return { ...BARE, ...columns }
}

function signature(form) {
  return { header: 'X-Acme-Signature', form }
}

function delivery(columns, headers, { payload = PAYLOAD, secret = SECRET, now = NOW } = {}) {
  return { scheme: scheme(columns), secret, headers, payload, now }
}

function works(name, columns, headers, expected, rest = {}) {
  const { source = rules.ownScheme, ...options } = rest
  return row(`Works: ${name}`, source, delivery(columns, headers, options), expected)
}

function refuses(name, source, columns, headers, code, options = {}) {
  return row(`Refuses: ${name}`, source, delivery(columns, headers, options), refused(code))
}

// The delivery of a wrong scheme is honest for the plainest one, so that nothing but the wrong column can refuse it.
function wrong(name, field, columns) {
  return row(
    `Wrong ${field}: ${name}`,
    rules.columns,
    delivery(columns, [
      ['X-Acme-Signature', hex(SECRET, PAYLOAD)],
      ['X-Acme-Time', String(NOW)],
      ['X-Acme-Id', 'a1'],
    ]),
    wrongColumn(field),
  )
}

const bareTag = hex(SECRET, PAYLOAD)
const timeTag = hex(SECRET, `${NOW}.`, PAYLOAD)
const byDigest = (signed, rest) => acceptedByDigest('acme', PAYLOAD, { signed, ...rest })
const byId = (id, signed, rest) => acceptedById('acme', id, { signed, ...rest })
const TIMED = { timestamp: NOW }

const DOTTED_TIME = { content: ['timestamp', DOT, 'payload'], ...TIME_HEADER, toleranceSeconds: 300 }
const PADDLE_COLUMNS = {
  name: 'paddle',
  signature: { header: 'Paddle-Signature', form: { separator: ';', assign: '=', tag: 'h1' } },
  content: ['timestamp', { literal: ':' }, 'payload'],
  timestamp: { field: 'ts' },
  toleranceSeconds: 5,
}
const PADDLE_PAYLOAD = '{"data": ["1", "2"]}'
const PADDLE_HEADER = [
  ['Paddle-Signature', 'ts=1698796800;h1=a300428748dce5c70e4da19bffd60769591ea969c99dea3105d0ec9612cf43f9'],
]
const paddleAt = (now) => ({ payload: PADDLE_PAYLOAD, secret: 'VALID_SECRET', now })
const SVIX_COLUMNS = {
  name: 'svix',
  signature: { header: 'svix-signature', form: { separator: ' ', assign: ',', tag: 'v1' } },
  encoding: 'base64',
  content: ['id', DOT, 'timestamp', DOT, 'payload'],
  secret: 'whsec',
  timestamp: { header: 'svix-timestamp' },
  id: { header: 'svix-id' },
  toleranceSeconds: 300,
}
const SVIX_DELIVERY = {
  payload: '{"email":"test@example.com","username":"test_user"}',
  secret: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD',
  now: 1649367553,
}
const svixHeaders = (tag) => [
  ['svix-id', 'msg_27UH4WbU6Z5A5EzD8u03UvzRbpk'],
  ['svix-timestamp', '1649367553'],
  ['svix-signature', `v1,${tag}`],
]

const BINARY = raw([1, 2, 3, 250, 251, 252])

const working = [
  works('bare hex', {}, [['X-Acme-Signature', bareTag]], byDigest(SIGNED_PAYLOAD)),
  works(
    'bare base64',
    { encoding: 'base64' },
    [['X-Acme-Signature', base64(SECRET, PAYLOAD)]],
    byDigest(SIGNED_PAYLOAD),
  ),
  works(
    'a prefix and hex',
    { signature: signature({ prefix: 'hmac-sha256 ' }) },
    [['X-Acme-Signature', `hmac-sha256 ${bareTag}`]],
    byDigest(SIGNED_PAYLOAD),
  ),
  works(
    'a prefix and base64',
    { signature: signature({ prefix: 'sha256=' }), encoding: 'base64' },
    [['X-Acme-Signature', `sha256=${base64(SECRET, PAYLOAD)}`]],
    byDigest(SIGNED_PAYLOAD),
  ),
  works(
    'a prefix of hex digits',
    { signature: signature({ prefix: 'abc' }) },
    [['X-Acme-Signature', `abc${bareTag}`]],
    byDigest(SIGNED_PAYLOAD),
  ),
  works(
    'a list of hex without timestamp',
    { signature: signature(LIST) },
    [['X-Acme-Signature', `v1=${bareTag}`]],
    byDigest(SIGNED_PAYLOAD),
  ),
  works(
    'a list of base64 whose padding is the assign character',
    { signature: signature(LIST), encoding: 'base64' },
    [['X-Acme-Signature', `v0=x,v1=${base64(SECRET, PAYLOAD)}`]],
    byDigest(SIGNED_PAYLOAD),
  ),
  works(
    'a list with unusual characters',
    { signature: signature({ separator: '|', assign: ':', tag: 'sig-2' }) },
    [['X-Acme-Signature', `sig-1:x|sig-2:${bareTag}`]],
    byDigest(SIGNED_PAYLOAD),
  ),
  works(
    'a timestamp header before the payload',
    DOTTED_TIME,
    [
      ['X-Acme-Signature', timeTag],
      ['X-Acme-Time', String(NOW)],
    ],
    byDigest(SIGNED_TIME, TIMED),
  ),
  works(
    'the payload before the timestamp',
    { ...DOTTED_TIME, content: ['payload', DOT, 'timestamp'] },
    [
      ['X-Acme-Signature', hex(SECRET, PAYLOAD, `.${NOW}`)],
      ['X-Acme-Time', String(NOW)],
    ],
    byDigest(SIGNED_TIME, TIMED),
  ),
  works(
    'the timestamp directly before the payload',
    { ...DOTTED_TIME, content: ['timestamp', 'payload'] },
    [
      ['X-Acme-Signature', hex(SECRET, `${NOW}`, PAYLOAD)],
      ['X-Acme-Time', String(NOW)],
    ],
    byDigest(SIGNED_TIME, TIMED),
  ),
  works(
    'the payload directly before the timestamp',
    { ...DOTTED_TIME, content: ['payload', 'timestamp'] },
    [
      ['X-Acme-Signature', hex(SECRET, PAYLOAD, `${NOW}`)],
      ['X-Acme-Time', String(NOW)],
    ],
    byDigest(SIGNED_TIME, TIMED),
  ),
  works(
    'a timestamp field of the list',
    {
      signature: signature(LIST),
      content: ['timestamp', DOT, 'payload'],
      timestamp: { field: 't' },
      toleranceSeconds: 300,
    },
    [['X-Acme-Signature', `v1=${timeTag},t=${NOW}`]],
    byDigest(SIGNED_TIME, TIMED),
  ),
  works(
    'id, payload and timestamp in this order',
    {
      ...TIME_HEADER,
      ...ID_HEADER,
      content: ['id', { literal: '|' }, 'payload', { literal: '|' }, 'timestamp'],
      toleranceSeconds: 300,
    },
    [
      ['X-Acme-Signature', hex(SECRET, 'a1|', PAYLOAD, `|${NOW}`)],
      ['X-Acme-Time', String(NOW)],
      ['X-Acme-Id', 'a1'],
    ],
    byId('a1', SIGNED_ALL, TIMED),
  ),
  works(
    'the payload before the id',
    { ...ID_HEADER, content: ['payload', { literal: ':' }, 'id'] },
    [
      ['X-Acme-Signature', hex(SECRET, PAYLOAD, ':a1')],
      ['X-Acme-Id', 'a1'],
    ],
    byId('a1', SIGNED_ID),
  ),
  works(
    'a literal at both ends of the content',
    { content: [{ literal: 'v0:' }, 'payload', { literal: '\n' }] },
    [['X-Acme-Signature', hex(SECRET, 'v0:', PAYLOAD, '\n')]],
    byDigest(SIGNED_PAYLOAD),
  ),
  works(
    'a literal beyond ASCII',
    { content: [{ literal: '→' }, 'payload'] },
    [['X-Acme-Signature', hex(SECRET, '→', PAYLOAD)]],
    byDigest(SIGNED_PAYLOAD),
  ),
  works(
    '8 parts of content',
    { content: ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((literal) => ({ literal })).concat('payload') },
    [['X-Acme-Signature', hex(SECRET, 'abcdefg', PAYLOAD)]],
    byDigest(SIGNED_PAYLOAD),
  ),
  works(
    'an id in the payload under another name',
    { id: { payload: 'event_id' } },
    [['X-Acme-Signature', bareTag]],
    byId('evt_2', SIGNED_ID),
  ),
  works(
    'an id in the payload that is not there',
    { id: { payload: 'uuid' } },
    [['X-Acme-Signature', bareTag]],
    byDigest(SIGNED_ID),
  ),
  works(
    'an id in the payload called __proto__',
    { id: { payload: '__proto__' } },
    [['X-Acme-Signature', hex(SECRET, '{"__proto__":"evt_3"}')]],
    byId('evt_3', SIGNED_ID),
    { payload: '{"__proto__":"evt_3"}' },
  ),
  works(
    'an id header that is not signed',
    ID_HEADER,
    [
      ['X-Acme-Signature', bareTag],
      ['X-Acme-Id', 'a1'],
    ],
    byDigest(SIGNED_PAYLOAD, { id: 'a1' }),
  ),
  works(
    'an id header that is not signed and not there',
    ID_HEADER,
    [['X-Acme-Signature', bareTag]],
    byDigest(SIGNED_PAYLOAD),
  ),
  works(
    'a timestamp header that is not signed and very old',
    TIME_HEADER,
    [
      ['X-Acme-Signature', bareTag],
      ['X-Acme-Time', '1'],
    ],
    byDigest(SIGNED_PAYLOAD, { timestamp: 1 }),
    { source: rules.unsigned },
  ),
  works(
    'a timestamp header that is not signed and malformed',
    TIME_HEADER,
    [
      ['X-Acme-Signature', bareTag],
      ['X-Acme-Time', 'yesterday'],
    ],
    byDigest(SIGNED_PAYLOAD),
    { source: rules.unsigned },
  ),
  works(
    'a timestamp field that is not signed',
    { signature: signature(LIST), timestamp: { field: 't' } },
    [['X-Acme-Signature', `t=1,v1=${bareTag}`]],
    byDigest(SIGNED_PAYLOAD, { timestamp: 1 }),
    { source: rules.unsigned },
  ),
  works(
    'a timestamp field that is not signed and not there',
    { signature: signature(LIST), timestamp: { field: 't' } },
    [['X-Acme-Signature', `v1=${bareTag}`]],
    byDigest(SIGNED_PAYLOAD),
    { source: rules.unsigned },
  ),
  works(
    'a timestamp field that is not signed and malformed',
    { signature: signature(LIST), timestamp: { field: 't' } },
    [['X-Acme-Signature', `t=+1,v1=${bareTag}`]],
    byDigest(SIGNED_PAYLOAD),
    { source: rules.unsigned },
  ),
  works(
    'a timestamp field that is not signed and there twice',
    { signature: signature(LIST), timestamp: { field: 't' } },
    [['X-Acme-Signature', `t=1,t=1,v1=${bareTag}`]],
    byDigest(SIGNED_PAYLOAD),
    { source: rules.unsigned },
  ),
  works(
    'a secret in base64',
    { secret: 'base64' },
    [['X-Acme-Signature', hex(BINARY, PAYLOAD)]],
    byDigest(SIGNED_PAYLOAD),
    { secret: BINARY.base64 },
  ),
  works(
    'a secret of the whsec kind',
    { secret: 'whsec' },
    [['X-Acme-Signature', hex(BINARY, PAYLOAD)]],
    byDigest(SIGNED_PAYLOAD),
    { secret: `whsec_${BINARY.base64}` },
  ),
  works('a name of 64 letters', { name: 'n'.repeat(64) }, [['X-Acme-Signature', bareTag]], {
    ...byDigest(SIGNED_PAYLOAD),
    key: acceptedByDigest('n'.repeat(64), PAYLOAD).key,
  }),
  works(
    'header names of every letter a token may have',
    { signature: { header: "!#$%&'*+-.^_`|~09azAZ", form: 'bare' } },
    [["!#$%&'*+-.^_`|~09azAZ", bareTag]],
    byDigest(SIGNED_PAYLOAD),
  ),
  works(
    'a tolerance of its own, at its edge',
    { ...DOTTED_TIME, toleranceSeconds: 60 },
    [
      ['X-Acme-Signature', timeTag],
      ['X-Acme-Time', String(NOW)],
    ],
    byDigest(SIGNED_TIME, TIMED),
    { now: NOW + 60 },
  ),
  works(
    'no tolerance of its own means 300 seconds',
    { ...DOTTED_TIME, toleranceSeconds: undefined },
    [
      ['X-Acme-Signature', timeTag],
      ['X-Acme-Time', String(NOW)],
    ],
    byDigest(SIGNED_TIME, TIMED),
    { now: NOW + 300 },
  ),
]

const published = [
  row(
    'Published: Paddle, whose list is ts=…;h1=…',
    PADDLE,
    delivery(PADDLE_COLUMNS, PADDLE_HEADER, paddleAt(1698796800)),
    acceptedByDigest('paddle', PADDLE_PAYLOAD, { signed: SIGNED_TIME, timestamp: 1698796800 }),
  ),
  row(
    'Published: Paddle with several hashes',
    PADDLE,
    delivery(
      PADDLE_COLUMNS,
      [
        [
          'Paddle-Signature',
          'ts=1698796800;h1=28981e941fae76e53db32f3d2a83cb69db41476595e84e1970a1b5d98f62b261;h1=28981e941fae76e53db32f3d2a83cb69db41476595e84e1970a1b5d98f62b261;h2=RANDOM_HASH',
        ],
      ],
      { ...paddleAt(1698796800), payload: '{"data": "value"}' },
    ),
    acceptedByDigest('paddle', '{"data": "value"}', { signed: SIGNED_TIME, timestamp: 1698796800 }),
  ),
  row(
    'Published: Paddle with a wrong secret',
    PADDLE,
    delivery(PADDLE_COLUMNS, PADDLE_HEADER, { ...paddleAt(1698796800), secret: 'INVALID_VALID_SECRET' }),
    refused('signature_mismatch'),
  ),
  row(
    'Published: Paddle with another timestamp',
    PADDLE,
    delivery(
      PADDLE_COLUMNS,
      [['Paddle-Signature', PADDLE_HEADER[0][1].replace('1698796800', '9876')]],
      paddleAt(1698796800),
    ),
    refused('signature_mismatch'),
  ),
  row(
    'Published: Paddle with spaces added to the payload',
    PADDLE,
    delivery(PADDLE_COLUMNS, PADDLE_HEADER, { ...paddleAt(1698796800), payload: '{ "data": [ "1", "2" ] }' }),
    refused('signature_mismatch'),
  ),
  row(
    'Published: Paddle 6 seconds later',
    PADDLE,
    delivery(PADDLE_COLUMNS, PADDLE_HEADER, paddleAt(1698796806)),
    refused('too_old'),
  ),
  row(
    'Paddle 5 seconds later, the last that passes',
    `${PADDLE}. ${rules.fresh}`,
    delivery(PADDLE_COLUMNS, PADDLE_HEADER, paddleAt(1698796805)),
    acceptedByDigest('paddle', PADDLE_PAYLOAD, { signed: SIGNED_TIME, timestamp: 1698796800 }),
  ),
  row(
    'Paddle 6 seconds later under a tolerance given beside the scheme',
    `${PADDLE}. ${rules.fresh}`,
    { ...delivery(PADDLE_COLUMNS, PADDLE_HEADER, paddleAt(1698796806)), toleranceSeconds: 6 },
    acceptedByDigest('paddle', PADDLE_PAYLOAD, { signed: SIGNED_TIME, timestamp: 1698796800 }),
  ),
  row(
    'Published: Svix under its own header names',
    SVIX,
    delivery(SVIX_COLUMNS, svixHeaders('tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw='), SVIX_DELIVERY),
    acceptedById('svix', 'msg_27UH4WbU6Z5A5EzD8u03UvzRbpk', { signed: SIGNED_ALL, timestamp: 1649367553 }),
  ),
  row(
    "Published: Svix's wrong tag",
    SVIX,
    delivery(SVIX_COLUMNS, svixHeaders('R3PTzyfHASBKHH98a7yexTwaJ4yNIcGhFQc1yuN+BPU='), SVIX_DELIVERY),
    refused('signature_mismatch'),
  ),
  row(
    'Published: Atlassian, under the header that GitHub uses for SHA-1',
    ATLASSIAN,
    delivery(
      { name: 'bitbucket', signature: { header: 'X-Hub-Signature', form: { prefix: 'sha256=' } } },
      [['X-Hub-Signature', 'sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9']],
      { payload: 'Hello World!', secret: "It's a Secret to Everybody" },
    ),
    acceptedByDigest('bitbucket', 'Hello World!', { signed: SIGNED_PAYLOAD }),
  ),
  row(
    'Published: Razorpay, bare hex',
    RAZORPAY,
    delivery(
      { name: 'razorpay', signature: { header: 'X-Razorpay-Signature', form: 'bare' } },
      [['X-Razorpay-Signature', '2fe04e22977002e6c7cb553adab8b460cb9e2a4970d5953cb27a8472752e3bbc']],
      { payload: '{"a":1,"b":2,"c":{"d":3}}', secret: '123456' },
    ),
    acceptedByDigest('razorpay', '{"a":1,"b":2,"c":{"d":3}}', { signed: SIGNED_PAYLOAD }),
  ),
  row(
    "Published: Razorpay's wrong signature",
    RAZORPAY,
    delivery(
      { name: 'razorpay', signature: { header: 'X-Razorpay-Signature', form: 'bare' } },
      [['X-Razorpay-Signature', 'sdfafds']],
      { payload: '{"a":1,"b":2,"c":{"d":3}}', secret: '123456' },
    ),
    refused('malformed_signature'),
  ),
]

const refusals = [
  refuses(
    'the prefix in another case',
    rules.prefix,
    { signature: signature({ prefix: 'HMAC ' }) },
    [['X-Acme-Signature', `hmac ${bareTag}`]],
    'malformed_signature',
  ),
  refuses(
    'hex where base64 is due',
    rules.base64Strict,
    { encoding: 'base64' },
    [['X-Acme-Signature', bareTag]],
    'malformed_signature',
  ),
  refuses(
    'a signed id header that is absent',
    rules.missing,
    { ...ID_HEADER, content: ['payload', { literal: ':' }, 'id'] },
    [['X-Acme-Signature', bareTag]],
    'missing_header',
  ),
  refuses(
    'a signed id that holds the separator behind the payload',
    rules.idSeparator,
    { ...ID_HEADER, content: ['payload', { literal: ':' }, 'id'] },
    [
      ['X-Acme-Signature', hex(SECRET, PAYLOAD, ':a:1')],
      ['X-Acme-Id', 'a:1'],
    ],
    'malformed_header',
  ),
  refuses(
    'a signed id that holds the first byte of the literal behind it',
    rules.idSeparator,
    { ...ID_HEADER, content: ['id', { literal: 'é' }, 'payload'] },
    [
      ['X-Acme-Signature', hex(SECRET, 'èé', PAYLOAD)],
      ['X-Acme-Id', 'è'],
    ],
    'malformed_header',
  ),
  refuses(
    "the payload's tail moved into a signed id",
    rules.idSeparator,
    { ...ID_HEADER, content: ['payload', { literal: ':' }, 'id'] },
    [
      ['X-Acme-Signature', hex(SECRET, '{"a":1}:a1')],
      ['X-Acme-Id', '1}:a1'],
    ],
    'malformed_header',
    { payload: '{"a"' },
  ),
  refuses(
    'the last digit of a timestamp moved into the payload that follows it directly',
    rules.fresh,
    { ...DOTTED_TIME, content: ['timestamp', 'payload'] },
    [
      ['X-Acme-Signature', hex(SECRET, String(NOW), PAYLOAD)],
      ['X-Acme-Time', String(NOW).slice(0, 9)],
    ],
    'too_old',
    { payload: '0' + PAYLOAD },
  ),
  refuses(
    'one second past a tolerance of its own',
    rules.fresh,
    { ...DOTTED_TIME, toleranceSeconds: 60 },
    [
      ['X-Acme-Signature', timeTag],
      ['X-Acme-Time', String(NOW)],
    ],
    'too_old',
    { now: NOW + 61 },
  ),
  refuses(
    'one second past the 300 that no tolerance means',
    rules.fresh,
    { ...DOTTED_TIME, toleranceSeconds: undefined },
    [
      ['X-Acme-Signature', timeTag],
      ['X-Acme-Time', String(NOW)],
    ],
    'too_old',
    { now: NOW + 301 },
  ),
  refuses(
    'a tolerance of zero, one second later',
    rules.fresh,
    { ...DOTTED_TIME, toleranceSeconds: 0 },
    [
      ['X-Acme-Signature', timeTag],
      ['X-Acme-Time', String(NOW)],
    ],
    'too_old',
    { now: NOW + 1 },
  ),
  refuses(
    'a literal left out by the sender',
    rules.otherMac,
    { content: [{ literal: 'v0:' }, 'payload'] },
    [['X-Acme-Signature', bareTag]],
    'signature_mismatch',
  ),
  refuses(
    'a secret with whsec_ where base64 is due',
    rules.undecodable,
    { secret: 'base64' },
    [['X-Acme-Signature', hex(BINARY, PAYLOAD)]],
    'invalid_secret',
    { secret: `whsec_${BINARY.base64}` },
  ),
  refuses(
    'a secret that is no base64',
    rules.undecodable,
    { secret: 'base64' },
    [['X-Acme-Signature', hex('not base64!', PAYLOAD)]],
    'invalid_secret',
    { secret: 'not base64!' },
  ),
  refuses(
    'a base64 secret without padding',
    rules.undecodable,
    { secret: 'base64' },
    [['X-Acme-Signature', hex(raw([1]), PAYLOAD)]],
    'invalid_secret',
    { secret: 'AQ' },
  ),
  refuses(
    'a base64 secret of zero bytes',
    rules.emptyKey,
    { secret: 'base64' },
    [['X-Acme-Signature', hex('', PAYLOAD)]],
    'invalid_secret',
    { secret: 'AAAA' },
  ),
]

const wrongColumns = [
  wrong('empty', 'name', { name: '' }),
  wrong('a colon', 'name', { name: 'acme:id' }),
  wrong('65 letters', 'name', { name: 'n'.repeat(65) }),
  wrong('a letter beyond ASCII', 'name', { name: 'acmé' }),
  wrong('a line end', 'name', { name: 'acme\n' }),
  wrong('a NUL', 'name', { name: 'ac\u0000me' }),
  wrong('empty', 'signature.header', { signature: { header: '', form: 'bare' } }),
  wrong('a space', 'signature.header', { signature: { header: 'X Acme', form: 'bare' } }),
  wrong('a colon', 'signature.header', { signature: { header: 'X-Acme-Signature:', form: 'bare' } }),
  wrong('a letter beyond ASCII', 'signature.header', { signature: { header: 'X-Acmé', form: 'bare' } }),
  wrong('a line end', 'signature.header', { signature: { header: 'X-Acme-Signature\r\n', form: 'bare' } }),
  wrong('parentheses', 'signature.header', { signature: { header: 'X-Acme(1)', form: 'bare' } }),
  wrong('an unknown word', 'signature.form', { signature: signature('naked') }),
  wrong('empty', 'signature.form.prefix', { signature: signature({ prefix: '' }) }),
  wrong('empty', 'signature.form.separator', { signature: signature({ ...LIST, separator: '' }) }),
  wrong('two characters', 'signature.form.separator', { signature: signature({ ...LIST, separator: ', ' }) }),
  wrong('a letter', 'signature.form.separator', { signature: signature({ ...LIST, separator: 'x' }) }),
  wrong('a digit', 'signature.form.separator', { signature: signature({ ...LIST, separator: '0' }) }),
  wrong('a tab', 'signature.form.separator', { signature: signature({ ...LIST, separator: '\t' }) }),
  wrong('a DEL', 'signature.form.separator', { signature: signature({ ...LIST, separator: '\u007f' }) }),
  wrong('not ASCII', 'signature.form.separator', { signature: signature({ ...LIST, separator: '·' }) }),
  wrong('empty', 'signature.form.assign', { signature: signature({ ...LIST, assign: '' }) }),
  wrong('two characters', 'signature.form.assign', { signature: signature({ ...LIST, assign: '==' }) }),
  wrong('a letter', 'signature.form.assign', { signature: signature({ ...LIST, assign: 'v' }) }),
  wrong('a digit', 'signature.form.assign', { signature: signature({ ...LIST, assign: '1' }) }),
  wrong('the same as the separator', 'signature.form.assign', { signature: signature({ ...LIST, assign: ',' }) }),
  wrong('empty', 'signature.form.tag', { signature: signature({ ...LIST, tag: '' }) }),
  wrong('an unknown word', 'encoding', { encoding: 'base32' }),
  wrong('base64url, which is not base64', 'encoding', { encoding: 'base64url' }),
  wrong('hex in upper case', 'encoding', { encoding: 'HEX' }),
  wrong('an unknown word', 'secret', { secret: 'hex' }),
  wrong('whsec with its underscore', 'secret', { secret: 'whsec_' }),
  wrong('no parts', 'content', { content: [] }),
  wrong('no payload', 'content', { content: [{ literal: 'x' }] }),
  wrong('the payload twice', 'content', { content: ['payload', DOT, 'payload'] }),
  wrong('the timestamp twice', 'content', { ...TIME_HEADER, content: ['timestamp', DOT, 'timestamp', DOT, 'payload'] }),
  wrong('the id twice', 'content', { ...ID_HEADER, content: ['id', DOT, 'id', DOT, 'payload'] }),
  wrong('an empty literal', 'content', { content: [{ literal: '' }, 'payload'] }),
  wrong('an unknown part', 'content', { content: ['body'] }),
  wrong('9 parts', 'content', {
    content: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((literal) => ({ literal })).concat('payload'),
  }),
  wrong('the id directly before the payload', 'content', { ...ID_HEADER, content: ['id', 'payload'] }),
  wrong('the id directly behind the payload', 'content', { ...ID_HEADER, content: ['payload', 'id'] }),
  wrong('signed and not there', 'timestamp', { content: ['timestamp', DOT, 'payload'] }),
  wrong('a header name with a space', 'timestamp.header', { timestamp: { header: 'X Time' } }),
  wrong("the signature's header", 'timestamp.header', { timestamp: { header: 'x-acme-signature' } }),
  wrong('a field beside a bare signature', 'timestamp.field', { timestamp: { field: 't' } }),
  wrong('a field beside a prefix', 'timestamp.field', {
    signature: signature({ prefix: 'sha256=' }),
    timestamp: { field: 't' },
  }),
  wrong('an empty field', 'timestamp.field', { signature: signature(LIST), timestamp: { field: '' } }),
  wrong('signed and not there', 'id', { content: ['id', DOT, 'payload'] }),
  wrong('signed as a header and found in the payload', 'id', {
    id: { payload: 'id' },
    content: ['id', DOT, 'payload'],
  }),
  wrong('an empty header name', 'id.header', { id: { header: '' } }),
  wrong("the signature's header", 'id.header', { id: { header: 'X-ACME-SIGNATURE' } }),
  wrong("the timestamp's header", 'id.header', { ...TIME_HEADER, id: { header: 'x-acme-time' } }),
  wrong('no timestamp at all', 'toleranceSeconds', { toleranceSeconds: 300 }),
  wrong('a timestamp that is not signed', 'toleranceSeconds', { ...TIME_HEADER, toleranceSeconds: 300 }),
]

const UNKNOWN = ['acme', 'Immutis', 'immutis ', '', '__proto__', 'constructor', 'toString', 'standard_webhooks']

export default {
  about:
    'Schemes that a caller writes: those that work, in every form, encoding and order; their refusals; and every wrong column, with the dotted path that the error names. Last, names that are no provider.',
  source: `the rules; ${PADDLE}; ${SVIX}; ${ATLASSIAN}; ${RAZORPAY}; other tags from node:crypto`,
  cases: [
    ...working,
    ...published,
    ...refusals,
    ...wrongColumns,
    ...UNKNOWN.map((provider) =>
      row(
        `Unknown provider: "${provider}"`,
        rules.unknownProvider,
        { ...send('immutis', PAYLOAD), provider },
        refused('unknown_provider'),
      ),
    ),
  ],
}
