import { transcript } from '../transcript.js'

export const dynamic = 'force-dynamic'
export const runtime = 'nodejs'

export function GET() {
  return new Response(transcript())
}
