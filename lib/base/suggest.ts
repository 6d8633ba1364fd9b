/**
 * "Did you mean": the known word that takes the fewest changes to get to, when that is few enough
 * for a slip of the finger.
 */

/** A hint for a word that is not known; `undefined` when nothing is near. */
export function suggest(word: string, known: Iterable<string>): string | undefined {
  const limit = Math.min(3, Math.max(1, Math.floor(word.length / 3)));
  let best: string | undefined;
  let distance = limit + 1;
  for (const candidate of known) {
    const found = editDistance(word, candidate, distance);
    if (found >= distance) continue;
    best = candidate;
    distance = found;
  }
  return best === undefined ? undefined : `did you mean "${best}"?`;
}

/** Insertions, deletions, replacements and swaps of neighbours; at least `limit` if that many. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let best = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped && row > 1 && column > 1) best = Math.min(best, (before[column - 2] ?? 0) + 1);
      current.push(best);
    }
    before = last;
    last = current;
  }
  return last[b.length] ?? limit;
}
