// Workers compile no bytes inside a request: their bundler hands over the module, compiled.
import module from '#module'

/** From how many bytes on the runtime's own hash is worth its call, which is dear here. */
export const hashFrom = 1536

/** From how many UTF-16 units on a text that is not ASCII is better encoded by the runtime's hash. */
export const textFrom = 8192

/** From how many UTF-16 units on a text is better copied, where buffers copy. */
export const copyFrom = 64

/** How many bytes are hashed before node:crypto is loaded for it. */
export const worthLoading = 64 * 1024

export function compile() {
  return module
}
