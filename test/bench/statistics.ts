/**
 * What a row says about a series of measurements: median, 99th percentile, largest. Nearest-rank
 * percentiles, so that every number in a table was really measured; of fewer than a hundred values
 * the 99th percentile is the largest.
 */

/** A series in short. */
export interface Summary {
  readonly count: number;
  readonly median: number;
  readonly p99: number;
  readonly max: number;
}

/** Sums a series up; `undefined` when there is nothing to sum up. */
export function summarize(values: readonly number[]): Summary | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const max = sorted.at(-1);
  if (max === undefined) return undefined;
  const { length: count } = sorted;
  return { count, median: rank(sorted, 0.5, max), p99: rank(sorted, 0.99, max), max };
}

function rank(sorted: readonly number[], share: number, otherwise: number): number {
  return sorted[Math.ceil(share * sorted.length) - 1] ?? otherwise;
}
