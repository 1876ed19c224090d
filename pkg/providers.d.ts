import type { ProviderName } from './gen/tables/names.js'
import type { Scheme } from './index.js'

/** How a provider signs, and what its documents say beside that. */
export interface Provider {
  /** What `new Webhook` takes. */
  readonly name: ProviderName
  /** Its name as it writes it. */
  readonly title: string
  /** How it signs, column by column: `new Webhook(provider.scheme, secret)` is `new Webhook(provider.name, secret)`. */
  readonly scheme: Scheme
  /** The headers it sends; null where it has none. An unsigned one is reported and never believed. */
  readonly headers: { readonly signature: string; readonly timestamp: string | null; readonly id: string | null }
  /** How far a signed timestamp may be from now; null where no time is signed. */
  readonly toleranceSeconds: number | null
  /** How long it waits for an answer; null where its documents do not say. */
  readonly deadlineSeconds: number | null
  /** How long after each failed attempt it tries again; empty where its documents do not say. */
  readonly retrySeconds: readonly number[]
  /** The event names its documents give. They need not be all it sends. */
  readonly events: readonly string[]
  /** A payload of the first event, of the documented shape. */
  readonly sample: string
  /** Where these facts were read. */
  readonly docs: string
  /** What the documents leave open and was decided here, and what a receiver should know. */
  readonly notes: readonly string[]
}

/** Every provider, in the order of the table, which cannot be changed. */
export const providers: readonly Provider[]
