// How many bytes of a payload the module takes at a time: where tests have their edges.
import { PAYLOAD_BYTES } from './boundary.js'

export const CHUNK_BYTES = PAYLOAD_BYTES
