// Reads the vectors, for runtimes that have files.
import { readdirSync, readFileSync } from 'node:fs'

const folder = new URL('./vectors/', import.meta.url)

export const vectors = Object.fromEntries(
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => [name, JSON.parse(readFileSync(new URL(name, folder), 'utf8'))]),
)
