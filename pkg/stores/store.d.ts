/** What came of a claim. */
export interface Claim {
  /**
   * `new`: nobody handles this delivery and nobody has, so the caller may. `busy`: somebody holds it, and their
   * lease is not over. `done`: it was handled, and its time to live is not over.
   */
  readonly state: 'new' | 'busy' | 'done'
  /** With `new`, what `complete` and `release` need. With the others it does nothing. */
  readonly token: string
}

/**
 * Remembers which deliveries are being handled and which were. Each call is atomic, and rejects where the
 * store cannot be asked: a delivery whose claim was rejected must not be handled.
 *
 * A token is stale when its lease is over, it was released, another claim came after it, or the store lost the
 * claim. A stale token completes and releases nothing: a handler that outlives its lease cannot finish the next
 * holder's claim.
 *
 * All reject with a TypeError for an argument of a wrong type, and with `invalid_option` for seconds that are not
 * more than 0 and at most 1e9.
 */
export interface Store {
  /**
   * Claims a delivery for `leaseSeconds`. Of any number of claims at the same instant one is `new`. When the lease
   * is over without `complete`, the next claim is `new`: give it longer than a handler takes.
   * @param key `delivery.key`: any string that is well-formed and not empty, of any length.
   */
  claim(key: string, leaseSeconds: number): Promise<Claim>
  /**
   * Records that the delivery was handled. For `ttlSeconds` every claim is `done`; then it is `new` again.
   * @returns Whether it did. False says that the token was stale, so that the delivery may run again. The token
   *   that has completed a delivery may complete it again.
   */
  complete(key: string, token: string, ttlSeconds: number): Promise<boolean>
  /**
   * Gives the delivery back after a handler failed, so that the next claim is `new` at once.
   * @returns Whether it did.
   */
  release(key: string, token: string): Promise<boolean>
}
