// Compiles the module from its own text, on the first call: no file, no request, nothing to configure. Hex
// and not base64: it is longer, but bytes stay bytes in it, so that a gzipped package is a sixth smaller.
import { hex } from '#module'

/** From how many bytes on the runtime's own hash is worth its call, which costs more in some than in others. */
export const hashFrom = globalThis.Bun ? 64 : globalThis.Deno ? 1024 : 256

/** From how many UTF-16 units on a text that is not ASCII is better encoded by the runtime's hash. */
export const textFrom = globalThis.Deno ? 1024 : Infinity

/**
 * From how many UTF-16 units on a text is better copied, where buffers copy. That is in Node since 24, which encodes
 * slower than those before and is known by what else it has. Deno's buffers go from unit to unit, and Bun encodes
 * quicker than the core.
 */
export const copyFrom = globalThis.Deno || globalThis.Bun || typeof RegExp.escape !== 'function' ? Infinity : 256

/**
 * How many bytes are hashed before node:crypto is loaded for it, which takes 3 to 20 ms. This module hashes so
 * many in about the same time, so that nobody ever waits for more than twice what was needed.
 */
export const worthLoading = 1024 * 1024

export function compile() {
  return new WebAssembly.Module(decode())
}

// `globalThis.Buffer`, so that no bundler puts a substitute in its place.
function decode() {
  if (typeof Uint8Array.fromHex === 'function') return Uint8Array.fromHex(hex)
  if (typeof globalThis.Buffer === 'function') return globalThis.Buffer.from(hex, 'hex')
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => parseInt(hex.slice(2 * i, 2 * i + 2), 16))
}
