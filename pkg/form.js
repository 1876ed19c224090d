import { forms } from './gen/tables/forms.js'

// The core counts forms from 1; 0 is whichever the signature is in.
const whichever = { number: 0, signsTimestamp: true }

const byName = new Map(forms.map((form) => [form.name, form]))

/** The row of a form, that of any form for undefined, and undefined for what names none. */
export function formNamed(name) {
  return name === undefined ? whichever : byName.get(name)
}

export const formNames = [...byName.keys()]
