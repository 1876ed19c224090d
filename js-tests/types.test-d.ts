// Compiled, never run: what must type-check, and what must not.
import { clearKeys, signWebhook, verifyWebhook, Webhook, WebhookError } from 'hookproof'
import type { Code, Delivery, EventOf, ProviderName, Scheme, Verdict } from 'hookproof'
import { explain, parseCapture } from 'hookproof/explain'
import type { Cause, Explanation } from 'hookproof/explain'
import { webhook as forExpress } from 'hookproof/express'
import { webhook as forFastify } from 'hookproof/fastify'
import { receive, webhook as forFetch } from 'hookproof/fetch'
import { webhook as forHono } from 'hookproof/hono'
import { webhook as forNode } from 'hookproof/node'
import type { Rejection, Store } from 'hookproof/node'
import { providers } from 'hookproof/providers'
import { memoryStore } from 'hookproof/stores/memory'

const yes: boolean = verifyWebhook(new Uint8Array(), 'signature', ['a', new ArrayBuffer(1)], { form: 'hex', now: 1 })
const text: string = signWebhook(new DataView(new ArrayBuffer(1)), 'secret', { form: 'timestamped', timestamp: 1 })
const nothing: void = clearKeys({ maxKeys: 0 })
clearKeys()
// @ts-expect-error the number of keys is a number
clearKeys({ maxKeys: '1' })
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

// Events are typed by the provider's name.
const email = hook.verify('x', {}).json()
if (email.type === 'email.received') email.data['subject']
// @ts-expect-error no such event
if (email.type === 'email.recieved') void 0
// @ts-expect-error no such member
email.id

const evidence = new Webhook('immutis', 'secret').verify('x', {}).json()
const createdAt: string = evidence.created_at
if (evidence.type === 'evidence.captured') {
  const hash: string = evidence.data.hash
  // @ts-expect-error no such member in the documents
  evidence.data.hsah
  // @ts-expect-error it is a string
  const size: number = evidence.data.hash
  void [hash, size]
} else {
  const type:
    'evidence.verified' | 'evidence.certified' | 'certificate.downloaded' | 'agent.registered' | 'agent.unregistered' =
    evidence.type
  const member: unknown = evidence.data['hash']
  // @ts-expect-error nothing is documented of it
  const text: string = evidence.data['hash']
  void [type, member, text]
}

const prediction = new Webhook('immune', 'secret').verify('x', {}).json()
if (prediction.type === 'prediction.created') {
  const [confidence, anomalies]: [number, boolean] = [
    prediction.data.confidence,
    prediction.data.supporting_data.temperature_anomalies,
  ]
  void [confidence, anomalies]
}
// @ts-expect-error no such event
if (prediction.type === 'sensor.changed') void 0

const session = new Webhook('kyc', 'secret').verify('x', {}).json()
const [created, processed]: [number, 'kyc.session.processed'] = [session.created, session.type]
const render = new Webhook('imtegrate', 'secret').verify('x', {}).json()
if (render.type === 'image.completed') void (render.data.duration_ms + 1)
// @ts-expect-error it has no id
render.id

const own = new Webhook(scheme, 'secret').verify('x', {}).json()
// @ts-expect-error of a scheme's events nothing is known
own.type
const many = new Webhook('stripe', 'secret').verify('x', {}).json()
// @ts-expect-error the documents name a few events of many
many.type
const event: EventOf<'kyc'> = session
// @ts-expect-error another provider's
const other: EventOf<'immune'> = session
const any: Webhook = hook
// @ts-expect-error which provider it is was forgotten
const humiris: Webhook<'humiris'> = any

// Adapters pass the type on.
const store: Store = memoryStore({ maxKeys: 10, now: () => 1 })
const onReject = (code: Code, { status, key, message }: Rejection) =>
  void [code === 'payload_lost', status, key, message]
const options = { store, onReject, leaseSeconds: 30, ttlSeconds: 3600, maxPayloadBytes: 1024, now: () => 1 }
for (const webhook of [forExpress, forNode]) webhook(hook, (delivery) => delivery.json().type === 'sms.sent', options)
forFastify(hook, (delivery) => delivery.json().type === 'sms.sent', options)
forFetch(hook, (delivery) => delivery.json().type === 'sms.sent', options)
forHono(hook, (delivery) => delivery.json().type === 'sms.sent', options)
// @ts-expect-error no such event
forExpress(hook, (delivery) => delivery.json().type === 'sms.lost')
// @ts-expect-error no such event
forFastify(hook, (delivery) => delivery.json().type === 'sms.lost')
// @ts-expect-error no such event
forFetch(hook, (delivery) => delivery.json().type === 'sms.lost')
// @ts-expect-error no such event
forHono(hook, (delivery) => delivery.json().type === 'sms.lost')
// @ts-expect-error no such event
forNode(hook, (delivery) => delivery.json().type === 'sms.lost')
// @ts-expect-error no such option
forNode(hook, () => {}, { ttl: 3600 })
// @ts-expect-error a store has three calls
forNode(hook, () => {}, { store: { claim: store.claim } })
// @ts-expect-error the handler is missing
forNode(hook)
// @ts-expect-error a name is no hook
forNode('humiris', () => {})
const answer: Promise<Response> = forFetch(
  hook,
  (delivery, request, env: { QUEUE: string }) => void [request.url, env.QUEUE],
)(new Request('http://localhost'), { QUEUE: '' })
const received: Promise<Delivery<'humiris'>> = receive(hook, new Request('http://localhost'), { now: 1 })
void [createdAt, created, processed, event, other, humiris, answer, received]

const explanation: Explanation = explain([hook], 'x', new Headers(), {
  now: 1,
  revealExpected: true,
  revealSigned: true,
})
const cause: Cause = explanation.cause
const signedBytes: Uint8Array | undefined = explanation.evidence.signed?.payload
const offset: number | undefined = explanation.evidence.difference?.offsetBytes
// @ts-expect-error there is no such cause
if (cause === 'wrong_secret') void 0
// @ts-expect-error a hook is no secret
explain('secret', 'x', {})
// @ts-expect-error no such option
explain(hook, 'x', {}, { reveal: true })
const capture = parseCapture('curl a')
explain(hook, capture.payload, capture.headers)
void [offset, signedBytes]
