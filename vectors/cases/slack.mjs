import { acceptedByDigest, refused, row } from '../expected.mjs'
import { hex } from '../oracle.mjs'
import { NOW, SECRETS, send, signatureOf, withHeader, withoutHeader, withSignature } from '../senders.mjs'
import rules from './rules.mjs'

const SDK =
  "slackapi/python-slack-sdk, tests/slack_sdk/signature/test_signature_verifier.py, the same values as in Slack's documentation (read 2026-11-22)"
const OWN = "made with node:crypto by the recipe of Slack's own SDK (read 2026-11-22)"

const COMMAND =
  'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c'
const COMMAND_TIME = 1531420618

function published(payload, now = COMMAND_TIME) {
  return {
    provider: 'slack',
    secret: '8f742231b10e8888abcd99yyyzzz85a5',
    headers: [
      ['X-Slack-Request-Timestamp', '1531420618'],
      ['X-Slack-Signature', 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503'],
    ],
    payload,
    now,
  }
}

const PAYLOAD = '{"type":"event_callback","event_id":"Ev08MFMKH6","event":{"type":"message","text":"¡olé! 💃"}}'
const honest = send('slack', PAYLOAD)
const accepted = acceptedByDigest('slack', PAYLOAD, { timestamp: NOW })

export default {
  about: 'Slack: v0=<hex> over "v0:", the timestamp header, ":" and the payload; 300 seconds both ways; no id.',
  source: `${SDK}; own rows ${OWN}`,
  cases: [
    row(
      'Published: the slash command of the documentation',
      SDK,
      published(COMMAND),
      acceptedByDigest('slack', COMMAND, { timestamp: COMMAND_TIME }),
    ),
    row(
      'Published: the slash command with its payload changed',
      SDK,
      published(COMMAND + '------'),
      refused('signature_mismatch'),
    ),
    row(
      'The slash command 300 seconds later',
      `${SDK}. ${rules.fresh}`,
      published(COMMAND, COMMAND_TIME + 300),
      acceptedByDigest('slack', COMMAND, { timestamp: COMMAND_TIME }),
    ),
    row(
      'The slash command 301 seconds later',
      `${SDK}. ${rules.fresh}`,
      published(COMMAND, COMMAND_TIME + 301),
      refused('too_old'),
    ),
    row(
      'The slash command on a clock 301 seconds slow',
      `${SDK}. ${rules.fresh}`,
      published(COMMAND, COMMAND_TIME - 301),
      refused('too_new'),
    ),
    row('An own event with letters beyond ASCII', OWN, honest, accepted),
    row('The empty payload', OWN, send('slack', ''), acceptedByDigest('slack', '', { timestamp: NOW })),
    row(
      'The signed timestamp changed',
      rules.timeText,
      withHeader(honest, 'X-Slack-Request-Timestamp', String(NOW + 1)),
      refused('signature_mismatch'),
    ),
    row(
      'No timestamp header',
      rules.missing,
      withoutHeader(honest, 'X-Slack-Request-Timestamp'),
      refused('missing_header'),
    ),
    row('No signature header', rules.missing, withoutHeader(honest, 'X-Slack-Signature'), refused('missing_header')),
    row(
      'The tag made without the leading v0:',
      rules.otherMac,
      withSignature(honest, `v0=${hex(SECRETS.slack, `${NOW}:`, PAYLOAD)}`),
      refused('signature_mismatch'),
    ),
    row(
      'The tag made over the payload alone',
      rules.otherMac,
      withSignature(honest, `v0=${hex(SECRETS.slack, PAYLOAD)}`),
      refused('signature_mismatch'),
    ),
    row(
      'An honest tag under v1=',
      rules.prefix,
      withSignature(honest, signatureOf('slack', PAYLOAD).replace('v0', 'v1')),
      refused('malformed_signature'),
    ),
    row(
      'An honest tag under V0=',
      rules.prefix,
      withSignature(honest, signatureOf('slack', PAYLOAD).replace('v0', 'V0')),
      refused('malformed_signature'),
    ),
    row(
      'Rotation: the old secret signed and stands second',
      rules.rotation,
      { ...honest, secret: ['0000000000000000', SECRETS.slack] },
      { ...accepted, secretIndex: 1 },
    ),
  ],
}
