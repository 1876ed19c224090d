// Jest, by require: the transcript goes where the test's caller reads it.
const { writeFileSync } = require('node:fs')
const hookproof = require('hookproof')
const { run } = require('./suite.cjs')
const vectors = require('./vectors.cjs')

test('every vector gets its verdict', () => {
  writeFileSync(process.env.TRANSCRIPT, run(hookproof, vectors.default).join('\n'))
}, 120_000)
