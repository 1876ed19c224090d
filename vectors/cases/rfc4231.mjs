import { bytes, hex, raw } from '../oracle.mjs'
import { NOW } from '../senders.mjs'
import rules from './rules.mjs'

const RFC = 'RFC 4231, section'

// Keys, data and tags as the RFC prints them; the tags are not computed here.
const TESTS = [
  {
    number: 1,
    what: 'a short key',
    section: '4.2',
    key: Buffer.alloc(20, 0x0b),
    data: 'Hi There',
    tag: 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  },
  {
    number: 2,
    what: 'a key shorter than the tag',
    section: '4.3',
    key: Buffer.from('Jefe'),
    data: 'what do ya want for nothing?',
    tag: '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  },
  {
    number: 3,
    what: 'data that is no UTF-8',
    section: '4.4',
    key: Buffer.alloc(20, 0xaa),
    data: raw(Buffer.alloc(50, 0xdd)),
    tag: '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe',
  },
  {
    number: 4,
    what: 'a key of counted bytes',
    section: '4.5',
    key: Buffer.from(Array.from({ length: 25 }, (_, index) => index + 1)),
    data: raw(Buffer.alloc(50, 0xcd)),
    tag: '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b',
  },
  {
    number: 6,
    what: 'a key longer than a block',
    section: '4.7',
    key: Buffer.alloc(131, 0xaa),
    data: 'Test Using Larger Than Block-Size Key - Hash Key First',
    tag: '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  },
  {
    number: 7,
    what: 'a key and data longer than a block',
    section: '4.8',
    key: Buffer.alloc(131, 0xaa),
    data: 'This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.',
    tag: '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
  },
]

const TRUNCATED = {
  key: raw(Buffer.alloc(20, 0x0c)),
  data: 'Test With Truncation',
  tag: 'a3b6167473100ee06e0c796c2955552b',
}

function hexRow(name, source, secret, payload, signature, expected) {
  return { name, source, form: 'hex', secret, signature, payload, now: NOW, expected }
}

const published = TESTS.map((test) =>
  hexRow(`Test case ${test.number}: ${test.what}`, `${RFC} ${test.section}`, raw(test.key), test.data, test.tag, true),
)

// The last byte is changed because a comparison that stops early never reaches it.
const changedTags = TESTS.map((test) => {
  const tag = Buffer.from(test.tag, 'hex')
  tag[31] ^= 1
  return hexRow(
    `Test case ${test.number} with the last bit of its tag changed`,
    `${RFC} ${test.section}, one bit changed`,
    raw(test.key),
    test.data,
    tag.toString('hex'),
    false,
  )
})

const changedData = TESTS.map((test) =>
  hexRow(
    `Test case ${test.number} with one byte added to its data`,
    `${RFC} ${test.section}, one byte added`,
    raw(test.key),
    raw(Buffer.concat([bytes(test.data), Buffer.from([0])])),
    test.tag,
    false,
  ),
)

const fullTag = hex(TRUNCATED.key, TRUNCATED.data)
if (!fullTag.startsWith(TRUNCATED.tag)) throw new Error('test case 5 does not begin as the RFC prints it')

export default {
  about: 'HMAC-SHA256 itself: the published test cases, through the form that is a bare hex tag.',
  source:
    'RFC 4231, sections 4.2 to 4.8; the full tag of test case 5, which the RFC prints cut to 128 bits, was computed with node:crypto',
  cases: [
    ...published,
    hexRow(
      'Test case 5: the whole tag',
      `${RFC} 4.6; the tag's second half from node:crypto`,
      TRUNCATED.key,
      TRUNCATED.data,
      fullTag,
      true,
    ),
    hexRow(
      'Test case 5: the truncated tag, which never verifies',
      `${RFC} 4.6. ${rules.wholeTag}`,
      TRUNCATED.key,
      TRUNCATED.data,
      TRUNCATED.tag,
      false,
    ),
    hexRow(
      'Test case 5: the truncated tag filled up with zeros',
      `${RFC} 4.6. ${rules.wholeTag}`,
      TRUNCATED.key,
      TRUNCATED.data,
      TRUNCATED.tag + '0'.repeat(32),
      false,
    ),
    ...changedTags,
    ...changedData,
  ],
}
