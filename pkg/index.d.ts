import type { Code as VerdictCode, Events, ProviderName } from './gen/tables/names.js'

export type { ProviderName }

/** What went wrong, for programs and stable. The last ones come from the adapters. */
export type Code =
  | VerdictCode
  | 'payload_lost'
  | 'upload_aborted'
  | 'busy'
  | 'store_unavailable'
  | 'handler_failed'
  | 'machine_failure'
  | 'lease_over'

/** Bytes, or a string that stands for its UTF-8. A string with half a surrogate pair is refused. */
export type Bytes = string | ArrayBuffer | ArrayBufferView

/** One secret as the person who set the endpoint up copied it, or 1 to 8 of them during a rotation. */
export type Secret = Bytes | readonly Bytes[]

/** The three ways in which the five providers write a signature. */
export type Form = 'hex' | 'sha256' | 'timestamped'

/**
 * Verifies a payload against the text of its signature header. Synchronous; the same answer everywhere.
 *
 * It returns true or false for every argument of every type, and throws in two cases, in which `false` would be
 * wrong. Where this runtime allows no WebAssembly, every call throws. Where the machine fails during a call (the
 * stack or the memory runs out, or the module traps), that call throws a RangeError, Firefox's InternalError or a
 * WebAssembly.RuntimeError; so it does when a getter of an argument throws a RangeError. To find out why you got
 * `false`, use `new Webhook(…).check`.
 *
 * @param payload The raw body, byte for byte as it came, before any parser.
 * @param signature The text of the signature header.
 * @param secret The endpoint's secret. One bad secret in a list refuses the list.
 * @param options `form`: name it whenever you know it; without it, it is recognised, and a payload that
 *   begins with 1 to 12 digits and a dot is refused unless the signature is timestamped.
 *   `toleranceSeconds` (300) and `now` (the clock), in unix seconds, serve the timestamped form;
 *   `Infinity` turns freshness off.
 * @example
 * verifyWebhook(rawBody, signatureHeader, secret, { form: 'hex' })
 */
export function verifyWebhook(
  payload: Bytes,
  signature: string,
  secret: Secret,
  options?: { form?: Form; toleranceSeconds?: number; now?: number },
): boolean

/**
 * Signs a payload so that `verifyWebhook` accepts it: for tests and senders. The first secret signs.
 *
 * @param options `form` is `'hex'` by default; `timestamp`, in unix seconds, is the clock's. It has 12 digits at
 *   most, also where the form writes none.
 * @throws {TypeError} for a wrong type. @throws {WebhookError} for what cannot be signed.
 * @example
 * signWebhook('{}', 'a secret', { form: 'timestamped' }) // 't=1712419200,v1=…'
 */
export function signWebhook(payload: Bytes, secret: Secret, options?: { form?: Form; timestamp?: number }): string

/**
 * Forgets the keys that `verifyWebhook` and `signWebhook` keep for the secrets they were called with. They keep the last
 * 1,024 secrets at least, and twice as many at most. A `Webhook` keeps its own keys for as long as it exists.
 *
 * @param options `maxKeys` sets how many secrets are kept from now on; 0 keeps none.
 * @throws {TypeError} for a wrong type. @throws {WebhookError} where `maxKeys` is not a whole number from 0 up.
 * @example
 * clearKeys() // after a secret was rotated
 * clearKeys({ maxKeys: 10_000 })
 */
export function clearKeys(options?: { maxKeys?: number }): void

/**
 * How one sender signs: the rows of the provider table are of this type, and yours may be.
 * @example
 * const acme: Scheme = {
 *   name: 'acme',
 *   signature: { header: 'Acme-Signature', form: { separator: ';', assign: '=', tag: 'h1' } },
 *   encoding: 'hex',
 *   content: ['timestamp', { literal: ':' }, 'payload'],
 *   secret: 'utf8',
 *   timestamp: { field: 'ts' },
 *   toleranceSeconds: 5,
 * }
 */
export interface Scheme {
  /** Begins every deduplication key: 1 to 64 printable ASCII characters without a colon. */
  name: string
  signature: {
    /** The header's name. It is found in any ASCII case. */
    header: string
    /**
     * The tag alone; a fixed text and the tag; or a list of named entries, those called `tag` counting. `separator`
     * and `assign` are two printable ASCII characters that are no letters or digits. With base64, `separator` is
     * not `+`, `/` or `=` either, because a tag may hold these.
     */
    form: 'bare' | { prefix: string } | { separator: string; assign: string; tag: string }
  }
  /** How a tag is written: 64 hex digits in either case, or padded canonical base64. */
  encoding: 'hex' | 'base64'
  /** The bytes that are signed, in order; `'payload'` exactly once. */
  content: readonly ('payload' | 'timestamp' | 'id' | { literal: string })[]
  /**
   * How a secret becomes the key: its own bytes; base64; base64 behind the prefix of Standard Webhooks. Decoded
   * bytes that are empty, blank or all zero are refused too.
   */
  secret: 'utf8' | 'base64' | 'whsec'
  /** Where the timestamp is. It is held to the tolerance if `content` has it, else only reported. */
  timestamp?: { header: string } | { field: string }
  /** Where the id is: in a header, or under a name at the top level of the payload's JSON, where a header may repeat it. */
  id?: { header: string } | { payload: string; header?: string }
  /**
   * Freshness in seconds, both ways; 300 by default. Only where the timestamp is signed. It is at most a year
   * (31,536,000) where the payload, or a literal of digits only, is next to the timestamp in `content`.
   */
  toleranceSeconds?: number
}

/** Anything iterable as pairs (`Headers`, `Map`, arrays), or an object; names in any ASCII case. */
export type HeadersLike =
  | Iterable<readonly [string, string | readonly string[] | undefined]>
  | { readonly [name: string]: string | readonly string[] | undefined }

/**
 * A provider's events as its documents describe them: `EventOf<'humiris'>`. `unknown` for a scheme of your own
 * and where the documents name a few events of many. A provider may send what its documents do not say.
 */
export type EventOf<P> = P extends ProviderName ? Events[P] : unknown

/** One verified attempt to deliver. `Delivery<'humiris'>` is one whose provider is known. */
export interface Delivery<P extends ProviderName | Scheme = ProviderName | Scheme> {
  /** The provider's or the scheme's name. */
  readonly provider: string
  /** The provider's own id. Believe it only if `signed` has `'id'`. */
  readonly id: string | null
  /** Unix seconds. Believe it only if `signed` has `'timestamp'`. */
  readonly timestamp: number | null
  /** What the MAC covers. */
  readonly signed: readonly ('payload' | 'timestamp' | 'id')[]
  /** Which of the secrets matched, counted from zero. */
  readonly secretIndex: number
  /**
   * What to deduplicate by: `<provider>:id:<id>` where the MAC covers an id, else
   * `<provider>:sha256:<digest of the payload>`. The same for a retry that was stamped anew, under a rotated
   * secret and for every spelling of a signature; nothing that is not signed is part of it. It is made when
   * it is first read: read it before you write into the memory that was passed as the payload. Without a signed id, two
   * events of the same bytes have the same key.
   */
  readonly key: string
  /** The payload, byte for byte. It is the memory that was passed, not a copy, unless that was a string. */
  bytes(): Uint8Array
  /** The payload as strict UTF-8, a byte order mark kept. @throws {WebhookError} `invalid_payload` */
  text(): string
  /**
   * The payload as JSON, of the type that the provider documents: that is not checked.
   * @throws {WebhookError} `invalid_payload`
   */
  json(): EventOf<P>
  /** What a log may hold: everything but the payload. */
  toJSON(): Pick<Delivery, 'provider' | 'id' | 'timestamp' | 'signed' | 'secretIndex' | 'key'>
}

/** What came of a check. `code` is for programs and stable; `message` is for the operator, not the sender. */
export type Verdict<P extends ProviderName | Scheme = ProviderName | Scheme> =
  | { readonly ok: true; readonly delivery: Delivery<P> }
  | { readonly ok: false; readonly code: Code; readonly message: string }

/**
 * One endpoint: a provider, or a scheme of your own, and its secrets.
 * @example
 * const hook = new Webhook('humiris', process.env.HUMIRIS_WEBHOOK_SECRET ?? '')
 * const verdict = hook.check(rawBody, req.headersDistinct)
 * if (!verdict.ok) return res.status(401).end()
 */
export class Webhook<P extends ProviderName | Scheme = ProviderName | Scheme> {
  /**
   * @param options `toleranceSeconds`: how far a signed timestamp may be from now, both ways; by default
   *   what the provider says. `maxPayloadBytes`: no bound by default; `check` refuses a longer payload before it
   *   looks at the headers.
   * @throws {TypeError} for a wrong type.
   * @throws {WebhookError} `unknown_provider`, `invalid_secret` or `invalid_option`, with the mend.
   */
  constructor(provider: P, secret: Secret, options?: { toleranceSeconds?: number; maxPayloadBytes?: number })
  /**
   * Verifies one delivery. Check the verdict's `ok`; the verdict object is always truthy. It throws only where
   * `verifyWebhook` throws. `now`, in unix seconds, is the clock's by default; one that is not a number of seconds
   * from 0 up is refused as `invalid_option` before the headers are looked at.
   */
  check(payload: Bytes, headers: HeadersLike, options?: { now?: number }): Verdict<P>
  /**
   * The same, for those who prefer exceptions.
   * @throws {WebhookError} with the code and message of `check`, behind which it says that `explain` exists.
   */
  verify(payload: Bytes, headers: HeadersLike, options?: { now?: number }): Delivery<P>
  /**
   * Verifies a payload that comes in chunks, in bounded memory, for those who spool it to a disk. The headers
   * are checked at once, so what cannot verify is refused before its payload is read. Trust nothing of what
   * you took in before `verify` has returned. Each holds a quarter of a megabyte while it is open, and anyone can
   * open one: bound how many uploads there are at once. Engines end at some ten thousand.
   * @throws {WebhookError} with the code that `check` would give for these headers.
   * @example
   * const verifier = hook.createVerifier(req.headersDistinct)
   * for await (const chunk of req) verifier.update(chunk)
   * const delivery = verifier.verify()
   */
  createVerifier(headers: HeadersLike, options?: { now?: number }): Verifier
  /**
   * Signs a payload as the provider would: the headers that carry signature, timestamp and id, as it spells
   * them. The first secret signs. `id` is by default the payload's where the provider repeats it, else a
   * random UUID. `timestamp` has 12 digits at most, also where the scheme has none.
   * @throws {TypeError} for a wrong type. @throws {WebhookError} for what cannot be signed.
   */
  sign(payload: Bytes, options?: { id?: string; timestamp?: number }): Record<string, string>
}

/** One payload on its way through. It ends with `verify`, or with the first error. */
export interface Verifier {
  /**
   * Takes in the next chunk. A string must not end in half a surrogate pair: bytes are safer.
   * @throws {WebhookError} `payload_too_large` beyond the hook's `maxPayloadBytes`.
   */
  update(chunk: Bytes): void
  /** Ends the payload. @throws {WebhookError} `signature_mismatch`, `too_old` or `too_new`. */
  verify(): StreamedDelivery
}

/** A `Delivery` without its payload: an id that stands in the payload is `null` here. */
export type StreamedDelivery = Pick<Delivery, 'provider' | 'id' | 'timestamp' | 'signed' | 'secretIndex'>

/**
 * What a sender sent or a caller passed cannot be accepted. `instanceof` knows it from every entry of the
 * package, by import and by require.
 */
export class WebhookError extends Error {
  constructor(code: Code, message: string)
  readonly name: 'WebhookError'
  /** Stable, and made for programs. */
  readonly code: Code
}
