// Compiles the module from its own text, on the first call: no file, no request, nothing to configure.
import { base64 } from '#module'

export function compile() {
  return new WebAssembly.Module(decode(base64))
}

// `globalThis.Buffer`, so that no bundler puts a substitute in its place.
function decode(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text)
  if (globalThis.Buffer) return globalThis.Buffer.from(text, 'base64')
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i)
  return bytes
}
