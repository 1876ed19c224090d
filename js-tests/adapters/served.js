// Endpoints on demand, in a runtime that serves a function of a Request. A test says ?make at a path, with what it
// wants as the body, then ?seen and ?finish; everything else is for the endpoint.
import { webhook } from 'hookproof/fetch'
import { endpointOf } from './endpoint.js'

const endpoints = new Map()

/** Serves a request, of a test or of its sender. */
export async function serve(request) {
  const { pathname, searchParams } = new URL(request.url)
  if (searchParams.has('make')) {
    const { parsed, ...settings } = await request.json()
    const endpoint = endpointOf(settings)
    endpoints.set(pathname, { ...endpoint, parsed, receive: webhook(...endpoint.args) })
    return new Response()
  }
  const { receive, parsed, seen, finish } = endpoints.get(pathname)
  if (searchParams.has('seen')) return Response.json(seen)
  if (searchParams.has('finish')) return Response.json(finish())
  if (parsed) await request.json()
  return receive(request)
}
