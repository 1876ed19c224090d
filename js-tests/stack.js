// Calls near the end of the stack, where any call may be the one that overflows it.

/** Overflows the stack and calls `visit` from each of the last `frames` frames, `rounds` times. */
export function nearTheEndOfTheStack(visit, { frames = 2000, rounds = 5 } = {}) {
  let left
  const descend = () => {
    try {
      descend()
    } catch {
      left ??= frames
    }
    if (left-- > 0) visit()
  }
  for (let i = 0; i < rounds; i++) {
    left = undefined
    descend()
  }
}

/** The results of a call near the end of the stack, each once: what it gives, or the name of the error it throws. */
export function resultsNearTheEndOfTheStack(call, size) {
  const results = new Set()
  const note = () => {
    let result
    try {
      result = call()
    } catch (error) {
      result = error.name
    }
    results.add(result)
  }
  nearTheEndOfTheStack(() => {
    try {
      note()
    } catch {
      // Not even the note had room.
    }
  }, size)
  return [...results].sort()
}
