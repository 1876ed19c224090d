// The same types by require.
import hookproof = require('hookproof')
import why = require('hookproof/explain')
import table = require('hookproof/providers')

const yes: boolean = hookproof.verifyWebhook('x', 'signature', 'secret')
const hook = new hookproof.Webhook(table.providers[0]!.name, 'secret')
// @ts-expect-error no such provider
new hookproof.Webhook('acme', 'secret')

import node = require('hookproof/node')
import memory = require('hookproof/stores/memory')

const kyc = new hookproof.Webhook('kyc', 'secret')
node.webhook(kyc, (delivery) => delivery.json().type === 'kyc.session.processed', { store: memory.memoryStore() })
// @ts-expect-error no such event
node.webhook(kyc, (delivery) => delivery.json().type === 'kyc.session.lost')
const cause: why.Cause = why.explain(hook, 'x', {}).cause
void [yes, hook, cause]
