const { getPrototypeOf, hasOwn } = Object

/**
 * A property of an object that somebody else made, from the object or from one of its classes. What it inherits from
 * the root of its prototype chain, which is Object.prototype, is undefined: a JSON text that was merged into an object
 * may have put it there.
 */
export function property(object, name) {
  for (let holder = object ?? null; holder !== null; holder = getPrototypeOf(holder)) {
    if (!hasOwn(holder, name)) continue
    return holder === object || getPrototypeOf(holder) !== null ? object[name] : undefined
  }
  // Only a proxy may have it still.
  return object?.[name]
}

/** An item of a list. A hole is undefined, whatever a prototype has at its index. */
export function item(list, index) {
  return hasOwn(list, index) ? list[index] : undefined
}

/** The items of a list, or the first `most`. */
export function items(list, most = Infinity) {
  return Array.from({ length: Math.min(list.length, most) }, (_, index) => item(list, index))
}
