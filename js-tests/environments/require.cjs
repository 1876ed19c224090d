// Node and Bun, by require.
const hookproof = require('hookproof')
const { run } = require('./suite.cjs')
const vectors = require('./vectors.cjs')

console.log(run(hookproof, vectors.default).join('\n'))
