import { acceptedByDigest, refused, row } from '../expected.mjs'
import { SECRETS, send, signatureOf, withHeader, withMore, withoutHeader, withSignature } from '../senders.mjs'
import payloads from './payloads.mjs'
import rules from './rules.mjs'

const SAMPLE = "made by running the Imtegrate page's own sample, nothing filled in (page read 2026-11-22)"
const NEW_SECRET = 'img-hook-after-rotation'
const DELIVERY = 'dlv_0a1b2c3d'

const EXAMPLE = `{
  "type": "image.completed",
  "created_at": "2026-05-04T10:01:23Z",
  "data": {
    "id": "img_xyz",
    "status": "completed",
    "result_url": "https://storage.imtegrate.com/...",
    "template_id": "tpl_abc",
    "duration_ms": 3210
  }
}`

const EVENTS = [
  [
    'image.failed',
    '{"type":"image.failed","created_at":"2026-05-04T10:02:00Z","data":{"id":"img_xya","status":"failed","error":"font “Ünïcode Sans” not found"}}',
  ],
  [
    'video.completed',
    '{"type":"video.completed","created_at":"2026-05-04T10:03:00Z","data":{"id":"vid_1","status":"completed","frames":1440}}',
  ],
  [
    'video.failed',
    '{"type":"video.failed","created_at":"2026-05-04T10:04:00Z","data":{"id":"vid_2","status":"failed"}}',
  ],
  [
    'collection.completed',
    '{"type":"collection.completed","created_at":"2026-05-04T10:05:00Z","data":{"id":"col_1","children":["img_xyz","vid_1"]}}',
  ],
]

const honest = send('imtegrate', EXAMPLE, { id: DELIVERY })
const accepted = acceptedByDigest('imtegrate', EXAMPLE, { id: DELIVERY })
const nameless = acceptedByDigest('imtegrate', EXAMPLE)

export default {
  about:
    'Imtegrate: a bare hex tag over the payload; the delivery id stands in a header that is not signed, so it is reported and no key is made from it.',
  source: SAMPLE,
  cases: [
    row("The page's example event image.completed", SAMPLE, honest, accepted),
    ...EVENTS.map(([event, payload]) =>
      row(
        `The event ${event}`,
        SAMPLE,
        send('imtegrate', payload, { id: DELIVERY }),
        acceptedByDigest('imtegrate', payload, { id: DELIVERY }),
      ),
    ),
    ...payloads.map(({ what, payload }) =>
      row(
        `A payload with ${what}`,
        `${SAMPLE}. ${rules.exactBytes}`,
        send('imtegrate', payload),
        acceptedByDigest('imtegrate', payload),
      ),
    ),
    row(
      'The tag in upper case',
      rules.hexStrict,
      withSignature(honest, signatureOf('imtegrate', EXAMPLE).toUpperCase()),
      accepted,
    ),
    row(
      'A retry with another delivery id has the key of the first attempt',
      rules.key,
      withHeader(honest, 'X-Imtegrate-Delivery-Id', 'dlv_retry'),
      { ...accepted, id: 'dlv_retry' },
    ),
    row('No delivery id', rules.unsigned, withoutHeader(honest, 'X-Imtegrate-Delivery-Id'), nameless),
    row('An empty delivery id', rules.unsigned, withHeader(honest, 'X-Imtegrate-Delivery-Id', ''), nameless),
    row(
      'A delivery id of spaces and tabs',
      rules.unsigned,
      withHeader(honest, 'X-Imtegrate-Delivery-Id', ' \t '),
      nameless,
    ),
    row(
      'A delivery id with spaces and tabs around it',
      rules.edges,
      withHeader(honest, 'X-Imtegrate-Delivery-Id', ` \t${DELIVERY}\t`),
      accepted,
    ),
    row(
      'A delivery id sent twice',
      rules.unsigned,
      withMore(honest, ['x-imtegrate-delivery-id', 'dlv_other']),
      nameless,
    ),
    row(
      'A delivery id that looks like a key',
      rules.key,
      withHeader(honest, 'X-Imtegrate-Delivery-Id', 'imtegrate:id:1'),
      { ...accepted, id: 'imtegrate:id:1' },
    ),
    row(
      'An id in the payload is not reported, because the page documents a header',
      rules.key,
      send('imtegrate', '{"id":"evt_x"}'),
      acceptedByDigest('imtegrate', '{"id":"evt_x"}'),
    ),
    row(
      'The payload changed',
      rules.otherMac,
      { ...honest, payload: EXAMPLE.replace('3210', '3211') },
      refused('signature_mismatch'),
    ),
    row('A wrong secret', rules.otherMac, { ...honest, secret: NEW_SECRET }, refused('signature_mismatch')),
    row(
      'No signature header',
      rules.missing,
      withoutHeader(honest, 'X-Imtegrate-Signature'),
      refused('missing_header'),
    ),
    row(
      'The signature header sent twice, both times the honest value',
      rules.twice,
      withMore(honest, ['X-Imtegrate-Signature', signatureOf('imtegrate', EXAMPLE)]),
      refused('malformed_header'),
    ),
    row(
      'Rotation: the old secret signed and stands second',
      rules.rotation,
      { ...honest, secret: [NEW_SECRET, SECRETS.imtegrate] },
      { ...accepted, secretIndex: 1 },
    ),
    row(
      'Rotation: neither secret signed',
      rules.rotation,
      { ...honest, secret: [NEW_SECRET, 'img-hook-older'] },
      refused('signature_mismatch'),
    ),
  ],
}
