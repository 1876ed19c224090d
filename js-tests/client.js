// Senders over real sockets. A request is { method, headers, chunks }: headers as pairs, so that one may stand
// twice, and chunks that are written one by one. `length: false` does not say how long they are; a number says
// that, and nothing is sent.
import { once } from 'node:events'
import { request as request1 } from 'node:http'
import { connect } from 'node:http2'
import { connect as connectSocket } from 'node:net'

const DEFAULTS = { path: '/', method: 'POST', headers: [], chunks: [], length: true }

/**
 * Senders over HTTP/1.1 and HTTP/2. `post` gives { status, headers, body }, with 'closed' for a status where the
 * connection was closed before an answer was heard; `hangUp` sends half a body.
 */
export const http1 = { post: post1, hangUp: hangUp1 }
export const http2 = { post: post2, hangUp: hangUp2 }

async function post1(port, options) {
  const { path, method, headers, chunks, length, expect } = { ...DEFAULTS, ...options }
  const flat = [['Host', 'localhost'], ['Content-Type', 'application/json'], ...headers]
  if (length) flat.push(['Content-Length', length === true ? byteLength(chunks) : length])
  else flat.push(['Transfer-Encoding', 'chunked'])
  if (expect) flat.push(['Expect', '100-continue'])
  const request = request1({ port, host: '127.0.0.1', path, method, headers: flat.flat().map(String), agent: false })
  const answered = once(request, 'response').catch(closed)
  // Only once it was invited to.
  if (expect) await Promise.race([(request.flushHeaders(), once(request, 'continue')), answered])
  // The answer may come, and the connection end, before everything is sent.
  request.on('error', () => {})
  for (const chunk of chunks) request.write(chunk)
  if (typeof length === 'number') request.flushHeaders()
  else request.end()
  const [response] = await answered
  if (response === undefined) return { status: 'closed', headers: {}, body: '' }
  const answer = { status: response.statusCode, headers: response.headers, body: await textOf(response) }
  request.destroy()
  return answer
}

function closed(error) {
  if (!['EPIPE', 'ECONNRESET'].includes(error.code)) throw error
  return []
}

async function post2(port, options) {
  const { method, headers, chunks, length } = { ...DEFAULTS, ...options }
  const session = connect(`http://127.0.0.1:${port}`)
  const fields = { ':method': method, ':path': '/', 'content-type': 'application/json' }
  for (const [name, value] of headers) (fields[name.toLowerCase()] ??= []).push(String(value))
  if (length) fields['content-length'] = byteLength(chunks)
  try {
    const stream = session.request(fields)
    stream.on('error', () => {})
    const answered = once(stream, 'response')
    for (const chunk of chunks) stream.write(chunk)
    stream.end()
    const [response] = await answered
    return { status: response[':status'], headers: response, body: await textOf(stream) }
  } finally {
    session.close()
  }
}

async function hangUp1(port, headers, path = '/') {
  const socket = connectSocket(port, '127.0.0.1')
  await once(socket, 'connect')
  const lines = [`POST ${path} HTTP/1.1`, 'Host: localhost', 'Content-Type: application/json', 'Content-Length: 1000']
  const head = [...lines, ...headers.map((pair) => pair.join(': '))]
  await new Promise((resolve) => socket.write([...head, '', '{"id":'].join('\r\n'), resolve))
  socket.destroy()
}

async function hangUp2(port, headers) {
  const session = connect(`http://127.0.0.1:${port}`)
  const stream = session.request({ ':method': 'POST', ':path': '/', ...Object.fromEntries(headers) })
  stream.on('error', () => {})
  await new Promise((resolve) => stream.write('{"id":', resolve))
  // What the other side has seen cannot be lost with the stream.
  await new Promise((resolve) => session.ping(resolve))
  stream.destroy()
  session.close()
}

async function textOf(stream) {
  let text = ''
  for await (const chunk of stream) text += chunk
  return text
}

function byteLength(chunks) {
  return chunks.reduce((sum, chunk) => sum + Buffer.byteLength(chunk), 0)
}
