// Node, Deno and Bun, by import.
import * as hookproof from 'hookproof'
import { run } from './suite.js'
import vectors from './vectors.js'

console.log(run(hookproof, vectors).join('\n'))
