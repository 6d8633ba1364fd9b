/**
 * Who gets the next connection, in the words of nft: turns are counted with `numgen inc`, sources
 * are hashed with `jhash`, and a map from numbers to chains says whose turn it is.
 */

/** A server's chain and its share. */
export interface Share {
  readonly chain: string;
  readonly weight: number;
}

/** Up to so many turns are written down one by one, so that nobody gets many at a stretch. */
const longestRound = 256;

/** Turns of numgen and jhash are numbers of 32 bits. */
const mostTurns = 0xffff_ffff;

/** The same for every daemon, so that two of them send a client to the same server. */
const seed = "0x5374616e";

/** One after the other. */
export function inTurn(shares: readonly Share[]): string {
  return spread("numgen inc", shares.map(({ chain }) => ({ chain, weight: 1 })));
}

/** By weight. */
export function byWeight(shares: readonly Share[]): string {
  const reduced = reduce(shares);
  const total = sum(reduced);
  return total <= longestRound
    ? choose("numgen inc", total, interleave(reduced, total))
    // A round so long would send many connections in a row to one server.
    : spread("numgen random", reduced);
}

/** By what `source` says of a packet, and by weight. */
export function bySource(shares: readonly Share[], source: string): string {
  return spread(`jhash ${source}`, reduce(shares), ` seed ${seed}`);
}

function spread(from: string, shares: readonly Share[], seeded: string = ""): string {
  let next = 0;
  const runs = shares.map(({ chain, weight }): Run => {
    next += weight;
    return { first: next - weight, last: next - 1, chain };
  });
  return choose(from, next, runs, seeded);
}

interface Run {
  readonly first: number;
  readonly last: number;
  readonly chain: string;
}

function choose(from: string, total: number, runs: readonly Run[], seeded: string = ""): string {
  const [only] = runs;
  if (only !== undefined && runs.length === 1) return `goto ${only.chain}`;
  const elements = runs.map(({ first, last, chain }) =>
    `${first === last ? first : `${first}-${last}`} : goto ${chain}`
  );
  return `${from} mod ${total}${seeded} vmap { ${elements.join(", ")} }`;
}

/** Every turn goes to the server that has waited longest for its share. */
function interleave(shares: readonly Share[], total: number): Run[] {
  const credits = shares.map(() => 0);
  const runs: Run[] = [];
  for (let turn = 0; turn < total; turn++) {
    let best = 0;
    for (const [index, { weight }] of shares.entries()) {
      credits[index] = (credits[index] ?? 0) + weight;
      if ((credits[index] ?? 0) > (credits[best] ?? 0)) best = index;
    }
    credits[best] = (credits[best] ?? 0) - total;
    const chain = shares[best]?.chain ?? "";
    const last = runs.at(-1);
    if (last?.chain === chain) runs[runs.length - 1] = { ...last, last: turn };
    else runs.push({ first: turn, last: turn, chain });
  }
  return runs;
}

/** The smallest numbers that have the same proportions, within what fits. */
function reduce(shares: readonly Share[]): Share[] {
  const divisor = shares.reduce((found, { weight }) => greatest(found, weight), 0) || 1;
  const scale = Math.max(1, sum(shares) / divisor / (mostTurns - shares.length));
  return shares.map(({ chain, weight }) => (
    { chain, weight: Math.max(1, Math.floor(weight / divisor / scale)) }
  ));
}

function sum(shares: readonly Share[]): number {
  return shares.reduce((total, { weight }) => total + weight, 0);
}

function greatest(a: number, b: number): number {
  return b === 0 ? a : greatest(b, a % b);
}
