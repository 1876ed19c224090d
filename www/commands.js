// What to paste into a shell to send a delivery.
import { variableOf } from './code.js'

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`

/** curl, which sends exactly these headers and this text. */
export function curlOf(url, headers, payload) {
  const lines = headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`)
  return [`curl -i -X POST ${quoted(url)}`, ...lines, `--data-raw ${quoted(payload)}`].join(' \\\n  ')
}

/** The project's own sender, which signs by itself. The payload is named where it is not the documented one. */
export function sendOf(row, event, url, payload) {
  const words = ['hookproof send', row.name, event, quoted(url), '--secret-env', variableOf(row)]
  return [...words, ...(payload === sampleOf(row, event) ? [] : ['--payload', quoted(payload)])].join(' ')
}

/** The documented payload, of this event. */
export function sampleOf({ sample, events }, event) {
  return sample.replace(JSON.stringify(events[0]), () => JSON.stringify(event))
}
