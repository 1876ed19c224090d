import { table } from './gen/tables/providers.js'

export const providers = deepFreeze(table)

function deepFreeze(value) {
  if (typeof value !== 'object' || value === null) return value
  Object.values(value).forEach(deepFreeze)
  return Object.freeze(value)
}
