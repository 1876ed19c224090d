// Prints the milliseconds from before the import to after the first verdict.
const [payload, secret, signature] = process.argv.slice(2)
const start = performance.now()
const { createHmac, timingSafeEqual } = await import('node:crypto')
const { Buffer } = await import('node:buffer')
const expected = createHmac('sha256', secret).update(payload).digest('hex')
const right = timingSafeEqual(Buffer.from(expected), Buffer.from(signature))
const ms = performance.now() - start
if (!right) throw new Error('an honest delivery was refused')
console.log(ms)
