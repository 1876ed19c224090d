// Workers: everything happens inside fetch, where no bytes may be compiled.
import * as hookproof from 'hookproof'
import { explain } from 'hookproof/explain'
import { run } from './suite.js'
import vectors from './vectors.js'

export default {
  fetch() {
    const hook = new hookproof.Webhook('immutis', 'a secret')
    const { cause } = explain(hook, '{}', hook.sign('{}\n'))
    if (cause !== 'newline_lost') throw new Error(`explain found ${cause}`)
    return new Response(run(hookproof, vectors).join('\n'))
  },
}
