// Payloads that a decode, a trim or a parse on the way would change. `id` is the payload's own id, written by hand.

import { raw } from '../oracle.mjs'

export default [
  {
    what: 'letters beyond ASCII',
    payload: '{"id":"evt_letters","data":{"name":"Zoë Müller-Łukasz","city":"東京","note":"العربية"}}',
    id: 'evt_letters',
  },
  {
    what: 'an emoji of several code points',
    payload: '{"id":"evt_emoji","data":{"text":"signed 👩🏽‍🔬 and sealed 🔏"}}',
    id: 'evt_emoji',
  },
  {
    what: 'decomposed letters, which are not their composed twins',
    payload: '{"id":"evt_nfd","data":{"name":"Zoe\u0308"}}',
    id: 'evt_nfd',
  },
  {
    what: 'CRLF line ends and a last one',
    payload: '{\r\n  "id": "evt_crlf",\r\n  "data": {}\r\n}\r\n',
    id: 'evt_crlf',
  },
  { what: 'a byte order mark in front, which makes it no JSON', payload: '\ufeff{"id":"evt_bom"}', id: null },
  { what: 'a NUL byte inside, which makes it no JSON', payload: '{"id":"evt_nul"}\u0000{"more":true}', id: null },
  {
    what: 'bytes that are no UTF-8',
    payload: raw(
      Buffer.concat([
        Buffer.from('{"id":"evt_bytes","data":"'),
        Buffer.from([0xff, 0xfe, 0xc3, 0x28]),
        Buffer.from('"}'),
      ]),
    ),
    id: null,
  },
  { what: 'no bytes at all', payload: '', id: null },
  {
    what: 'replacement patterns that a string template would fill in',
    payload: '{"id":"evt_dollar","data":{"text":"$& $\' $` $$ $1 {body} %s \\\\0"}}',
    id: 'evt_dollar',
  },
  {
    what: 'numbers that a parse would rewrite',
    payload: '{"id":"evt_numbers","data":{"amount":1.10,"big":12345678901234567890,"zero":-0,"exp":1E+2}}',
    id: 'evt_numbers',
  },
]
