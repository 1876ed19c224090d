/**
 * The method by which the package's other entries ask a Webhook what it was made of. A registered symbol,
 * because a hook of the ES modules may meet an entry of the CommonJS copies. Its answer holds the secrets.
 */
export const internals = Symbol.for('hookproof.internals')
