import { kind } from '../argument.js'
import { typeError } from '../error.js'
import { property } from '../property.js'
import { encode } from '../utf8.js'
import { hexOf } from '../hex.js'
import { storeOf } from './store.js'

export function durableObjectStore(namespace) {
  if (typeof namespace?.idFromName !== 'function' || typeof namespace.get !== 'function') {
    throw typeError(
      `namespace must be a Durable Object namespace, as env holds it, got ${kind(namespace)}: is the binding in the wrangler config?`,
    )
  }
  const ask = (call) => async (key, token, milliseconds) => {
    const object = namespace.get(namespace.idFromName(await nameOf(key)))
    const body = JSON.stringify({ call, token, milliseconds })
    const answer = await object.fetch('https://delivery/', { __proto__: null, method: 'POST', body })
    if (property(answer, 'ok') !== true) throw new Error(`the Durable Object answered ${property(answer, 'status')}`)
    return answer.json()
  }
  return storeOf({ claim: ask('claim'), complete: ask('complete'), release: ask('release') })
}

/** One delivery. While a call awaits its storage no other call to the object goes on, so each is atomic. */
export class DeliveryStore {
  #storage
  #calls = {
    __proto__: null,
    claim: (held, token, milliseconds) => this.#claim(held, token, milliseconds),
    complete: (held, token, milliseconds) => this.#complete(held, token, milliseconds),
    release: (held, token) => this.#release(held, token),
  }

  constructor(state) {
    this.#storage = state.storage
  }

  async fetch(request) {
    const { call, token, milliseconds } = await request.json()
    const held = await this.#storage.get('held')
    const current = held?.expiresAt > Date.now() ? held : undefined
    const answer = await this.#calls[call](current, token, milliseconds)
    return Response.json(answer, { __proto__: null, headers: { __proto__: null } })
  }

  /** Forgets the delivery when its lease or its time to live is over. */
  async alarm() {
    const held = await this.#storage.get('held')
    if (held?.expiresAt > Date.now()) return this.#storage.setAlarm(held.expiresAt)
    await this.#forget()
  }

  async #claim(held, token, milliseconds) {
    if (held) return held.done ? 'done' : 'busy'
    await this.#hold(token, false, milliseconds)
    return 'new'
  }

  async #complete(held, token, milliseconds) {
    if (held?.token !== token) return false
    await this.#hold(token, true, milliseconds)
    return true
  }

  async #release(held, token) {
    if (held?.token !== token || held.done) return false
    await this.#forget()
    return true
  }

  // Writes that nothing is awaited between are one write.
  async #hold(token, done, milliseconds) {
    const expiresAt = Date.now() + milliseconds
    await Promise.all([this.#storage.put('held', { token, done, expiresAt }), this.#storage.setAlarm(expiresAt)])
  }

  async #forget() {
    await Promise.all([this.#storage.deleteAlarm(), this.#storage.deleteAll()])
  }
}

// An object's name is short, whatever the key.
async function nameOf(key) {
  return hexOf(new Uint8Array(await crypto.subtle.digest('SHA-256', encode(key))))
}
