// Prints the milliseconds from before the import to after the first verdict; it throws where it refuses.
const [payload, secret, signature, timestamp] = process.argv.slice(2)
const start = performance.now()
const { default: standard } = await import('standardwebhooks')
const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': timestamp, 'webhook-signature': signature }
new standard.Webhook(secret).verify(payload, headers, { jsonParse: false })
console.log(performance.now() - start)
