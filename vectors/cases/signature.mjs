import crypto from 'node:crypto'
import { acceptedByDigest, acceptedById, refused, row } from '../expected.mjs'
import { base64, bytes, hex, standardKey } from '../oracle.mjs'
import { NOW, SECRETS, send, withSignature } from '../senders.mjs'
import rules from './rules.mjs'

const malformed = refused('malformed_signature')
const mismatch = refused('signature_mismatch')

// Bare hex, as Immutis writes it.
const PAYLOAD = '{"id":"evt_sig","type":"evidence.captured"}'
const bare = send('immutis', PAYLOAD)
const tag = hex(SECRETS.immutis, PAYLOAD)
const bareAccepted = acceptedById('immutis', 'evt_sig')
const secret = bytes(SECRETS.immutis)

function bareRow(name, source, signature, expected) {
  return row(`Bare hex: ${name}`, source, withSignature(bare, signature), expected)
}

function flip(digit) {
  return (parseInt(digit, 16) ^ 1).toString(16)
}

const bareCases = [
  bareRow('upper case', rules.hexStrict, tag.toUpperCase(), bareAccepted),
  bareRow(
    'both cases mixed',
    rules.hexStrict,
    [...tag].map((digit, index) => (index % 2 ? digit.toUpperCase() : digit)).join(''),
    bareAccepted,
  ),
  bareRow('spaces and tabs at both ends', rules.edges, ` \t${tag}\t `, bareAccepted),
  bareRow('63 digits', rules.hexStrict, tag.slice(0, 63), malformed),
  bareRow('65 digits', rules.hexStrict, tag + '0', malformed),
  bareRow('62 digits, one byte short', rules.wholeTag, tag.slice(0, 62), malformed),
  bareRow('66 digits, one byte long', rules.wholeTag, tag + '00', malformed),
  bareRow('one byte, which a comparison up to the shorter end takes', rules.wholeTag, tag.slice(0, 2), malformed),
  bareRow('the first half of the tag', rules.wholeTag, tag.slice(0, 32), malformed),
  bareRow('the tag twice in a row', rules.wholeTag, tag + tag, malformed),
  bareRow('the hex of the hex', rules.wholeTag, Buffer.from(tag).toString('hex'), malformed),
  bareRow('a letter beyond f at the end', rules.hexStrict, tag.slice(0, 63) + 'g', malformed),
  bareRow('a letter beyond f at the start', rules.hexStrict, 'g' + tag.slice(1), malformed),
  bareRow('a good tag with 0x in front', rules.hexStrict, '0x' + tag, malformed),
  bareRow('0x in place of the first byte', rules.hexStrict, '0x' + tag.slice(2), malformed),
  bareRow('a space in the middle', rules.edges, `${tag.slice(0, 32)} ${tag.slice(32)}`, malformed),
  bareRow('a line end behind it', rules.edges, tag + '\n', malformed),
  bareRow('a NUL behind it', rules.edges, tag + '\u0000', malformed),
  bareRow('a no-break space in front', rules.edges, '\u00a0' + tag, malformed),
  bareRow('a byte order mark in front', rules.edges, '\ufeff' + tag, malformed),
  bareRow('quotation marks around it', rules.hexStrict, `"${tag}"`, malformed),
  bareRow('colons between the bytes', rules.hexStrict, tag.match(/../g).join(':'), malformed),
  bareRow(
    'a percent sign before each byte',
    rules.hexStrict,
    tag
      .match(/../g)
      .map((byte) => '%' + byte)
      .join(''),
    malformed,
  ),
  bareRow(
    'full-width digits',
    rules.hexStrict,
    tag.replace(/[0-9]/g, (digit) => String.fromCharCode(0xff10 + Number(digit))),
    malformed,
  ),
  bareRow('64 letters that are not ASCII', rules.hexStrict, 'é'.repeat(64), malformed),
  bareRow('two tags with a comma, the first one good', rules.hexStrict, `${tag}, ${'0'.repeat(64)}`, malformed),
  bareRow('the form of another provider, sha256=', rules.schemeDecides, `sha256=${tag}`, malformed),
  bareRow('the form of another provider, t= and v1=', rules.schemeDecides, `t=${NOW},v1=${tag}`, malformed),
  bareRow('the words null and undefined', rules.hexStrict, 'null undefined', malformed),
  bareRow(
    'an HMAC-SHA1 tag',
    rules.otherMac,
    crypto.createHmac('sha1', secret).update(PAYLOAD).digest('hex'),
    malformed,
  ),
  bareRow(
    'an HMAC-SHA512 tag',
    rules.otherMac,
    crypto.createHmac('sha512', secret).update(PAYLOAD).digest('hex'),
    malformed,
  ),
  bareRow(
    'an HMAC-SHA512 tag cut to 32 bytes',
    rules.otherMac,
    crypto.createHmac('sha512', secret).update(PAYLOAD).digest('hex').slice(0, 64),
    mismatch,
  ),
  bareRow(
    'an HMAC-SHA3-256 tag',
    rules.otherMac,
    crypto.createHmac('sha3-256', secret).update(PAYLOAD).digest('hex'),
    mismatch,
  ),
  bareRow(
    'the plain SHA-256 of the payload',
    rules.otherMac,
    crypto.createHash('sha256').update(PAYLOAD).digest('hex'),
    mismatch,
  ),
  bareRow(
    'the SHA-256 of secret and payload',
    rules.otherMac,
    crypto.createHash('sha256').update(secret).update(PAYLOAD).digest('hex'),
    mismatch,
  ),
  bareRow(
    'the SHA-256 of payload and secret',
    rules.otherMac,
    crypto.createHash('sha256').update(PAYLOAD).update(secret).digest('hex'),
    mismatch,
  ),
  bareRow('secret and payload swapped in the HMAC', rules.otherMac, hex(PAYLOAD, SECRETS.immutis), mismatch),
  bareRow(
    'the HMAC under the empty secret',
    rules.otherMac,
    crypto.createHmac('sha256', '').update(PAYLOAD).digest('hex'),
    mismatch,
  ),
  bareRow('the HMAC of the empty payload', rules.otherMac, hex(SECRETS.immutis, ''), mismatch),
  bareRow('64 zeros', rules.otherMac, '0'.repeat(64), mismatch),
  bareRow('64 times f', rules.otherMac, 'f'.repeat(64), mismatch),
  bareRow('one bit of the first byte changed', rules.otherMac, tag[0] + flip(tag[1]) + tag.slice(2), mismatch),
  bareRow('one bit of the last byte changed', rules.otherMac, tag.slice(0, 63) + flip(tag[63]), mismatch),
  bareRow(
    'one bit of a middle byte changed',
    rules.otherMac,
    tag.slice(0, 31) + flip(tag[31]) + tag.slice(32),
    mismatch,
  ),
  bareRow(
    'the same change in two bytes, which cancels out in a plain sum',
    rules.otherMac,
    [...tag].map((digit, index) => (index === 1 || index === 3 ? flip(digit) : digit)).join(''),
    mismatch,
  ),
  bareRow('the bytes in reverse', rules.otherMac, tag.match(/../g).reverse().join(''), mismatch),
  bareRow(
    'a first half that is right and a second of zeros',
    rules.wholeTag,
    tag.slice(0, 32) + '0'.repeat(32),
    mismatch,
  ),
]

// Prefixed hex, as GitHub writes it.
const prefixed = send('github', PAYLOAD)
const prefixTag = hex(SECRETS.github, PAYLOAD)
const prefixAccepted = acceptedByDigest('github', PAYLOAD)

function prefixRow(name, source, signature, expected) {
  return row(`Prefix: ${name}`, source, withSignature(prefixed, signature), expected)
}

const prefixCases = [
  prefixRow('spaces and tabs at both ends', rules.edges, `\t sha256=${prefixTag} \t`, prefixAccepted),
  prefixRow('upper-case digits behind it', rules.hexStrict, `sha256=${prefixTag.toUpperCase()}`, prefixAccepted),
  prefixRow('absent', rules.prefix, prefixTag, malformed),
  prefixRow('alone', rules.prefix, 'sha256=', malformed),
  prefixRow('in upper case', rules.prefix, `SHA256=${prefixTag}`, malformed),
  prefixRow('with one capital', rules.prefix, `Sha256=${prefixTag}`, malformed),
  prefixRow('twice', rules.prefix, `sha256=sha256=${prefixTag}`, malformed),
  prefixRow('with a space behind the equals sign', rules.edges, `sha256= ${prefixTag}`, malformed),
  prefixRow('with a space before the equals sign', rules.edges, `sha256 =${prefixTag}`, malformed),
  prefixRow('with a colon', rules.prefix, `sha256:${prefixTag}`, malformed),
  prefixRow('of another algorithm, sha1', rules.schemeDecides, `sha1=${prefixTag}`, malformed),
  prefixRow('of another algorithm, sha512', rules.schemeDecides, `sha512=${prefixTag}`, malformed),
  prefixRow('of another algorithm, none', rules.schemeDecides, 'none=', malformed),
  prefixRow(
    'two values in one header, the first one good',
    rules.prefix,
    `sha256=${prefixTag}, sha256=${'0'.repeat(64)}`,
    malformed,
  ),
  prefixRow(
    'two values in one header, the last one good',
    rules.prefix,
    `sha256=${'0'.repeat(64)}, sha256=${prefixTag}`,
    malformed,
  ),
  prefixRow('an empty entry in front', rules.prefix, `,sha256=${prefixTag}`, malformed),
  prefixRow('63 digits behind it', rules.hexStrict, `sha256=${prefixTag.slice(1)}`, malformed),
  prefixRow('the tag in base64 behind it', rules.schemeDecides, `sha256=${base64(SECRETS.github, PAYLOAD)}`, malformed),
  prefixRow('a wrong tag behind it', rules.otherMac, `sha256=${hex('wrong', PAYLOAD)}`, mismatch),
]

// A comma list of hex, as Humiris writes it.
const list = send('humiris', PAYLOAD)
const listTag = hex(SECRETS.humiris, `${NOW}.`, PAYLOAD)
const wrong = hex('wrong', `${NOW}.`, PAYLOAD)
const listAccepted = acceptedByDigest('humiris', PAYLOAD, { timestamp: NOW })
const t = `t=${NOW}`

function listRow(name, source, signature, expected) {
  return row(`List: ${name}`, source, withSignature(list, signature), expected)
}

function times(count, entry) {
  return Array(count).fill(entry).join(',')
}

const listCases = [
  listRow('the tag before the timestamp', rules.listOrder, `v1=${listTag},${t}`, listAccepted),
  listRow('the timestamp between two tags', rules.listOrder, `v1=${wrong},${t},v1=${listTag}`, listAccepted),
  listRow('spaces and tabs around each entry', rules.listSpace, ` ${t} ,\tv1=${listTag}\t`, listAccepted),
  listRow('an unknown tag beside the good one', rules.listSkip, `${t},v0=${wrong},v2=zz,v1=${listTag}`, listAccepted),
  listRow('a good tag behind a wrong one', rules.listSkip, `${t},v1=${wrong},v1=${listTag}`, listAccepted),
  listRow('a good tag before a wrong one', rules.listSkip, `${t},v1=${listTag},v1=${wrong}`, listAccepted),
  listRow('a good tag behind one that does not decode', rules.listSkip, `${t},v1=xyz,v1=${listTag}`, listAccepted),
  listRow('a good tag before one that does not decode', rules.listSkip, `${t},v1=${listTag},v1=xyz`, listAccepted),
  listRow('a good tag beside an empty one', rules.listSkip, `${t},v1=,v1=${listTag}`, listAccepted),
  listRow('a good tag beside a v1 without equals sign', rules.listSkip, `${t},v1,v1=${listTag}`, listAccepted),
  listRow(
    'a t without equals sign beside the good one is skipped',
    rules.listSkip,
    `t,${t},v1=${listTag}`,
    listAccepted,
  ),
  listRow('empty entries', rules.listSkip, `,,${t},,v1=${listTag},`, listAccepted),
  listRow('an entry with no name', rules.listSkip, `=${wrong},${t},v1=${listTag}`, listAccepted),
  listRow(
    'an unknown entry that holds letters beyond ASCII',
    rules.listSkip,
    `${t},ключ=🔑,v1=${listTag}`,
    listAccepted,
  ),
  listRow(
    'entries named after object properties',
    rules.listSkip,
    `__proto__=1,constructor=2,${t},v1=${listTag}`,
    listAccepted,
  ),
  listRow('the good tag twice', rules.listSkip, `${t},v1=${listTag},v1=${listTag}`, listAccepted),
  listRow(
    'exactly 16 entries of the tag, the last one good',
    rules.listMany,
    `${t},${times(15, `v1=${wrong}`)},v1=${listTag}`,
    listAccepted,
  ),
  listRow(
    '17 entries of the tag, the first one good',
    rules.listMany,
    `${t},v1=${listTag},${times(16, `v1=${wrong}`)}`,
    malformed,
  ),
  listRow(
    '16 entries that do not decode beside a good one',
    rules.listMany,
    `${t},${times(16, 'v1=x')},v1=${listTag}`,
    malformed,
  ),
  listRow(
    '15 entries that do not decode beside a good one',
    rules.listMany,
    `${t},${times(15, 'v1=x')},v1=${listTag}`,
    listAccepted,
  ),
  listRow(
    '17 empty entries of the tag beside a good one',
    rules.listMany,
    `${t},${times(17, 'v1=')},v1=${listTag}`,
    malformed,
  ),
  listRow(
    '100 entries of other tags do not count',
    rules.listMany,
    `${t},${times(100, 'v0=x')},v1=${listTag}`,
    listAccepted,
  ),
  listRow(
    '100 entries of the tag without equals sign do not count',
    rules.listMany,
    `${t},${times(100, 'v1')},v1=${listTag}`,
    listAccepted,
  ),
  listRow('200 wrong entries of the tag', rules.listMany, `${t},${times(100, `v1=${wrong}`)}`, malformed),
  listRow('no entry of the tag', rules.listNone, t, malformed),
  listRow('the tag in upper case', rules.listNone, `${t},V1=${listTag}`, malformed),
  listRow('only a tag of another version', rules.listNone, `${t},v0=${listTag}`, malformed),
  listRow('only a tag whose name begins like ours', rules.listNone, `${t},v11=${listTag}`, malformed),
  listRow('only a v1 without equals sign', rules.listNone, `${t},v1`, malformed),
  listRow('only an empty v1', rules.listNone, `${t},v1=`, malformed),
  listRow('a space behind the equals sign of the only tag', rules.edges, `${t},v1= ${listTag}`, malformed),
  listRow('a space before the equals sign of the only tag', rules.edges, `${t},v1 =${listTag}`, malformed),
  listRow('two equals signs before the only tag', rules.listNone, `${t},v1==${listTag}`, malformed),
  listRow('something behind the only tag', rules.listNone, `${t},v1=${listTag}=`, malformed),
  listRow('two tags behind one name', rules.listNone, `${t},v1=${listTag} ${listTag}`, malformed),
  listRow("a no-break space around the only tag's entry", rules.listSpace, `${t},\u00a0v1=${listTag}`, malformed),
  listRow('a wrong and a malformed entry of the tag', rules.otherMac, `${t},v1=xyz,v1=${wrong}`, mismatch),
  listRow(
    'the good tag under another name and a wrong one under ours',
    rules.schemeDecides,
    `${t},v0=${listTag},v1=${wrong}`,
    mismatch,
  ),
  listRow('semicolons in place of commas', rules.strictTime, `${t};v1=${listTag}`, refused('malformed_timestamp')),
  listRow('a space in place of the comma', rules.strictTime, `${t} v1=${listTag}`, refused('malformed_timestamp')),
  listRow('no timestamp', rules.fieldOnce, `v1=${listTag}`, refused('malformed_timestamp')),
  listRow(
    "the timestamp's name in upper case",
    rules.fieldOnce,
    `T=${NOW},v1=${listTag}`,
    refused('malformed_timestamp'),
  ),
  listRow(
    'the timestamp twice, both the same',
    rules.fieldOnce,
    `${t},${t},v1=${listTag}`,
    refused('malformed_timestamp'),
  ),
  listRow(
    'the timestamp twice, the first one good',
    rules.fieldOnce,
    `${t},t=1,v1=${listTag}`,
    refused('malformed_timestamp'),
  ),
  listRow(
    'the timestamp twice, the last one good',
    rules.fieldOnce,
    `t=1,${t},v1=${listTag}`,
    refused('malformed_timestamp'),
  ),
  listRow(
    'the timestamp once good and once empty',
    rules.fieldOnce,
    `${t},t=,v1=${listTag}`,
    refused('malformed_timestamp'),
  ),
  listRow('only commas', rules.fieldOnce, ',,,', refused('malformed_timestamp')),
]

// A space list of base64, as Standard Webhooks writes it.
const spaced = send('standard-webhooks', PAYLOAD, { id: 'msg_1' })
const spacedTag = base64(standardKey(SECRETS['standard-webhooks']), `msg_1.${NOW}.`, PAYLOAD)
const spacedWrong = base64('wrong', PAYLOAD)
const spacedAccepted = acceptedById('standard-webhooks', 'msg_1', { timestamp: NOW })

function spacedRow(name, source, signature, expected) {
  return row(`Space list: ${name}`, source, withSignature(spaced, signature), expected)
}

const spacedCases = [
  spacedRow('a good tag behind a wrong one', rules.listSkip, `v1,${spacedWrong} v1,${spacedTag}`, spacedAccepted),
  spacedRow(
    'several spaces between the entries',
    rules.listSkip,
    `v1,${spacedWrong}   v1,${spacedTag}`,
    spacedAccepted,
  ),
  spacedRow('spaces at both ends', rules.edges, `  v1,${spacedTag}  `, spacedAccepted),
  spacedRow(
    'a space and a tab between the entries',
    rules.listSpace,
    `v1,${spacedWrong} \tv1,${spacedTag}`,
    spacedAccepted,
  ),
  spacedRow('a tab alone between the entries', rules.listNone, `v1,${spacedWrong}\tv1,${spacedTag}`, malformed),
  spacedRow(
    'a tag of an unknown version beside the good one',
    rules.listSkip,
    `v3,???? v1,${spacedTag}`,
    spacedAccepted,
  ),
  spacedRow('an entry without a comma beside the good one', rules.listSkip, `v1 v1,${spacedTag}`, spacedAccepted),
  spacedRow(
    'exactly 16 entries of the tag, the last one good',
    rules.listMany,
    `${`v1,${spacedWrong} `.repeat(15)}v1,${spacedTag}`,
    spacedAccepted,
  ),
  spacedRow(
    '17 entries of the tag, the last one good',
    rules.listMany,
    `${`v1,${spacedWrong} `.repeat(16)}v1,${spacedTag}`,
    malformed,
  ),
  spacedRow('no version in front', rules.listNone, spacedTag, malformed),
  spacedRow('an equals sign in place of the comma', rules.listNone, `v1=${spacedTag}`, malformed),
  spacedRow('a space behind the comma', rules.listNone, `v1, ${spacedTag}`, malformed),
  spacedRow('the version in upper case', rules.listNone, `V1,${spacedTag}`, malformed),
  spacedRow('the tag in hex', rules.base64Strict, `v1,${Buffer.from(spacedTag, 'base64').toString('hex')}`, malformed),
  spacedRow('the tag without its padding', rules.base64Strict, `v1,${spacedTag.replace('=', '')}`, malformed),
  spacedRow('a wrong tag alone', rules.otherMac, `v1,${spacedWrong}`, mismatch),
]

// Bare base64, as Shopify writes it. The payload is the first of its kind whose tag holds both letters that the URL-safe alphabet replaces.
function payloadWithBothLetters() {
  for (let count = 0; ; count += 1) {
    const payload = `{"count":${count}}`
    const text = base64(SECRETS.shopify, payload)
    if (text.includes('+') && text.includes('/')) return payload
  }
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const PLUS_AND_SLASH = payloadWithBothLetters()
const base = send('shopify', PLUS_AND_SLASH)
const baseTag = base64(SECRETS.shopify, PLUS_AND_SLASH)
const baseTagBytes = Buffer.from(baseTag, 'base64')

// The last letter before the padding carries two unused bits; this sets them.
function withTailBits(text, bits) {
  return text.slice(0, 42) + ALPHABET[ALPHABET.indexOf(text[42]) + bits] + '='
}

function baseRow(name, source, signature, expected) {
  return row(`Base64: ${name}`, source, withSignature(base, signature), expected)
}

const baseCases = [
  baseRow('a tag with a plus and a slash', rules.base64Strict, baseTag, acceptedByDigest('shopify', PLUS_AND_SLASH)),
  baseRow('spaces and tabs at both ends', rules.edges, ` ${baseTag}\t`, acceptedByDigest('shopify', PLUS_AND_SLASH)),
  baseRow('the URL-safe alphabet', rules.base64Strict, baseTag.replaceAll('+', '-').replaceAll('/', '_'), malformed),
  baseRow('both alphabets mixed', rules.base64Strict, baseTag.replaceAll('+', '-'), malformed),
  baseRow(
    'a space where a plus was, as a form decoder leaves it',
    rules.base64Strict,
    baseTag.replaceAll('+', ' '),
    malformed,
  ),
  baseRow('no padding', rules.base64Strict, baseTag.replace('=', ''), malformed),
  baseRow('padding twice', rules.base64Strict, baseTag + '=', malformed),
  baseRow('padding in front', rules.base64Strict, '=' + baseTag.replace('=', ''), malformed),
  baseRow('the first unused bit of the last letter set', rules.base64Strict, withTailBits(baseTag, 1), malformed),
  baseRow('the second unused bit of the last letter set', rules.base64Strict, withTailBits(baseTag, 2), malformed),
  baseRow('both unused bits of the last letter set', rules.base64Strict, withTailBits(baseTag, 3), malformed),
  baseRow('a line end in the middle', rules.base64Strict, `${baseTag.slice(0, 22)}\r\n${baseTag.slice(22)}`, malformed),
  baseRow('a line end behind it', rules.edges, baseTag + '\n', malformed),
  baseRow(
    'junk that a lenient decoder skips',
    rules.base64Strict,
    `${baseTag.slice(0, 10)}*${baseTag.slice(10)}`,
    malformed,
  ),
  baseRow('letters behind the padding', rules.base64Strict, baseTag + 'AAAA', malformed),
  baseRow('31 bytes', rules.wholeTag, baseTagBytes.subarray(0, 31).toString('base64'), malformed),
  baseRow('33 bytes', rules.wholeTag, Buffer.concat([baseTagBytes, Buffer.from([0])]).toString('base64'), malformed),
  baseRow('16 bytes', rules.wholeTag, baseTagBytes.subarray(0, 16).toString('base64'), malformed),
  baseRow('only padding', rules.base64Strict, '====', malformed),
  baseRow('a prefix in front', rules.schemeDecides, `sha256=${baseTag}`, malformed),
  baseRow('the other letter case', rules.otherMac, swapCase(baseTag), mismatch),
  baseRow(
    'the last byte changed',
    rules.otherMac,
    Buffer.concat([baseTagBytes.subarray(0, 31), Buffer.from([baseTagBytes[31] ^ 1])]).toString('base64'),
    mismatch,
  ),
]

// Every letter but the last, whose twin would set the unused bits.
function swapCase(text) {
  return (
    [...text.slice(0, 42)]
      .map((letter) => (letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase()))
      .join('') + text.slice(42)
  )
}

export default {
  about:
    'The text of the signature header: what each form takes and what none forgives. Wherever a row is refused, the tag in it is the right one unless the row says otherwise.',
  source: 'the rules, each row naming its own; tags from node:crypto',
  cases: [...bareCases, ...prefixCases, ...listCases, ...spacedCases, ...baseCases],
}
