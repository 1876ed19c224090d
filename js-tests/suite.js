// The one suite of vectors. It knows no runtime: a runner hands it the package and the rows, and gets back
// what came of each, as lines that must be the same everywhere.

/** Runs every row; throws on the first few that are wrong. */
export function run({ verifyWebhook, Webhook }, files) {
  const lines = []
  const wrong = []
  for (const [file, { cases }] of Object.entries(files)) {
    for (const row of cases) {
      let line
      for (const got of row.form ? byForm(verifyWebhook, row) : byWebhook(Webhook, row)) {
        line = show(got)
        if (line !== show(row.expected)) {
          wrong.push(`${file}: ${row.name}\n  expected ${show(row.expected)}\n  got      ${line}`)
        }
      }
      lines.push(`${file}: ${row.name}: ${line}`)
    }
  }
  if (wrong.length > 0) throw new Error(`${wrong.length} wrong:\n${wrong.slice(0, 20).join('\n')}`)
  return lines
}

// Every way of passing the same payload must give the same answer.
function* byForm(verifyWebhook, { form, signature, secret, payload, now, toleranceSeconds }) {
  const options = {
    ...(form === 'auto' ? {} : { form }),
    ...(now === undefined ? {} : { now }),
    ...(toleranceSeconds === undefined ? {} : { toleranceSeconds: number(toleranceSeconds) }),
  }
  for (const body of bodies(payload)) yield verifyWebhook(body, signature, secrets(secret), options)
}

function* byWebhook(Webhook, { provider, scheme, secret, headers, payload, now, toleranceSeconds }) {
  let hook
  try {
    const options = toleranceSeconds === undefined ? {} : { toleranceSeconds: number(toleranceSeconds) }
    hook = new Webhook(provider ?? scheme, secrets(secret), options)
  } catch ({ code, message }) {
    yield { ok: false, code, field: code === 'invalid_option' ? fieldOf(message) : undefined }
    return
  }
  for (const body of bodies(payload)) yield verdict(hook.check(body, headers, { now }))
  for (const shape of shapes(headers)) yield verdict(hook.check(bodies(payload)[0], shape, { now }))
}

function verdict(verdict) {
  if (!verdict.ok) return { ok: false, code: verdict.code }
  const { id, timestamp, signed, secretIndex, key } = verdict.delivery
  return { ok: true, id, timestamp, signed, secretIndex, key }
}

// The message begins with the column it is about.
function fieldOf(message) {
  return message.replace(/^scheme\./, '').split(/[ :]/)[0]
}

function show(result) {
  if (typeof result === 'boolean') return String(result)
  const { ok, code, field, id, timestamp, signed, secretIndex, key } = result
  return JSON.stringify(ok ? { id, timestamp, signed, secretIndex, key } : { code, field })
}

function number(value) {
  return value === 'Infinity' ? Infinity : value
}

function secrets(secret) {
  return Array.isArray(secret) ? secret.map(one) : one(secret)
}

function one(value) {
  return typeof value === 'string' ? value : bytesOf(value.base64)
}

// Long payloads are passed in two ways only: they are about length, not about types.
function bodies(payload) {
  const text = payload.times === undefined ? payload : payload.repeat.repeat(payload.times)
  if (typeof text !== 'string') return views(bytesOf(payload.base64))
  const bytes = utf8(text)
  return bytes.length > 100_000 ? [text, bytes] : [text, ...views(bytes)]
}

function views(bytes) {
  const framed = new Uint8Array(bytes.length + 5).fill(0x41)
  framed.set(bytes, 3)
  return [
    bytes,
    bytes.slice().buffer,
    new DataView(framed.buffer, 3, bytes.length),
    framed.subarray(3, 3 + bytes.length),
  ]
}

// The same headers in every shape that can hold them as they are.
function shapes(pairs) {
  const names = pairs.map(([name]) => name.toLowerCase())
  if (new Set(names).size < names.length || names.includes('__proto__')) return []
  const object = Object.fromEntries(pairs)
  const lists = Object.fromEntries(pairs.map(([name, value]) => [name, [value]]))
  const plain = pairs.every(([name, value]) => /^[\w-]+$/.test(name) && /^[\x21-\x7e]*$/.test(value))
  const short = pairs.every(([, value]) => value.length < 9000)
  return [object, lists, new Map(pairs), ...(plain && short && globalThis.Headers ? [new Headers(pairs)] : [])]
}

// Not by TextEncoder, which Jest's jsdom lacks.
function utf8(text) {
  return Uint8Array.from(unescape(encodeURIComponent(text)), (byte) => byte.charCodeAt(0))
}

function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}
