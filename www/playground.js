// The page: what is typed changes the delivery, and whatever shows it follows.
import { change, judge, onChange, read } from './delivery.js'
import { debounced, write, find } from './dom.js'
import { startFields } from './fields.js'
import { refreshSigned, showAttacks, showCode, showSigned, startCode, startSharing, startSigning } from './panels.js'
import { startPayloadField } from './payload-field.js'
import { startProviderChoice } from './provider-choice.js'
import { showParts, showTime } from './see.js'
import { fromFragment } from './share.js'
import { showVerdict, showWhy, startBadge, withdrawMend } from './why.js'

const VERDICT_AFTER_MS = 60
const WHY_AFTER_MS = 200
const SECOND_MS = 1000

let judged

function verdict() {
  judged = judge(read())
  showVerdict(judged)
  showParts(read())
}

function rest() {
  showWhy(read(), judged)
  showAttacks(read())
  showSigned(read())
  showCode(read())
}

// Time goes on: a delivery may grow too old while somebody looks at it.
function tick() {
  showTime(read())
  refreshSigned(read())
  const next = judge(read())
  if (next.verdict.ok === judged.verdict.ok && next.verdict.code === judged.verdict.code) return
  verdict()
  rest()
}

function openLink() {
  if (location.hash.length < 2 || document.getElementById(location.hash.slice(1))) return
  const shared = fromFragment(location.hash)
  if (shared) change(shared)
  write(find('share-said'), shared ? 'Opened from a link: the secret is yours to type.' : 'The link’s fragment holds no delivery.')
}

startProviderChoice()
startFields()
startPayloadField()
startSigning()
startCode()
startSharing()
startBadge()
onChange(withdrawMend)
onChange(debounced(VERDICT_AFTER_MS, verdict))
onChange(debounced(WHY_AFTER_MS, rest))
openLink()
verdict()
rest()
document.body.classList.remove('loading')
addEventListener('hashchange', openLink)
setInterval(tick, SECOND_MS)
