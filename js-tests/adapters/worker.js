import { serve } from './served.js'

export default { fetch: serve }
