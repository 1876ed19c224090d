// Sees every instance that is made by `new WebAssembly.Instance`, so that its linear memory can be watched.
const memories = []

WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
  construct(target, args) {
    const instance = Reflect.construct(target, args)
    memories.push(...Object.values(instance.exports).filter((value) => value instanceof WebAssembly.Memory))
    return instance
  },
})

/** Bytes of linear memory of all instances so far. */
export function linearMemoryBytes() {
  return memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0)
}
