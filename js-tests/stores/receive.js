/** Asks a store in the order in which an adapter does, and gives the status that it would answer. */
export async function receive(store, key, handler, { leaseSeconds, ttlSeconds }) {
  let claim
  try {
    claim = await store.claim(key, leaseSeconds)
  } catch {
    return 503
  }
  if (claim.state === 'done') return 200
  if (claim.state === 'busy') return 409
  try {
    await handler()
  } catch {
    await store.release(key, claim.token).catch(() => {})
    return 500
  }
  try {
    await store.complete(key, claim.token, ttlSeconds)
    return 200
  } catch {
    return 503
  }
}
