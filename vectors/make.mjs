// Makes the test vectors: `node vectors/make.mjs` rewrites the JSON files beside this one,
// `node vectors/make.mjs --check` only compares, and exits 1 where a committed file is not what this makes.
// Every tag in them comes from node:crypto, never from hookproof, so that a mistake in hookproof cannot vouch for itself.

import fs from 'node:fs'

// What cases share is no case.
const SHARED = ['payloads.mjs', 'rules.mjs']

const files = {}
for (const name of fs.readdirSync(new URL('cases/', import.meta.url)).sort()) {
  if (!SHARED.includes(name)) files[name.replace(/mjs$/, 'json')] = (await import(`./cases/${name}`)).default
}

const FIELDS = [
  'name',
  'source',
  'provider',
  'scheme',
  'form',
  'secret',
  'headers',
  'signature',
  'payload',
  'now',
  'toleranceSeconds',
  'expected',
]

// The files stay ASCII, so that no editor, terminal or Git filter can change a byte of a payload unseen.
function ascii(value) {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => '\\u' + unit.charCodeAt(0).toString(16).padStart(4, '0'),
  )
}

// One line a field keeps both the file and its diffs readable.
function textOf({ about, source, cases }) {
  const rows = cases.map((row) => {
    const lines = FIELDS.filter((field) => row[field] !== undefined).map(
      (field) => `      "${field}": ${ascii(row[field])}`,
    )
    return `    {\n${lines.join(',\n')}\n    }`
  })
  return `{\n  "about": ${ascii(about)},\n  "source": ${ascii(source)},\n  "cases": [\n${rows.join(',\n')}\n  ]\n}\n`
}

// A row that a runner would misread is a mistake of this script: it stops here and not in the suites.
function checkRows(file, cases) {
  const names = new Set()
  for (const row of cases) {
    const problem = problemOf(row)
    if (problem) throw new Error(`${file}: "${row.name}" ${problem}`)
    if (names.has(row.name)) throw new Error(`${file}: "${row.name}" is there twice`)
    names.add(row.name)
  }
}

function problemOf(row) {
  const unknown = Object.keys(row).find((field) => !FIELDS.includes(field))
  if (unknown) return `has the field "${unknown}", which the schema does not know`
  if (['provider', 'scheme', 'form'].filter((kind) => row[kind] !== undefined).length !== 1)
    return 'needs exactly one of provider, scheme and form'
  const missing = ['name', 'source', 'secret', 'payload', 'now', 'expected'].find((field) => row[field] === undefined)
  if (missing) return `has no ${missing}`
  if ((row.form === undefined) !== (row.signature === undefined)) return 'has a signature exactly where it has a form'
  if ((row.form === undefined) !== (row.headers !== undefined)) return 'has headers exactly where it has no form'
  if ((row.form === undefined) !== (typeof row.expected === 'object')) return 'expects the wrong kind of verdict'
  if (row.headers?.some((pair) => pair.length !== 2 || pair.some((part) => typeof part !== 'string')))
    return 'has a header that is not a pair of strings'
  return null
}

const checking = process.argv.includes('--check')
let different = 0
for (const [file, content] of Object.entries(files)) {
  checkRows(file, content.cases)
  const url = new URL(file, import.meta.url)
  const text = textOf(content)
  if (!checking) {
    fs.writeFileSync(url, text)
  } else if (!fs.existsSync(url) || fs.readFileSync(url, 'utf8') !== text) {
    console.error(`vectors/${file} is not what vectors/make.mjs makes; run: node vectors/make.mjs`)
    different += 1
  }
}
process.exitCode = different > 0 ? 1 : 0
