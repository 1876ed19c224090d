// Instances of the module: made when they are needed, kept for the next call, dropped when anything was thrown.

// How this kind of runtime gets the module: one of load/, chosen when the entry is bundled.
import { compile } from '#load'
import { isMachineFailure } from '../error.js'
import { Memory } from './memory.js'

let module

// The instances that no call uses. There are few: each has a quarter of a megabyte.
const idle = []
const MAX_IDLE = 8

/**
 * An instance for one call, or for a payload that arrives in chunks. It belongs to the caller until `keepInstance`,
 * and is dropped with whatever is thrown before: a trap leaves an instance unusable, and so does the end of the stack
 * or a time limit of node:vm, which no `catch` sees.
 */
export function takeInstance() {
  return idle.pop() ?? new Instance()
}

/** Keeps an instance for the next call, after a call that returned. */
export function keepInstance(instance) {
  if (idle.length < MAX_IDLE) idle.push(instance)
}

/** Wipes the key states in the instances that no call uses. */
export function wipeKeys() {
  for (const { memory } of idle) memory.wipeKeys()
}

class Instance {
  constructor() {
    this.wasm = ANY_RUNTIME ? instantiateAnywhere() : instantiate()
    this.memory = new Memory(this.wasm)
    /** The number of the scheme that is set. The module counts none as 0. */
    this.schemeNumber = 0
    /** A buffer over the payload's field, null where buffers are slow. payload-text.js makes it. */
    this.payloadBuffer = undefined
  }
}

function instantiate() {
  module ??= compile()
  return new WebAssembly.Instance(module).exports
}

// Elsewhere than in workers it may be forbidden.
function instantiateAnywhere() {
  try {
    return instantiate()
  } catch (cause) {
    // The next call may succeed.
    if (isMachineFailure(cause)) throw cause
    throw new Error(
      "hookproof needs WebAssembly, and this runtime forbids or lacks it: in a Content-Security-Policy add 'wasm-unsafe-eval' to script-src",
      { cause },
    )
  }
}
