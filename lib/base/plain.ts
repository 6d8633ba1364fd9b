/**
 * Equality of plain data: what a reload compares. Objects are equal when they have the same keys
 * with equal values, arrays and octets when they have equal members in the same order.
 */

/** Whether two pieces of plain data (no functions, no cycles) say the same. */
export function equalPlain(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const left = Object.entries(a);
  const right = new Map(Object.entries(b));
  return left.length === right.size &&
    left.every(([key, value]) => right.has(key) && equalPlain(value, right.get(key)));
}
