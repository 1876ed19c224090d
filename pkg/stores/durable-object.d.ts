import type { Claim, Store } from './store.js'

export type { Claim, Store }

/** What is used of a Durable Object namespace, as a worker's `env` holds it. */
export interface DeliveryNamespace {
  idFromName(name: string): any
  get(id: any): {
    fetch(
      url: string,
      init: { method: string; body: string },
    ): Promise<{ ok: boolean; status: number; json(): Promise<any> }>
  }
}

/**
 * A store of Cloudflare Durable Objects: one object a delivery, named by the key's digest, by its own clock.
 *
 * @param namespace The binding whose class is `DeliveryStore`.
 * @throws {TypeError} for what is no namespace: then the binding is missing.
 * @example
 * export { DeliveryStore } from 'hookproof/stores/durable-object'
 *
 * export default {
 *   async fetch(request, env) {
 *     const store = durableObjectStore(env.DELIVERIES)
 *   },
 * }
 */
export function durableObjectStore(namespace: DeliveryNamespace): Store

/**
 * The class of the objects: export it from your worker and name it in the wrangler config. An object holds one
 * delivery and deletes what it stored, by an alarm, when its lease or its time to live is over.
 */
export class DeliveryStore {
  /** What marks a class of objects for Cloudflare's own types, if you have them; there is nothing in it. */
  readonly __DURABLE_OBJECT_BRAND: never
  constructor(state: { storage: any }, env?: any)
  /** Answers `durableObjectStore`. */
  fetch(request: { json(): Promise<any> }): Promise<any>
  /** Forgets what is over. */
  alarm(): Promise<void>
}
