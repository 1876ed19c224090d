// How many bytes of a payload the module takes in at once: where tests have their edges.
import { readFileSync } from 'node:fs'

const file = new URL('./node_modules/hookproof/gen/hookproof.wasm', import.meta.url)
const { area_bytes } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file))).exports

/** The area of the chunk, by its number in pkg/door.js. */
export const CHUNK_BYTES = area_bytes(6)
