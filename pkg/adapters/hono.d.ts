import type { Delivery, ProviderName, Scheme, Webhook } from '../index.js'
import type { WebhookOptions } from '../receive.js'

export type { Claim, Rejection, Store, WebhookOptions } from '../receive.js'

/**
 * Receives deliveries: reads the raw body, verifies it, runs `handler` once for each delivery and answers. The
 * handler's end is the answer: 200 once it has resolved, 500 if it threw, so that the provider tries again.
 * What it returns is ignored.
 *
 * @param handler It gets the delivery and Hono's context.
 * @throws {TypeError} At once, for a wrong type. @throws {WebhookError} `invalid_option`
 * @example
 * const hook = new Webhook('humiris', secret)
 * app.post('/webhooks/humiris', webhook(hook, async (delivery, c) => c.env.QUEUE.send(delivery.json())))
 */
export function webhook<P extends ProviderName | Scheme, C = any>(
  hook: Webhook<P>,
  handler: (delivery: Delivery<P>, c: C) => unknown,
  options?: WebhookOptions,
): (c: C) => Promise<Response>
