import type { Delivery, ProviderName, Scheme, Webhook } from '../index.js'
import type { WebhookOptions } from '../receive.js'

export type { Claim, Rejection, Store, WebhookOptions } from '../receive.js'

/**
 * Receives deliveries: reads the raw body, verifies it, runs `handler` once for each delivery and answers. The
 * handler's end is the answer: 200 once it has resolved, 500 if it threw, so that the provider tries again.
 * What it returns is ignored.
 *
 * @param handler It gets the delivery and then what Node passed. It must not answer by itself.
 *   For node:http, node:https and node:http2.
 * @throws {TypeError} At once, for a wrong type. @throws {WebhookError} `invalid_option`
 * @example
 * const hook = new Webhook('humiris', secret)
 * createServer(webhook(hook, async (delivery) => enqueue(delivery.json()))).listen(3000)
 */
export function webhook<P extends ProviderName | Scheme, Req = any, Res = any>(
  hook: Webhook<P>,
  handler: (delivery: Delivery<P>, req: Req, res: Res) => unknown,
  options?: WebhookOptions,
): (req: Req, res: Res) => Promise<void>
