import { transcript } from '../transcript.js'

export const dynamic = 'force-dynamic'

export default function Page() {
  return <script type="text/plain" dangerouslySetInnerHTML={{ __html: encodeURIComponent(transcript()) }} />
}
