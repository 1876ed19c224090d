// Vitest, in each of its environments.
import { writeFileSync } from 'node:fs'
import * as hookproof from 'hookproof'
import { test } from 'vitest'
import { run } from './suite.js'
import vectors from './vectors.js'

test('every vector gets its verdict', { timeout: 120_000 }, () => {
  writeFileSync(process.env.TRANSCRIPT, run(hookproof, vectors).join('\n'))
})
