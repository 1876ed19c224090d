// Node, Deno and Bun: node run.js '<settings>' writes a line of JSON for each cell, and on standard error what it is at.
import './memory.js'

const settings = JSON.parse(process.argv[2])
if (settings.hash) globalThis[Symbol.for('hookproof.hash')] = settings.hash
const { run } = await import('./cells.js')
const { show } = await import('./show.js')
show({ table: 'runtime', version: globalThis.Deno?.version.deno ?? globalThis.Bun?.version ?? process.versions.node })
await run(settings, show)
