// Headers as people write them, a line each, and as the package takes them.

/** The lines as pairs; what has no colon is left out, and `lost` names it. */
export function parseHeaders(text) {
  const pairs = []
  const lost = []
  for (const line of text.split('\n').map((line) => line.trim()).filter(Boolean)) {
    const colon = line.indexOf(':', 1)
    if (colon < 0) lost.push(line)
    else pairs.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()])
  }
  return { pairs, lost }
}

export const pairsOf = (text) => parseHeaders(text).pairs

export const writeHeaders = (pairs) => pairs.map(([name, value]) => `${name}: ${value}`).join('\n')

const same = (left, right) => left.toLowerCase() === right.toLowerCase()

/** Every value that the header has, in order. */
export function valuesOf(text, name) {
  return pairsOf(text).filter(([each]) => same(each, name)).map(([, value]) => value)
}

/** The text with other values for a header: none takes it out, two send it twice. */
export function withValues(text, name, values) {
  const pairs = pairsOf(text)
  const at = pairs.findIndex(([each]) => same(each, name))
  const others = pairs.filter(([each]) => !same(each, name))
  others.splice(at < 0 ? others.length : at, 0, ...values.map((value) => [pairs[at]?.[0] ?? name, value]))
  return writeHeaders(others)
}
