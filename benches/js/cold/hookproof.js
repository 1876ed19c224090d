// Prints the milliseconds from before the import to after the first verdict.
const [payload, secret, signature] = process.argv.slice(2)
const start = performance.now()
const { verifyWebhook } = await import('hookproof')
const right = verifyWebhook(payload, signature, secret, { form: 'hex' })
const ms = performance.now() - start
if (!right) throw new Error('an honest delivery was refused')
console.log(ms)
