import { acceptedByDigest, acceptedById, refused, row } from '../expected.mjs'
import { SECRETS, send, signatureOf, withoutHeader, withSignature } from '../senders.mjs'
import payloads from './payloads.mjs'
import rules from './rules.mjs'

const SAMPLE =
  "made by running the IMMUNE page's own sample; filled in where the page is cut off: update(payload), digest('hex') and the two buffers of timingSafeEqual (page read 2026-11-22)"
const NEW_SECRET = 'immune-hook-after-rotation'

// The page prints the example without its braces; they were filled in, and the words are the page's.
const EXAMPLE = `{
  "id": "evt_123",
  "type": "prediction.created",
  "created_at": "2024-01-20T15:30:00Z",
  "data": {
    "prediction_id": "pred_abc123",
    "equipment_id": "pump_001",
    "confidence": 0.95,
    "predicted_failure_time": "2024-02-01T00:00:00Z",
    "recommended_action": "Replace bearing",
    "supporting_data": {
      "vibration_trend": "increasing",
      "temperature_anomalies": true
    }
  }
}`

const ALERT =
  '{"id":"evt_124","type":"alert.triggered","created_at":"2024-01-20T15:31:00Z","data":{"equipment_id":"pump_001","reading":98.6,"unit":"°C"}}'

const honest = send('immune', EXAMPLE)
const accepted = acceptedById('immune', 'evt_123')

export default {
  about:
    'IMMUNE: a bare hex tag over the payload, an id inside the payload, no timestamp. That the tag is hex was decided: the page is cut off there. Two of its four events are described without a name and have no row.',
  source: SAMPLE,
  cases: [
    row("The page's example event prediction.created", `${SAMPLE}; the example's braces filled in`, honest, accepted),
    row('The event alert.triggered', SAMPLE, send('immune', ALERT), acceptedById('immune', 'evt_124')),
    ...payloads.map(({ what, payload, id }) =>
      row(
        `A payload with ${what}`,
        `${SAMPLE}. ${rules.exactBytes}`,
        send('immune', payload),
        id === null ? acceptedByDigest('immune', payload) : acceptedById('immune', id),
      ),
    ),
    row(
      'The tag in upper case',
      rules.hexStrict,
      withSignature(honest, signatureOf('immune', EXAMPLE).toUpperCase()),
      accepted,
    ),
    row(
      'A number of the payload changed',
      rules.otherMac,
      { ...honest, payload: EXAMPLE.replace('0.95', '0.05') },
      refused('signature_mismatch'),
    ),
    row(
      'A number of the payload written otherwise',
      rules.exactBytes,
      { ...honest, payload: EXAMPLE.replace('0.95', '0.950') },
      refused('signature_mismatch'),
    ),
    row(
      'The tag in base64',
      rules.hexStrict,
      withSignature(honest, Buffer.from(signatureOf('immune', EXAMPLE), 'hex').toString('base64')),
      refused('malformed_signature'),
    ),
    row('A wrong secret', rules.otherMac, { ...honest, secret: NEW_SECRET }, refused('signature_mismatch')),
    row('No signature header', rules.missing, withoutHeader(honest, 'X-Immune-Signature'), refused('missing_header')),
    row(
      'Rotation: the old secret signed and stands second',
      rules.rotation,
      { ...honest, secret: [NEW_SECRET, SECRETS.immune] },
      acceptedById('immune', 'evt_123', { secretIndex: 1 }),
    ),
    row(
      'Rotation: neither secret signed',
      rules.rotation,
      { ...honest, secret: [NEW_SECRET, 'immune-hook-older'] },
      refused('signature_mismatch'),
    ),
  ],
}
