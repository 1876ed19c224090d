// Compiled, never run: what must type-check, and what must not.
import { signWebhook, verifyWebhook, Webhook, WebhookError } from 'hookproof'
import type { Code, Delivery, ProviderName, Scheme, Verdict } from 'hookproof'
import { explain, parseCapture } from 'hookproof/explain'
import type { Cause, Explanation } from 'hookproof/explain'
import { providers } from 'hookproof/providers'

const yes: boolean = verifyWebhook(new Uint8Array(), 'signature', ['a', new ArrayBuffer(1)], { form: 'hex', now: 1 })
const text: string = signWebhook(new DataView(new ArrayBuffer(1)), 'secret', { form: 'timestamped', timestamp: 1 })
// @ts-expect-error a parsed object is no payload
verifyWebhook({ id: 'evt_1' }, 'signature', 'secret')
// @ts-expect-error there is no such form
verifyWebhook('x', 'signature', 'secret', { form: 'base64' })
// @ts-expect-error seconds are a number
verifyWebhook('x', 'signature', 'secret', { now: new Date() })
// @ts-expect-error a secret may be missing from the environment
verifyWebhook('x', 'signature', process.env.SECRET)

const hook = new Webhook('humiris', 'secret', { toleranceSeconds: 60, maxPayloadBytes: 1024 })
// @ts-expect-error no such provider
new Webhook('acme', 'secret')
// @ts-expect-error no such option
new Webhook('humiris', 'secret', { tolerance: 60 })

const verdict: Verdict = hook.check('x', new Headers(), { now: 1 })
if (verdict.ok) {
  const delivery: Delivery = verdict.delivery
  const key: string = delivery.key
  const id: string | null = delivery.id
  // @ts-expect-error what was verified does not change
  delivery.timestamp = 1
  void [key, id]
} else {
  const code: Code = verdict.code
  // @ts-expect-error a refusal has no delivery
  verdict.delivery
  // @ts-expect-error no such code
  if (code === 'no_match') void 0
}
hook.verify('x', { 'x-humiris-signature': ['t=1'] })
hook.verify('x', new Map([['x-humiris-signature', 't=1']]))
// @ts-expect-error a number is no header's value
hook.verify('x', { 'x-humiris-signature': 1 })
const headers: Record<string, string> = hook.sign('x', { id: 'a', timestamp: 1 })

const scheme: Scheme = {
  name: 'acme',
  signature: { header: 'Acme-Signature', form: { prefix: 'v0=' } },
  encoding: 'hex',
  content: [{ literal: 'v0:' }, 'timestamp', { literal: ':' }, 'payload'],
  secret: 'utf8',
  timestamp: { header: 'Acme-Timestamp' },
}
new Webhook(scheme, 'secret')
// @ts-expect-error the content has parts of four kinds
new Webhook({ ...scheme, content: ['body'] }, 'secret')

const names: ProviderName[] = providers.map((provider) => provider.name)
// @ts-expect-error the table cannot be changed
providers.push(providers[0])

const error = new WebhookError('too_old', 'message')
const code: Code = error.code
void [yes, text, headers, names, code]

const explanation: Explanation = explain([hook], 'x', new Headers(), { now: 1, revealExpected: true })
const cause: Cause = explanation.cause
const offset: number | undefined = explanation.evidence.difference?.offsetBytes
// @ts-expect-error there is no such cause
if (cause === 'wrong_secret') void 0
// @ts-expect-error a hook is no secret
explain('secret', 'x', {})
// @ts-expect-error no such option
explain(hook, 'x', {}, { reveal: true })
const capture = parseCapture('curl a')
explain(hook, capture.payload, capture.headers)
void [offset]
