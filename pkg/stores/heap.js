/** Entries of which the one with the least `rank` is found in one step, and added or removed in log n. */
export class Heap {
  #entries = []

  get first() {
    return this.#entries.length > 0 ? this.#entries[0] : undefined
  }

  add(entry) {
    this.#put(entry, this.#entries.length)
    this.#rise(entry)
  }

  remove(entry) {
    const last = this.#entries.pop()
    if (last === entry) return
    this.#put(last, entry.at)
    this.#rise(last)
    this.#sink(last)
  }

  #rise(entry) {
    while (entry.at > 0) {
      const parent = this.#entries[(entry.at - 1) >> 1]
      if (parent.rank <= entry.rank) return
      this.#swap(entry, parent)
    }
  }

  #sink(entry) {
    for (;;) {
      const left = 2 * entry.at + 1
      if (left >= this.#entries.length) return
      const right = Math.min(left + 1, this.#entries.length - 1)
      const child = this.#entries[this.#entries[right].rank < this.#entries[left].rank ? right : left]
      if (entry.rank <= child.rank) return
      this.#swap(child, entry)
    }
  }

  #swap(a, b) {
    const { at } = a
    this.#put(a, b.at)
    this.#put(b, at)
  }

  // Each entry knows its place, so that it can be removed.
  #put(entry, at) {
    this.#entries[at] = entry
    entry.at = at
  }
}
