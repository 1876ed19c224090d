// What every route and component of the Next.js app shows.
import * as hookproof from 'hookproof'
import { run } from '../suite.js'
import vectors from '../vectors.js'

export function transcript() {
  return run(hookproof, vectors).join('\n')
}
