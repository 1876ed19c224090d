import crypto from 'node:crypto'
import { acceptedById, refused, row } from '../expected.mjs'
import { base64, hex, raw, standardKey } from '../oracle.mjs'
import { NOW, SECRETS, send } from '../senders.mjs'
import rules from './rules.mjs'

const invalid = refused('invalid_secret')
const mismatch = refused('signature_mismatch')
const PAYLOAD = '{"id":"evt_secret"}'
const accepted = acceptedById('immutis', 'evt_secret')

// The tag is made under the very key that a careless verifier would end up with, so that only the rule refuses the row.
function keyed(secret, key = secret) {
  return {
    provider: 'immutis',
    secret,
    headers: [['X-Immutis-Signature', hex(key, PAYLOAD)]],
    payload: PAYLOAD,
    now: NOW,
  }
}

const BLANKS = [
  ['one space', ' '],
  ['spaces and tabs', ' \t \t '],
  ['line ends', '\r\n\n'],
  ['a vertical tab and a form feed', '\u000b\u000c'],
  ['a no-break space', '\u00a0'],
  ['an ideographic space', '\u3000'],
  ['a line separator', '\u2028'],
  ['a byte order mark', '\ufeff'],
  ['a NUL', '\u0000'],
  ['three NULs', '\u0000\u0000\u0000'],
  ['a NUL between spaces', ' \u0000 '],
  ['a byte order mark, a NUL and a line end', '\ufeff\u0000\n'],
]

const LONG = 'k'.repeat(65)

function standard(secret, key = standardKey(SECRETS['standard-webhooks'])) {
  const signature = `v1,${base64(key, `msg_1.${NOW}.`, PAYLOAD)}`
  return {
    provider: 'standard-webhooks',
    secret,
    headers: [
      ['webhook-signature', signature],
      ['webhook-timestamp', String(NOW)],
      ['webhook-id', 'msg_1'],
    ],
    payload: PAYLOAD,
    now: NOW,
  }
}

const KEY = Buffer.from(SECRETS['standard-webhooks'].slice(6), 'base64')
const standardAccepted = acceptedById('standard-webhooks', 'msg_1', { timestamp: NOW })
const PLUS_AND_SLASH = Buffer.from('fbefbefbefbefbefff', 'hex')

export default {
  about:
    'Secrets: what is a key and what is refused, how its text becomes bytes, how long it may be, how many there may be, and which one is reported.',
  source: 'the rules, each row naming its own; tags from node:crypto under the key that a careless verifier would use',
  cases: [
    row('Empty: no letters', rules.emptyKey, keyed(''), invalid),
    row('Empty: no bytes', rules.emptyKey, keyed(raw([]), ''), invalid),
    ...BLANKS.map(([what, secret]) => row(`Blank: ${what}`, rules.emptyKey, keyed(secret), invalid)),
    row('All zero: one byte, which makes the tag of the empty key', rules.emptyKey, keyed(raw([0]), ''), invalid),
    row('All zero: 32 bytes', rules.emptyKey, keyed(raw(Buffer.alloc(32))), invalid),
    row('All zero: 64 bytes, a whole block', rules.emptyKey, keyed(raw(Buffer.alloc(64))), invalid),
    row('All zero: 65 bytes, which HMAC hashes first', rules.emptyKey, keyed(raw(Buffer.alloc(65))), invalid),
    row('Not all zero: 31 zero bytes and a one', rules.emptyKey, keyed(raw([...Buffer.alloc(31), 1])), accepted),
    row('Not all zero: the digit 0', rules.emptyKey, keyed('00000000'), accepted),
    row('Not blank: a letter among spaces', rules.secretExact, keyed(' a '), accepted),
    row('Not blank: one letter', rules.secretExact, keyed('a'), accepted),
    row('Not blank: the word undefined is a secret like any other', rules.secretExact, keyed('undefined'), accepted),
    row('Text: letters beyond ASCII are their UTF-8', rules.secretExact, keyed('пароль-🔑'), accepted),
    row(
      'Text: letters beyond ASCII as Latin-1 are another key',
      rules.secretExact,
      keyed('café', raw(Buffer.from('café', 'latin1'))),
      mismatch,
    ),
    row(
      'Text: a composed and a decomposed letter are two secrets',
      rules.secretExact,
      keyed('caf\u00e9', 'cafe\u0301'),
      mismatch,
    ),
    row('Text: a line end behind the secret is part of it', rules.secretExact, keyed('secret\n'), accepted),
    row('Text: a line end behind the secret is not dropped', rules.secretExact, keyed('secret\n', 'secret'), mismatch),
    row('Text: a space in front of the secret is not dropped', rules.secretExact, keyed(' secret', 'secret'), mismatch),
    row(
      'Text: a byte order mark in front of the secret is not dropped',
      rules.secretExact,
      keyed('\ufeffsecret', 'secret'),
      mismatch,
    ),
    row(
      'Text: quotation marks around the secret are not dropped',
      rules.secretExact,
      keyed('"secret"', 'secret'),
      mismatch,
    ),
    row('Text: a NUL inside the secret does not end it', rules.secretExact, keyed('secret\u0000tail'), accepted),
    row(
      'Text: a NUL inside the secret is not where the key ends',
      rules.secretExact,
      keyed('secret\u0000tail', 'secret'),
      mismatch,
    ),
    row('Text: hex digits are not decoded', rules.secretExact, keyed('00ff00ff'), accepted),
    row(
      'Text: hex digits are not taken for their bytes',
      rules.secretExact,
      keyed('00ff00ff', raw([0, 255, 0, 255])),
      mismatch,
    ),
    row(
      'Text: base64 is not decoded where the scheme says utf8',
      rules.secretExact,
      keyed('c2VjcmV0', 'secret'),
      mismatch,
    ),
    row('Text: whsec_ is kept where the scheme says utf8', rules.secretExact, keyed('whsec_c2VjcmV0'), accepted),
    row(
      'Text: whsec_ is not dropped where the scheme says utf8',
      rules.secretExact,
      keyed('whsec_c2VjcmV0', 'c2VjcmV0'),
      mismatch,
    ),
    row('Bytes: a key that is no UTF-8', rules.secretExact, keyed(raw([0xff, 0xfe, 0x80, 0x01])), accepted),
    row('Bytes: the same bytes as a text', rules.secretExact, keyed(raw(Buffer.from('secret')), 'secret'), accepted),
    row('Length: 64 bytes, a whole block', rules.otherMac, keyed('k'.repeat(64)), accepted),
    row('Length: 65 bytes, which HMAC hashes first', rules.otherMac, keyed(LONG), accepted),
    row(
      "Length: 65 bytes are as good as their SHA-256, which is HMAC's own rule",
      rules.otherMac,
      keyed(LONG, raw(crypto.createHash('sha256').update(LONG).digest())),
      accepted,
    ),
    row('Length: exactly 8192 bytes', rules.secretCap, keyed('k'.repeat(8192)), accepted),
    row('Length: 8193 bytes', rules.secretCap, keyed('k'.repeat(8193)), invalid),
    row(
      'Length: fewer than 8192 letters that take more than 8192 bytes',
      rules.secretCap,
      keyed('é'.repeat(4097)),
      invalid,
    ),
    row('Number: none', rules.secretCount, { ...keyed(''), secret: [] }, invalid),
    row('Number: an array of one', rules.rotation, { ...keyed('a1'), secret: ['a1'] }, accepted),
    row(
      'Number: 8, the last one signed',
      rules.secretCount,
      { ...keyed('h8'), secret: ['a1', 'b2', 'c3', 'd4', 'e5', 'f6', 'g7', 'h8'] },
      { ...accepted, secretIndex: 7 },
    ),
    row(
      'Number: 9, the first one signed',
      rules.secretCount,
      { ...keyed('a1'), secret: ['a1', 'b2', 'c3', 'd4', 'e5', 'f6', 'g7', 'h8', 'i9'] },
      invalid,
    ),
    row(
      'Number: the good one stands beside an empty one',
      rules.secretCount,
      { ...keyed('a1'), secret: ['a1', ''] },
      invalid,
    ),
    row(
      'Number: the good one stands behind a blank one',
      rules.secretCount,
      { ...keyed('a1'), secret: ['\n', 'a1'] },
      invalid,
    ),
    row(
      'Number: the good one stands beside an all-zero one',
      rules.secretCount,
      { ...keyed('a1'), secret: ['a1', raw(Buffer.alloc(16))] },
      invalid,
    ),
    row(
      'Number: the same secret twice reports the first',
      rules.rotation,
      { ...keyed('a1'), secret: ['b2', 'a1', 'a1'] },
      { ...accepted, secretIndex: 1 },
    ),
    row(
      'Number: bytes and text side by side',
      rules.rotation,
      { ...keyed('a1'), secret: [raw([1, 2, 3]), 'a1'] },
      { ...accepted, secretIndex: 1 },
    ),
    row('whsec: with its prefix', rules.whsec, standard(SECRETS['standard-webhooks']), standardAccepted),
    row('whsec: without its prefix', rules.whsec, standard(SECRETS['standard-webhooks'].slice(6)), standardAccepted),
    row('whsec: one byte as a key', rules.whsec, standard('whsec_AQ==', raw([1])), standardAccepted),
    row(
      'whsec: a plus and a slash',
      rules.whsec,
      standard('whsec_' + PLUS_AND_SLASH.toString('base64'), raw(PLUS_AND_SLASH)),
      standardAccepted,
    ),
    row(
      'whsec: the URL-safe alphabet',
      rules.undecodable,
      standard('whsec_' + PLUS_AND_SLASH.toString('base64url'), raw(PLUS_AND_SLASH)),
      invalid,
    ),
    row('whsec: no padding', rules.undecodable, standard('whsec_AQ', raw([1])), invalid),
    row('whsec: padding once where twice is due', rules.undecodable, standard('whsec_AQ=', raw([1])), invalid),
    row('whsec: padding that is not due', rules.undecodable, standard(SECRETS['standard-webhooks'] + '='), invalid),
    row('whsec: unused bits set', rules.undecodable, standard('whsec_AR==', raw([1])), invalid),
    row('whsec: the prefix alone', rules.emptyKey, standard('whsec_', ''), invalid),
    row('whsec: the prefix twice', rules.undecodable, standard('whsec_' + SECRETS['standard-webhooks']), invalid),
    row(
      'whsec: the prefix in upper case',
      rules.undecodable,
      standard('WHSEC_' + SECRETS['standard-webhooks'].slice(6)),
      invalid,
    ),
    row('whsec: another prefix', rules.undecodable, standard('whsk_' + SECRETS['standard-webhooks'].slice(6)), invalid),
    row('whsec: a line end behind it', rules.undecodable, standard(SECRETS['standard-webhooks'] + '\n'), invalid),
    row('whsec: a space in front of it', rules.undecodable, standard(' ' + SECRETS['standard-webhooks']), invalid),
    row(
      'whsec: letters that a lenient decoder skips',
      rules.undecodable,
      standard('whsec_MfKQ-9r8GKYqrTwjUPD8ILPZIo2LaLaSw'),
      invalid,
    ),
    row('whsec: all zero bytes', rules.emptyKey, standard('whsec_' + 'A'.repeat(32), ''), invalid),
    row(
      'whsec: decodes to white space',
      rules.emptyKey,
      standard('whsec_' + Buffer.from(' \n ').toString('base64'), ' \n '),
      invalid,
    ),
    row('whsec: an empty text', rules.emptyKey, standard('', ''), invalid),
    row(
      'whsec: the hex of the key decodes to other bytes',
      rules.whsec,
      standard('whsec_' + KEY.toString('hex')),
      mismatch,
    ),
    row(
      'whsec: a good secret beside one that does not decode',
      rules.secretCount,
      standard([SECRETS['standard-webhooks'], 'whsec_!']),
      invalid,
    ),
    row(
      "A secret of one provider does not verify another's delivery",
      rules.otherMac,
      { ...send('immune', PAYLOAD), secret: SECRETS.immutis },
      mismatch,
    ),
  ],
}
