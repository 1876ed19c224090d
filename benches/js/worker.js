// workerd: cells come one a line, as the answer's body.
import './memory.js'

export default {
  async fetch(request) {
    const settings = await request.json()
    if (settings.hash) globalThis[Symbol.for('hookproof.hash')] = settings.hash
    const { run } = await import('./cells.js')
    const { readable, writable } = new TransformStream()
    const writer = writable.getWriter()
    const encoder = new TextEncoder()
    const lines = run(settings, (cell) => writer.write(encoder.encode(`${JSON.stringify(cell)}\n`)))
    lines
      .catch((error) => writer.write(encoder.encode(`${JSON.stringify({ table: 'failed', error: error.stack })}\n`)))
      .then(() => writer.close())
    return new Response(readable)
  },
}
