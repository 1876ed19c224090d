import { acceptedByDigest, acceptedById, refused, row } from '../expected.mjs'
import { base64, hex, standardKey } from '../oracle.mjs'
import { NOW, SECRETS, send, signatureOf, withHeader, withMore, withoutHeader } from '../senders.mjs'
import rules from './rules.mjs'

const missing = refused('missing_header')
const malformed = refused('malformed_header')
const LIMIT = 8192

const PAYLOAD = '{"id":"evt_headers"}'
const bare = send('immutis', PAYLOAD)
const bareTag = signatureOf('immutis', PAYLOAD)
const bareAccepted = acceptedById('immutis', 'evt_headers')

const slack = send('slack', PAYLOAD)
const slackAccepted = acceptedByDigest('slack', PAYLOAD, { timestamp: NOW })

const standard = send('standard-webhooks', PAYLOAD, { id: 'msg_1' })
const standardAccepted = acceptedById('standard-webhooks', 'msg_1', { timestamp: NOW })

const stripe = send('stripe', PAYLOAD)
const stripeText = signatureOf('stripe', PAYLOAD)
const stripeAccepted = acceptedById('stripe', 'evt_headers', { timestamp: NOW })

function named(delivery, ...names) {
  return { ...delivery, headers: delivery.headers.map(([, value], index) => [names[index], value]) }
}

// Fills an honest list with an entry that every verifier skips, up to the size asked for, which `size` counts.
function stripeTextOf(total, filler = 'x', size = filler.length) {
  const room = total - stripeText.length - ',v0='.length
  return `${stripeText},v0=${filler.repeat(Math.floor(room / size))}${'x'.repeat(room % size)}`
}

function standardWithId(id) {
  return send('standard-webhooks', PAYLOAD, { id })
}

function ownHeader(header) {
  const scheme = {
    name: 'acme',
    signature: { header, form: 'bare' },
    encoding: 'hex',
    content: ['payload'],
    secret: 'utf8',
  }
  return { scheme, secret: 'acme-secret', headers: [[header, hex('acme-secret', PAYLOAD)]], payload: PAYLOAD, now: NOW }
}

const ownAccepted = acceptedByDigest('acme', PAYLOAD, { signed: ['payload'] })
const INHERITED = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', 'get']

export default {
  about:
    'Headers: found by name in any ASCII case, there once, not empty, and of bounded size. Give the pairs to a verifier as pairs: an object of the Fetch standard joins a repeated name into one value.',
  source: 'the rules, each row naming its own; tags from node:crypto',
  cases: [
    row('Name: as the provider spells it', rules.anyCase, bare, bareAccepted),
    row('Name: in lower case', rules.anyCase, named(bare, 'x-immutis-signature'), bareAccepted),
    row('Name: in upper case', rules.anyCase, named(bare, 'X-IMMUTIS-SIGNATURE'), bareAccepted),
    row('Name: in mixed case', rules.anyCase, named(bare, 'x-iMMutis-sIGNATURE'), bareAccepted),
    row(
      'Name: the three of Standard Webhooks in upper case',
      rules.anyCase,
      named(standard, 'WEBHOOK-SIGNATURE', 'WEBHOOK-TIMESTAMP', 'WEBHOOK-ID'),
      standardAccepted,
    ),
    row(
      'Name: an unsigned id header in lower case',
      rules.anyCase,
      named(send('imtegrate', PAYLOAD, { id: 'dlv_1' }), 'x-imtegrate-signature', 'x-imtegrate-delivery-id'),
      acceptedByDigest('imtegrate', PAYLOAD, { id: 'dlv_1' }),
    ),
    row(
      'Name: the long s, which folds to s outside ASCII',
      rules.anyCase,
      named(bare, 'X-Immuti\u017f-Signature'),
      missing,
    ),
    row(
      'Name: the Kelvin sign, which folds to k outside ASCII',
      rules.anyCase,
      named(send('kyc', PAYLOAD), 'X-Webhoo\u212a-Signature'),
      missing,
    ),
    row(
      'Name: the dotted capital I, which folds to i in some languages',
      rules.anyCase,
      named(bare, 'X-\u0130mmutis-Signature'),
      missing,
    ),
    row('Name: underscores in place of hyphens', rules.ownNames, named(bare, 'X_Immutis_Signature'), missing),
    row('Name: as a CGI variable', rules.ownNames, named(bare, 'HTTP_X_IMMUTIS_SIGNATURE'), missing),
    row('Name: a space behind it', rules.ownNames, named(bare, 'X-Immutis-Signature '), missing),
    row('Name: a colon behind it', rules.ownNames, named(bare, 'X-Immutis-Signature:'), missing),
    row('Name: one letter short', rules.ownNames, named(bare, 'X-Immutis-Signatur'), missing),
    row('Name: one letter long', rules.ownNames, named(bare, 'X-Immutis-Signatures'), missing),
    row('Name: empty', rules.ownNames, named(bare, ''), missing),
    row('Missing: no headers at all', rules.missing, { ...bare, headers: [] }, missing),
    row('Missing: an empty value', rules.missing, withHeader(bare, 'X-Immutis-Signature', ''), missing),
    row('Missing: only spaces and tabs', rules.missing, withHeader(bare, 'X-Immutis-Signature', ' \t \t'), missing),
    row(
      'Missing: more spaces than the limit, which is still nothing',
      rules.order,
      withHeader(bare, 'X-Immutis-Signature', ' '.repeat(LIMIT + 1)),
      missing,
    ),
    row(
      'Missing: the timestamp header is empty',
      rules.missing,
      withHeader(slack, 'X-Slack-Request-Timestamp', ''),
      missing,
    ),
    row(
      'Missing: the timestamp header is a tab',
      rules.missing,
      withHeader(slack, 'X-Slack-Request-Timestamp', '\t'),
      missing,
    ),
    row('Missing: the signed id header is empty', rules.missing, withHeader(standard, 'webhook-id', ''), missing),
    row('Missing: the signed id header is a space', rules.missing, withHeader(standard, 'webhook-id', ' '), missing),
    row('Missing: the signed id was empty for its sender too', rules.missing, standardWithId(''), missing),
    row(
      'Other white space is not nothing: a no-break space',
      rules.edges,
      withHeader(bare, 'X-Immutis-Signature', '\u00a0'),
      refused('malformed_signature'),
    ),
    row(
      'Other white space is not nothing: a line end',
      rules.edges,
      withHeader(bare, 'X-Immutis-Signature', '\r\n'),
      refused('malformed_signature'),
    ),
    row(
      'Edges: spaces and tabs around each value of Slack',
      rules.edges,
      { ...slack, headers: slack.headers.map(([name, value]) => [name, `\t ${value} \t`]) },
      slackAccepted,
    ),
    row(
      'Edges: spaces and tabs around the signed id',
      rules.edges,
      withHeader(standard, 'webhook-id', '\t msg_1 '),
      standardAccepted,
    ),
    row(
      'Edges: the spaces around the id were signed too',
      rules.edges,
      standardWithId(' msg_1 '),
      refused('signature_mismatch'),
    ),
    row(
      'Twice: the signature, both times the same',
      rules.twice,
      withMore(bare, ['X-Immutis-Signature', bareTag]),
      malformed,
    ),
    row(
      'Twice: the signature, the first one good',
      rules.twice,
      withMore(bare, ['X-Immutis-Signature', '0'.repeat(64)]),
      malformed,
    ),
    row(
      'Twice: the signature, the last one good',
      rules.twice,
      { ...bare, headers: [['X-Immutis-Signature', '0'.repeat(64)], ...bare.headers] },
      malformed,
    ),
    row(
      'Twice: the signature under names of different case',
      rules.twice,
      withMore(bare, ['x-immutis-signature', bareTag]),
      malformed,
    ),
    row(
      'Twice: the signature of a list scheme',
      rules.twice,
      withMore(stripe, ['Stripe-Signature', stripeText]),
      malformed,
    ),
    row(
      'Twice: the signed timestamp',
      rules.twice,
      withMore(slack, ['X-Slack-Request-Timestamp', String(NOW)]),
      malformed,
    ),
    row('Twice: the signed id', rules.twice, withMore(standard, ['webhook-id', 'msg_1']), malformed),
    row(
      'Three times: the signature',
      rules.twice,
      withMore(bare, ['X-Immutis-Signature', bareTag], ['X-Immutis-Signature', bareTag]),
      malformed,
    ),
    row(
      'Twice: a header that nobody reads',
      rules.unsigned,
      withMore(bare, ['Accept', '*/*'], ['Accept', 'text/html']),
      bareAccepted,
    ),
    row(
      'Size: a signature header of exactly 8192 bytes',
      rules.cap,
      withHeader(stripe, 'Stripe-Signature', stripeTextOf(LIMIT)),
      stripeAccepted,
    ),
    row(
      'Size: a signature header of 8193 bytes',
      rules.cap,
      withHeader(stripe, 'Stripe-Signature', stripeTextOf(LIMIT + 1)),
      malformed,
    ),
    row(
      'Size: 8192 bytes of which one letter takes two',
      rules.cap,
      withHeader(stripe, 'Stripe-Signature', stripeTextOf(LIMIT, 'é', 2)),
      stripeAccepted,
    ),
    row(
      'Size: fewer than 8192 letters that take more than 8192 bytes',
      rules.cap,
      withHeader(stripe, 'Stripe-Signature', stripeTextOf(LIMIT + 2, 'é', 2)),
      malformed,
    ),
    row(
      'Size: 8193 bytes of which the last is a space that trimming would drop',
      rules.cap,
      withHeader(stripe, 'Stripe-Signature', stripeTextOf(LIMIT) + ' '),
      malformed,
    ),
    row(
      'Size: a bare tag with spaces up to exactly 8192 bytes',
      rules.cap,
      withHeader(bare, 'X-Immutis-Signature', bareTag.padEnd(LIMIT, ' ')),
      bareAccepted,
    ),
    row(
      'Size: a bare tag with spaces up to 8193 bytes',
      rules.cap,
      withHeader(bare, 'X-Immutis-Signature', bareTag.padStart(LIMIT + 1, ' ')),
      malformed,
    ),
    row(
      'Size: a timestamp header of 8193 digits',
      rules.cap,
      withHeader(slack, 'X-Slack-Request-Timestamp', '1'.repeat(LIMIT + 1)),
      malformed,
    ),
    row(
      'Size: a timestamp header of 8192 digits is only a bad timestamp',
      rules.cap,
      withHeader(slack, 'X-Slack-Request-Timestamp', '1'.repeat(LIMIT)),
      refused('malformed_timestamp'),
    ),
    row(
      'Size: a signed id of exactly 8192 bytes',
      rules.cap,
      standardWithId('i'.repeat(LIMIT)),
      acceptedById('standard-webhooks', 'i'.repeat(LIMIT), { timestamp: NOW }),
    ),
    row('Size: a signed id of 8193 bytes', rules.cap, standardWithId('i'.repeat(LIMIT + 1)), malformed),
    row(
      'Size: an unsigned id of 8193 bytes is reported as null',
      rules.unsigned,
      send('imtegrate', PAYLOAD, { id: 'i'.repeat(LIMIT + 1) }),
      acceptedByDigest('imtegrate', PAYLOAD),
    ),
    row(
      'Size: another header of 9000 bytes',
      rules.unsigned,
      withMore(bare, ['Cookie', 'c'.repeat(9000)]),
      bareAccepted,
    ),
    row('Signed id: a dot inside', rules.idSeparator, standardWithId('msg.1'), malformed),
    row('Signed id: a dot at its end', rules.idSeparator, standardWithId('msg_1.'), malformed),
    row('Signed id: a dot at its start', rules.idSeparator, standardWithId('.msg_1'), malformed),
    row('Signed id: nothing but a dot', rules.idSeparator, standardWithId('.'), malformed),
    row(
      'Signed id: a colon, which is no separator here',
      rules.idSeparator,
      standardWithId('msg:1'),
      acceptedById('standard-webhooks', 'msg:1', { timestamp: NOW }),
    ),
    row(
      'Signed id: a space inside',
      rules.edges,
      standardWithId('msg 1'),
      acceptedById('standard-webhooks', 'msg 1', { timestamp: NOW }),
    ),
    row(
      'Signed id: the name of an object property',
      rules.key,
      standardWithId('__proto__'),
      acceptedById('standard-webhooks', '__proto__', { timestamp: NOW }),
    ),
    row(
      'Signed id: another case is another id',
      rules.otherMac,
      withHeader(standard, 'webhook-id', 'MSG_1'),
      refused('signature_mismatch'),
    ),
    row(
      'Inherited names as headers beside the honest one',
      rules.ownNames,
      withMore(bare, ...INHERITED.map((name) => [name, 'x'])),
      bareAccepted,
    ),
    row(
      'Inherited names as headers and nothing else',
      rules.ownNames,
      { ...bare, headers: INHERITED.map((name) => [name, bareTag]) },
      missing,
    ),
    ...['__proto__', 'constructor', 'toString'].map((header) =>
      row(`A scheme whose signature header is called ${header}`, rules.ownNames, ownHeader(header), ownAccepted),
    ),
    ...['__proto__', 'constructor', 'toString'].map((header) =>
      row(
        `A scheme whose signature header is called ${header}, which is not there`,
        rules.ownNames,
        { ...ownHeader(header), headers: [['X-Other', '1']] },
        missing,
      ),
    ),
    row('A signature header whose name ends as ours', rules.ownNames, named(bare, 'Old-X-Immutis-Signature'), missing),
    row(
      'The value holds a whole header line',
      rules.edges,
      withHeader(bare, 'X-Immutis-Signature', `X-Immutis-Signature: ${bareTag}`),
      refused('malformed_signature'),
    ),
    row(
      "The signature under the timestamp's name and the other way round",
      rules.ownNames,
      named(slack, 'X-Slack-Request-Timestamp', 'X-Slack-Signature'),
      refused('malformed_timestamp'),
    ),
    row(
      'The headers in reverse order',
      rules.ownNames,
      { ...standard, headers: [...standard.headers].reverse() },
      standardAccepted,
    ),
    row(
      'Only the signature of three required headers',
      rules.missing,
      withoutHeader(withoutHeader(standard, 'webhook-id'), 'webhook-timestamp'),
      missing,
    ),
    row(
      'An honest tag for another id under the same timestamp',
      rules.otherMac,
      withHeader(
        standard,
        'webhook-signature',
        `v1,${base64(standardKey(SECRETS['standard-webhooks']), `msg_2.${NOW}.`, PAYLOAD)}`,
      ),
      refused('signature_mismatch'),
    ),
  ],
}
