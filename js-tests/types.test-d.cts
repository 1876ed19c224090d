// The same types by require.
import hookproof = require('hookproof')
import why = require('hookproof/explain')
import table = require('hookproof/providers')

const yes: boolean = hookproof.verifyWebhook('x', 'signature', 'secret')
const hook = new hookproof.Webhook(table.providers[0]!.name, 'secret')
// @ts-expect-error no such provider
new hookproof.Webhook('acme', 'secret')
const cause: why.Cause = why.explain(hook, 'x', {}).cause
void [yes, hook, cause]
