/** A label that no other call makes, and no secret: where there is no source of randomness, any will do. */
export function randomId() {
  if (ANY_RUNTIME && typeof globalThis.crypto?.randomUUID !== 'function') {
    const digits = () => Math.random().toString(16).slice(2, 14).padEnd(12, '0')
    return `${digits()}-${digits()}`
  }
  return crypto.randomUUID()
}
