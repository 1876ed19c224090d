// Jest, by import.
import { writeFileSync } from 'node:fs'
import * as hookproof from 'hookproof'
import { run } from './suite.mjs'
import vectors from './vectors.mjs'

test('every vector gets its verdict', () => {
  writeFileSync(process.env.TRANSCRIPT, run(hookproof, vectors).join('\n'))
}, 120_000)
