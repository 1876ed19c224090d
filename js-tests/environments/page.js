// A page: what came of the suite is left where the test can read it.
import * as hookproof from 'hookproof'
import { run } from './suite.js'
import vectors from './vectors.js'

try {
  globalThis.outcome = { text: run(hookproof, vectors).join('\n') }
} catch (error) {
  globalThis.outcome = { error: String(error?.stack ?? error) }
}
