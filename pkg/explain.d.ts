import type { Bytes, HeadersLike, Webhook } from './index.js'
import type { Code } from './gen/tables/names.js'

/**
 * Why does this delivery fail? The commonest mistakes are undone one by one; where the signature then
 * verifies, the signature itself proves which it was. For development and for operators: show nothing of
 * the answer to the sender.
 *
 * @param hooks The Webhook that refuses the delivery; or several, of which the first is the one it was sent
 *   to and the others may be the one it was meant for.
 * @param payload What was passed to the verifier as the payload.
 * @param headers All of the request's headers.
 * @param options `now`, in unix seconds, is the clock's by default: pass the time at which a recorded
 *   delivery came. `revealExpected` puts into the evidence the signature that this payload would need. That
 *   makes a signing oracle of whatever shows the answer: never where a sender could see it.
 *   `revealSigned` puts into it what was signed, the payload as a whole.
 * @throws {TypeError} for a wrong type.
 * @throws {WebhookError} `invalid_option`; `payload_too_large` for a payload above 16 MiB (16,777,216 bytes);
 *   `malformed_header` for headers above 1 MiB together, each counted as the line `name: value` with its line break.
 * @example
 * const verdict = hook.check(rawBody, req.headersDistinct)
 * if (!verdict.ok) {
 *   const { cause, message, fix } = explain(hook, rawBody, req.headersDistinct)
 *   console.error(cause, message, fix)
 * }
 */
export function explain(
  hooks: Webhook | readonly Webhook[],
  payload: Bytes,
  headers: HeadersLike,
  options?: { now?: number; revealExpected?: boolean; revealSigned?: boolean },
): Explanation

/**
 * Takes a delivery apart as people have it: a raw HTTP request, a curl command, a HAR entry or an archive of
 * one. The payload is exact.
 *
 * @throws {TypeError} for a wrong type.
 * @throws {WebhookError} `payload_too_large` for a capture above 16 MiB (16,777,216 bytes); `invalid_payload`
 *   otherwise, with a message that names what was not understood. Headers above 1 MiB together are refused too.
 * @example
 * const { headers, payload } = parseCapture(await readFile('delivery.http'))
 * explain(hook, payload, headers)
 */
export function parseCapture(capture: Bytes): Capture

/** What was found. */
export interface Explanation {
  /** Stable, and made for programs. */
  readonly cause: Cause
  /** The cause, in a sentence. */
  readonly message: string
  /** What to do, in a sentence. */
  readonly fix: string
  readonly evidence: Evidence
}

/** What speaks for an explanation. No secret is in it; of the payload it shows short pieces, unless asked for all. */
export interface Evidence {
  /** Whether the signature proves the cause. If not, it is what the delivery looks like, and no more. */
  readonly proven: boolean
  /** The code that `check` gives; null where it accepts the delivery. */
  readonly code: Code | null
  /** The name of the scheme that fits, or of that which was tried. */
  readonly provider: string
  /** Which of the hook's secrets fits, counted from zero; null where none does. */
  readonly secretIndex: number | null
  /** Everything that is wrong. The first is the cause. */
  readonly faults: readonly { readonly cause: Cause; readonly message: string; readonly fix: string }[]
  /** Where the payload received first differs from the one that was signed. Invisible characters are shown. */
  readonly difference: {
    readonly offsetBytes: number
    readonly received: string
    readonly signed: string
    readonly receivedBytes: number
    readonly signedBytes: number
  } | null
  /** The beginning of the content that was signed, or would have to be. */
  readonly content: string
  /** How old the signature is, in words; null where no time is signed. */
  readonly age: string | null
  /** The signature that this payload would need; null unless it was asked for. */
  readonly expected: string | null
  /**
   * What was signed, where the signature proves it; null unless it was asked for. The tag is the one that came,
   * decoded: fewer than 32 bytes where it was cut off. The delivery as it should have come needs no search.
   */
  readonly signed: {
    readonly payload: Uint8Array
    readonly timestamp: string | null
    readonly id: string | null
    readonly tag: Uint8Array
  } | null
  /** What was tried and does not fit. */
  readonly ruledOut: readonly string[]
  /** How many MACs were made. */
  readonly macsTried: number
  /** False where a bound was reached before everything was tried. */
  readonly complete: boolean
}

/** A captured request. */
export interface Capture {
  readonly method: string
  readonly url: string
  /** Every header in order, with its copies. */
  readonly headers: readonly (readonly [string, string])[]
  readonly payload: Uint8Array
}

/** What can be wrong. */
export type Cause =
  | 'verified'
  | 'empty_payload'
  | 'stringified_object'
  | 'json_reserialised'
  | 'newline_added'
  | 'newline_lost'
  | 'white_space'
  | 'line_endings'
  | 'byte_order_mark'
  | 'base64_payload'
  | 'compressed_payload'
  | 'wrong_charset'
  | 'url_encoded_payload'
  | 'form_payload'
  | 'json_string_payload'
  | 'bytes_as_text'
  | 'truncated_payload'
  | 'bytes_after_payload'
  | 'secret_white_space'
  | 'secret_quotes'
  | 'secret_line'
  | 'secret_encoding'
  | 'secret_url_encoded'
  | 'secret_case'
  | 'secret_repeated'
  | 'secret_of_another_endpoint'
  | 'api_key_as_secret'
  | 'masked_secret'
  | 'placeholder_secret'
  | 'invalid_secret'
  | 'missing_header'
  | 'renamed_header'
  | 'other_hash'
  | 'signature_prefix'
  | 'signature_encoding'
  | 'signature_truncated'
  | 'signature_joined'
  | 'signature_quoted'
  | 'signature_layout'
  | 'repeated_header'
  | 'malformed_signature'
  | 'timestamp_not_signed'
  | 'timestamp_signed'
  | 'content_separator'
  | 'content_order'
  | 'timestamp_milliseconds'
  | 'wrong_id'
  | 'other_content'
  | 'missing_timestamp'
  | 'malformed_timestamp'
  | 'missing_id'
  | 'other_provider'
  | 'too_old'
  | 'too_new'
  | 'time_zone'
  | 'now_in_milliseconds'
  | 'invalid_option'
  | 'unknown'
