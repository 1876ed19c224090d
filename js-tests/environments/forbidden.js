// A page where WebAssembly is forbidden: the first call must throw the one error that names the mend.
import { verifyWebhook } from 'hookproof'

try {
  globalThis.outcome = { error: `returned ${verifyWebhook('x', 'x', 'x')}` }
} catch (error) {
  const names = error.message.includes("'wasm-unsafe-eval'") && error.message.includes('script-src')
  globalThis.outcome = names ? { text: 'the error names the mend' } : { error: String(error) }
}
