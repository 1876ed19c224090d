// What a user would pick, each used as its own documents say. A contestant is made for one secret and gives
// `prove(bytes)`, which makes what a sender sends beside the payload, and `verify(payload, proof)`, which
// gives true or a promise of it. One that cannot run in this runtime throws when it is made.
import { base64, hex, hmac } from './payloads.js'

export const SECRET = 'a secret of a usual length, 40 letters!!'
const ENCODER = new TextEncoder()
const KEY = ENCODER.encode(SECRET)
const now = () => String(Math.floor(Date.now() / 1000))
const proveHex = async (bytes) => hex(await hmac(SECRET, bytes))

export const HOOKPROOF = 'hookproof'
export const RECIPE = 'node:crypto recipe'
export const KEPT = 'WebCrypto, key kept'
export const STANDARD = 'standardwebhooks'
export const HASH_WASM = 'hash-wasm, hasher kept'

/** In the order of the table. */
export const contestants = {
  async [HOOKPROOF]() {
    const { verifyWebhook } = await import('hookproof')
    const options = { form: 'hex' }
    return {
      takesBytes: true,
      prove: proveHex,
      verify: (payload, signature) => verifyWebhook(payload, signature, SECRET, options),
    }
  },

  [RECIPE]: recipe,

  async [KEPT]() {
    const key = await importKey('verify')
    return {
      takesBytes: true,
      prove: proveHex,
      verify: (payload, signature) => crypto.subtle.verify('HMAC', key, unhex(signature), bytesOf(payload)),
    }
  },

  async 'WebCrypto, key imported'() {
    return {
      takesBytes: true,
      prove: proveHex,
      async verify(payload, signature) {
        const key = await importKey('verify')
        return crypto.subtle.verify('HMAC', key, unhex(signature), bytesOf(payload))
      },
    }
  },

  async '@octokit/webhooks-methods'() {
    const { verify } = await import('@octokit/webhooks-methods')
    return {
      prove: async (bytes) => `sha256=${await proveHex(bytes)}`,
      verify: (payload, signature) => verify(SECRET, payload, signature),
    }
  },

  async stripe() {
    const { default: Stripe } = await import('stripe')
    const { signature } = Stripe.webhooks ?? new Stripe('sk_test_none').webhooks
    const toleranceSeconds = 3600
    // Where stripe finds WebCrypto and no node:crypto its synchronous call throws.
    const call = (await synchronous(() =>
      signature.verifyHeader('{}', `t=${now()},v1=${'0'.repeat(64)}`, SECRET, toleranceSeconds),
    ))
      ? signature.verifyHeader
      : signature.verifyHeaderAsync
    return {
      takesBytes: true,
      async prove(bytes) {
        const timestamp = now()
        return `t=${timestamp},v1=${hex(await hmac(SECRET, `${timestamp}.`, bytes))}`
      },
      verify: (payload, header) => call.call(signature, payload, header, SECRET, toleranceSeconds),
    }
  },

  async [STANDARD]() {
    const { Webhook } = interop(await import('standardwebhooks'), 'Webhook')
    const webhook = new Webhook(base64(KEY))
    const options = { jsonParse: false }
    return {
      async prove(bytes) {
        const timestamp = now()
        const tag = base64(await hmac(SECRET, `msg_1.${timestamp}.`, bytes))
        return { 'webhook-id': 'msg_1', 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${tag}` }
      },
      // It throws where it refuses.
      verify: (payload, headers) => webhook.verify(payload, headers, options) === undefined,
    }
  },

  async '@noble/hashes, key kept'() {
    const { hmac } = await import('@noble/hashes/hmac.js')
    const { sha256 } = await import('@noble/hashes/sha2.js')
    const keyed = hmac.create(sha256, KEY)
    return {
      takesBytes: true,
      prove: proveHex,
      verify: (payload, signature) => equal(keyed.clone().update(bytesOf(payload)).digest(), unhex(signature)),
    }
  },

  async [HASH_WASM]() {
    const { createHMAC, createSHA256 } = interop(await import('hash-wasm'), 'createHMAC')
    const hasher = await createHMAC(createSHA256(), KEY)
    return {
      takesBytes: true,
      prove: proveHex,
      verify: (payload, signature) => equal(hasher.init().update(payload).digest('binary'), unhex(signature)),
    }
  },

  async '@hookflo/tern'() {
    const { WebhookVerificationService } = interop(await import('@hookflo/tern'), 'WebhookVerificationService')
    const config = { platform: 'github', secret: SECRET }
    return {
      takesBytes: true,
      prove: async (bytes) => ({ 'x-hub-signature-256': `sha256=${await proveHex(bytes)}` }),
      async verify(payload, headers) {
        const request = new Request('http://127.0.0.1/', { method: 'POST', headers, body: payload })
        return (await WebhookVerificationService.verify(request, config)).isValid
      },
    }
  },

  // The first one again, at the table's other end: how far it is from 1 is noise.
  [`${RECIPE}, again`]: recipe,
}

/** What vendors' documents say. */
async function recipe() {
  const { createHmac, timingSafeEqual } = await import('node:crypto')
  const { Buffer } = await import('node:buffer')
  return {
    takesBytes: true,
    prove: proveHex,
    verify(payload, signature) {
      const expected = createHmac('sha256', SECRET).update(payload).digest('hex')
      return timingSafeEqual(Buffer.from(expected), Buffer.from(signature))
    },
  }
}

function importKey(use) {
  return crypto.subtle.importKey('raw', KEY, { name: 'HMAC', hash: 'SHA-256' }, false, [use])
}

function bytesOf(payload) {
  return typeof payload === 'string' ? ENCODER.encode(payload) : payload
}

const digit = (code) => (code < 58 ? code - 48 : code - 87)

function unhex(text) {
  const bytes = new Uint8Array(32)
  for (let i = 0; i < 32; i++) bytes[i] = (digit(text.charCodeAt(2 * i)) << 4) | digit(text.charCodeAt(2 * i + 1))
  return bytes
}

function equal(a, b) {
  let difference = 0
  for (let i = 0; i < 32; i++) difference |= a[i] ^ b[i]
  return difference === 0
}

// CommonJS arrives as named exports in some runtimes and below `default` in others.
function interop(module, name) {
  return module[name] === undefined ? module.default : module
}

// Whether a call can answer at once; that it refuses what it is given here is an answer.
async function synchronous(call) {
  try {
    await call()
    return true
  } catch (error) {
    return !/synchronous/.test(error.message)
  }
}
