import { ANY_FORM } from './gen/tables/boundary.js'
import { forms } from './gen/tables/forms.js'

// Whichever form the signature is in.
const whichever = { number: ANY_FORM, signsTimestamp: true }

const byName = new Map(forms.map((form) => [form.name, form]))

/** The row of a form, that of any form for undefined, and undefined for what names none. */
export function formNamed(name) {
  return name === undefined ? whichever : byName.get(name)
}

export const formNames = [...byName.keys()]
