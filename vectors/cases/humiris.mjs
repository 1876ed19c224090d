import { acceptedByDigest, refused, row } from '../expected.mjs'
import { hex } from '../oracle.mjs'
import { NOW, SECRETS, send, signatureOf, withoutHeader, withSignature } from '../senders.mjs'
import payloads from './payloads.mjs'
import rules from './rules.mjs'

const SAMPLE =
  "made by running the Humiris page's own sample, nothing filled in; the page gives no example event, so the body is the project's own (page read 2026-11-22)"
const BYTES =
  'made with the content rule of the Humiris page; its sample joins a text, so these bytes went to node:crypto directly (page read 2026-11-22)'
const NEW_SECRET = 'whsec_afterRotation0w8z6y4'
const PAGE_TIME = 1712419200

const EVENTS = {
  'email.received':
    '{"type":"email.received","agent":"ada","data":{"from":"zoë@example.com","subject":"Re: 契約 ✉️","text":"Hello,\\r\\nplease see below."}}',
  'email.sent': '{"type":"email.sent","agent":"ada","data":{"message_id":"em_01","to":["ops@example.com"]}}',
  'email.bounced':
    '{"type":"email.bounced","agent":"ada","data":{"message_id":"em_02","reason":"550 5.1.1 unknown user"}}',
  'sms.received': '{"type":"sms.received","agent":"ada","data":{"from":"+15550100","text":"👍🏽"}}',
  'sms.sent': '{"type":"sms.sent","agent":"ada","data":{"to":"+15550100","segments":1}}',
  'call.started': '{"type":"call.started","agent":"ada","data":{"call_id":"ca_1","direction":"inbound"}}',
  'call.ended':
    '{"type":"call.ended","agent":"ada","data":{"call_id":"ca_1","transcript":"— Guten Tag.\\n— Grüß Gott."}}',
  'card.authorization':
    '{"type":"card.authorization","agent":"ada","data":{"amount":1999,"currency":"EUR","merchant":"CAFÉ 21"}}',
  'card.capture': '{"type":"card.capture","agent":"ada","data":{"amount":1999,"currency":"EUR"}}',
  'card.decline': '{"type":"card.decline","agent":"ada","data":{"amount":500000,"reason":"limit"}}',
  'card.refund': '{"type":"card.refund","agent":"ada","data":{"amount":-1999,"currency":"EUR"}}',
  'wallet.transfer.in': '{"type":"wallet.transfer.in","agent":"ada","data":{"asset":"USDC","amount":"12.500000"}}',
  'wallet.transfer.out': '{"type":"wallet.transfer.out","agent":"ada","data":{"asset":"USDC","amount":"0.000001"}}',
  'agent.created': '{"type":"agent.created","agent":"grace","data":{}}',
  'agent.deleted': '{"type":"agent.deleted","agent":"grace","data":null}',
}

const PAYLOAD = EVENTS['email.received']
const honest = send('humiris', PAYLOAD)
const accepted = acceptedByDigest('humiris', PAYLOAD, { timestamp: NOW })
const tag = hex(SECRETS.humiris, `${NOW}.`, PAYLOAD)
const newTag = hex(NEW_SECRET, `${NOW}.`, PAYLOAD)

export default {
  about:
    'Humiris: a list t=<seconds>,v1=<hex> over the timestamp, a dot and the payload; 300 seconds both ways; no id.',
  source: SAMPLE,
  cases: [
    ...Object.entries(EVENTS).map(([event, payload]) =>
      row(
        `The event ${event}`,
        SAMPLE,
        send('humiris', payload),
        acceptedByDigest('humiris', payload, { timestamp: NOW }),
      ),
    ),
    row(
      'The timestamp that the page prints',
      SAMPLE,
      { ...send('humiris', PAYLOAD, { timestamp: PAGE_TIME }), now: PAGE_TIME },
      acceptedByDigest('humiris', PAYLOAD, { timestamp: PAGE_TIME }),
    ),
    ...payloads.map(({ what, payload }) =>
      row(
        `A payload with ${what}`,
        `${payload.base64 ? BYTES : SAMPLE}. ${rules.exactBytes}`,
        send('humiris', payload),
        acceptedByDigest('humiris', payload, { timestamp: NOW }),
      ),
    ),
    row(
      'A retry after 24 hours, stamped anew, has the key of the first attempt',
      `${SAMPLE}. ${rules.key}`,
      { ...send('humiris', PAYLOAD, { timestamp: NOW + 86400 }), now: NOW + 86400 },
      { ...accepted, timestamp: NOW + 86400 },
    ),
    row(
      'A retry after 24 hours that kept its first timestamp is too old',
      rules.fresh,
      { ...honest, now: NOW + 86400 },
      refused('too_old'),
    ),
    row('The tag in upper case', rules.hexStrict, withSignature(honest, `t=${NOW},v1=${tag.toUpperCase()}`), accepted),
    row(
      'An id in the payload is not reported, because the page documents none',
      rules.key,
      send('humiris', '{"id":"evt_x"}'),
      acceptedByDigest('humiris', '{"id":"evt_x"}', { timestamp: NOW }),
    ),
    row(
      'The payload changed',
      rules.otherMac,
      { ...honest, payload: PAYLOAD.replace('ada', 'eve') },
      refused('signature_mismatch'),
    ),
    row(
      'The timestamp changed',
      rules.timeText,
      withSignature(honest, `t=${NOW + 1},v1=${tag}`),
      refused('signature_mismatch'),
    ),
    row(
      'The tag of the payload alone, without timestamp',
      rules.otherMac,
      withSignature(honest, `t=${NOW},v1=${hex(SECRETS.humiris, PAYLOAD)}`),
      refused('signature_mismatch'),
    ),
    row(
      'The tag made with a colon in place of the dot',
      rules.otherMac,
      withSignature(honest, `t=${NOW},v1=${hex(SECRETS.humiris, `${NOW}:`, PAYLOAD)}`),
      refused('signature_mismatch'),
    ),
    row('A bare tag', rules.schemeDecides, withSignature(honest, tag), refused('malformed_timestamp')),
    row('A wrong secret', rules.otherMac, { ...honest, secret: NEW_SECRET }, refused('signature_mismatch')),
    row(
      'The secret without its whsec_, which is part of it here',
      rules.secretExact,
      { ...honest, secret: SECRETS.humiris.slice(6) },
      refused('signature_mismatch'),
    ),
    row('No signature header', rules.missing, withoutHeader(honest, 'X-Humiris-Signature'), refused('missing_header')),
    row(
      "Rotation: two tags in one header, the receiver knows the second one's secret",
      rules.rotation,
      withSignature(honest, `t=${NOW},v1=${newTag},v1=${tag}`),
      accepted,
    ),
    row(
      "Rotation: two tags in one header, the receiver knows the first one's secret",
      rules.rotation,
      { ...withSignature(honest, `t=${NOW},v1=${newTag},v1=${tag}`), secret: NEW_SECRET },
      accepted,
    ),
    row(
      'Rotation: two tags and two secrets, the first secret that matches is reported',
      rules.rotation,
      { ...withSignature(honest, `t=${NOW},v1=${newTag},v1=${tag}`), secret: [SECRETS.humiris, NEW_SECRET] },
      accepted,
    ),
    row(
      'Rotation: one tag, and its secret stands last of eight',
      rules.rotation,
      { ...honest, secret: ['a1', 'b2', 'c3', 'd4', 'e5', 'f6', 'g7', SECRETS.humiris] },
      { ...accepted, secretIndex: 7 },
    ),
    row(
      'Rotation: neither secret signed',
      rules.rotation,
      { ...honest, secret: [NEW_SECRET, 'whsec_older'] },
      refused('signature_mismatch'),
    ),
    row(
      'The tag of another delivery of the same second',
      rules.otherMac,
      withSignature(honest, signatureOf('humiris', EVENTS['sms.sent'])),
      refused('signature_mismatch'),
    ),
  ],
}
