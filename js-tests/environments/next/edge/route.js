import { transcript } from '../transcript.js'

export const dynamic = 'force-dynamic'
export const runtime = 'edge'

export function GET() {
  return new Response(transcript())
}
