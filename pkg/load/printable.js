// Compiles the module of explanations from its own text, as inline.js does the one that verifies, in which a
// byte that comes often is one printable character: gzip makes as much of that as of the binary, a tenth less
// than of hex. A loop turns it back, in up to 10 ms: too long for who verifies, and not for who asks why.
import { singles, text } from '#module'

export function compile() {
  return new WebAssembly.Module(decode())
}

// A character from "#" on is the place of a byte among those that are one character each; "!" or a space before it
// moves it on to the others, which stand by their size.
function decode() {
  const others = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !singles.includes(byte))
  const order = [...singles, ...others]
  const bytes = []
  let place = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at) - 35
    if (code < 0) place = (code + 4) * singles.length
    else {
      bytes.push(order[place + code])
      place = 0
    }
  }
  return Uint8Array.from(bytes)
}
