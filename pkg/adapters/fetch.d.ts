import type { Delivery, ProviderName, Scheme, Webhook } from '../index.js'
import type { WebhookOptions } from '../receive.js'

export type { Claim, Rejection, Store, WebhookOptions } from '../receive.js'

/**
 * Receives deliveries: reads the raw body, verifies it, runs `handler` once for each delivery and answers. The
 * handler's end is the answer: 200 once it has resolved, 500 if it threw, so that the provider tries again.
 * What it returns is ignored.
 *
 * @param handler It gets the delivery, the Request, and what the runtime passed besides: `env` and `ctx` of a
 *   Worker, the context of a Next.js route handler. The Request's body has been read.
 * @throws {TypeError} At once, for a wrong type. @throws {WebhookError} `invalid_option`
 * @example
 * const hook = new Webhook('humiris', secret)
 * export const POST = webhook(hook, async (delivery) => enqueue(delivery.json()))
 */
export function webhook<P extends ProviderName | Scheme, Rest extends any[] = any[]>(
  hook: Webhook<P>,
  handler: (delivery: Delivery<P>, request: Request, ...rest: Rest) => unknown,
  options?: WebhookOptions,
): (request: Request, ...rest: Rest) => Promise<Response>

/**
 * Reads and verifies one request, and nothing else: the answer is yours, and so is deduplication, by
 * `delivery.key`.
 *
 * @param options `maxPayloadBytes`, 1 MiB by default. `now`, in unix seconds or a function, is the clock.
 * @throws {WebhookError} The code of the verdict, or `payload_too_large`, `payload_lost` or `upload_aborted`.
 * @throws {TypeError} for a wrong type.
 * @example
 * const delivery = await receive(hook, request)
 */
export function receive<P extends ProviderName | Scheme>(
  hook: Webhook<P>,
  request: Request,
  options?: { maxPayloadBytes?: number; now?: number | (() => number) },
): Promise<Delivery<P>>
