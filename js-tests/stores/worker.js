// Runs in workerd: the store as a worker asks it, driven from outside by what a request's body says.
import { webhook } from 'hookproof/fetch'
import { DeliveryStore, durableObjectStore } from 'hookproof/stores/durable-object'
import { deliveryOf, hook } from './deliveries.js'

/** The package's class, which a request without a body asks what it has stored. */
export class Sqlite extends DeliveryStore {
  #storage

  constructor(state) {
    super(state)
    this.#storage = state.storage
  }

  async fetch(request) {
    if (request.method === 'POST') return super.fetch(request)
    const stored = [...(await this.#storage.list()).keys()]
    return Response.json({ stored, alarm: await this.#storage.getAlarm() })
  }
}

export class KeyValue extends Sqlite {}

/** An object that is gone whenever it is asked. */
export class Gone {
  #state

  constructor(state) {
    this.#state = state
  }

  fetch() {
    this.#state.abort('gone')
  }
}

export default {
  async fetch(request, env) {
    const { binding, call, args } = await request.json()
    try {
      return Response.json({ value: await calls[call](env[binding], ...args) })
    } catch (error) {
      return Response.json({ error: { name: error.name, code: error.code, message: error.message } })
    }
  },
}

const calls = {
  claim: (namespace, ...args) => durableObjectStore(namespace).claim(...args),
  complete: (namespace, ...args) => durableObjectStore(namespace).complete(...args),
  release: (namespace, ...args) => durableObjectStore(namespace).release(...args),

  async receive(namespace, id, handlerMilliseconds, leaseSeconds) {
    let ran = 0
    const handler = async () => {
      await scheduler.wait(handlerMilliseconds)
      ran += 1
    }
    const handle = webhook(hook, handler, { store: durableObjectStore(namespace), leaseSeconds, onReject() {} })
    const { status } = await handle(new Request('https://receiver/', deliveryOf(id)))
    return { status, ran }
  },

  async stored(namespace, name) {
    const answer = await namespace.get(namespace.idFromName(name)).fetch('https://delivery/')
    return answer.json()
  },
}
