import type { Delivery, ProviderName, Scheme, Webhook } from '../index.js'
import type { WebhookOptions } from '../receive.js'

export type { Claim, Rejection, Store, WebhookOptions } from '../receive.js'

/**
 * Receives deliveries: reads the raw body, verifies it, runs `handler` once for each delivery and answers. The
 * handler's end is the answer: 200 once it has resolved, 500 if it threw, so that the provider tries again.
 * What it returns is ignored.
 *
 * It is a plugin, which receives at its prefix and has parsers of its own, so that the raw body stays. As the
 * handler of a route it works only where something has kept the raw bytes.
 *
 * @param handler It gets the delivery and Fastify's request and reply. It must not answer by itself.
 * @throws {TypeError} At once, for a wrong type. @throws {WebhookError} `invalid_option`
 * @example
 * const hook = new Webhook('humiris', secret)
 * app.register(webhook(hook, async (delivery) => enqueue(delivery.json())), { prefix: '/webhooks/humiris' })
 */
export function webhook<P extends ProviderName | Scheme>(
  hook: Webhook<P>,
  handler: (delivery: Delivery<P>, request: any, reply: any) => unknown,
  options?: WebhookOptions,
): (instanceOrRequest: any, optionsOrReply: any) => Promise<any>
