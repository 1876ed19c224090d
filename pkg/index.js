export { clearKeys, signWebhook, verifyWebhook } from './verify-webhook.js'
export { Webhook } from './webhook.js'
export { WebhookError } from './error.js'
