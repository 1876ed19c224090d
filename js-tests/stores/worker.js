// Runs in workerd: the store as a worker asks it, driven from outside by what a request's body says.
import { DeliveryStore, durableObjectStore } from './durable-object.js'
import { receive } from './receive.js'

export { DeliveryStore }
export class KeyValue extends DeliveryStore {}

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
      const store = durableObjectStore(env[binding])
      return Response.json({ value: await run(store, call, args) })
    } catch (error) {
      return Response.json({ error: { name: error.name, code: error.code, message: error.message } })
    }
  },
}

function run(store, call, args) {
  if (call !== 'receive') return store[call](...args)
  const [key, handlerMilliseconds, options] = args
  return receive(store, key, () => scheduler.wait(handlerMilliseconds), options)
}
