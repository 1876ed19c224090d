// Workers: everything happens inside fetch, where no bytes may be compiled.
import * as hookproof from 'hookproof'
import { run } from './suite.js'
import vectors from './vectors.js'

export default {
  fetch() {
    return new Response(run(hookproof, vectors).join('\n'))
  },
}
