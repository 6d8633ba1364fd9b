/**
 * How something was, and from when to when: spans between changes of state, without those in which
 * no daemon ran. A daemon gets the time of its events from a clock that may be set: what was told
 * later is later, so what a clock says of earlier events counts only up to the next one.
 */

/** A change of state. */
export interface Change {
  /** Milliseconds since 1970. */
  at: number;
  readonly from: string;
  readonly to: string;
  /** Which daemon told it; the first one that is known is 0. */
  readonly run: number;
  /** How many there were, for many that became one. */
  readonly count: number;
}

/** No daemon ran, or none that is known of. */
export interface Absence {
  readonly from: number;
  to: number;
  /** The daemon that came after it. */
  readonly run: number;
}

/** A span in which something was in one state. */
export interface Span {
  readonly state: string;
  readonly from: number;
  /** Null: it goes on. */
  readonly to: number | null;
  /** Changes of state that it stands for; 0 for a span between two. */
  readonly changes: number;
}

/** No daemon ran. */
const absent = "ABSENT";
/** It changed more often than anybody wants to know. */
const changing = "CHANGING";

/** What is known of everything. */
export interface Known {
  readonly from: number;
  readonly absences: readonly Absence[];
}

/** The spans of something that is in this state now. */
export function spansOf(
  changes: readonly Change[],
  { from, absences }: Known,
  now: string,
): Span[] {
  const edges: Edge[] = [{ at: from, state: before(changes[0], from, now), changes: 0 }];
  let told = 0;
  const tell = (run: number): void => {
    for (let next = changes[told]; next !== undefined && next.run < run; next = changes[++told]) {
      const { at, to: state, count } = next;
      edges.push({ at, state, changes: state === changing ? count : 0 });
    }
  };
  for (const absence of absences) {
    tell(absence.run);
    edges.push({ at: absence.from, state: absent, changes: 0 });
    const { to: at } = absence;
    edges.push({ at, state: before(changes[told], at, now), changes: 0 });
  }
  tell(Infinity);
  return between(edges);
}

interface Edge {
  readonly at: number;
  readonly state: string;
  readonly changes: number;
}

/** What gains its quorum within this after a start was not down: it was not known yet. */
const settlingMs = 10_000;

/** How it was from a time on, by its next change. INIT comes with the configuration, whenever. */
function before(change: Change | undefined, since: number, now: string): string {
  if (change === undefined) return now;
  const { from, at } = change;
  const isNew = from === "INIT" || from === "DOWN" && Math.abs(at - since) < settlingMs;
  return isNew ? "" : from;
}

function between(edges: readonly Edge[]): Span[] {
  const spans: Span[] = [];
  let to: number | null = null;
  for (const { at, state, changes } of edges.toReversed()) {
    const from: number = Math.min(at, to ?? at);
    const next = spans.at(-1);
    if (to === from) continue;
    if (next?.state === state && next.from === to) {
      spans.pop();
      spans.push({ ...next, from, changes: next.changes + changes });
    } else if (state !== "") spans.push({ state, from, to, changes });
    to = from;
  }
  return spans.reverse();
}

/** The same in fewer changes: where there were many in a short time they become one. */
export function summarise(changes: readonly Change[], most: number): Change[] {
  let result = [...changes];
  for (let within = 15_000; result.length > most; within *= 2) result = joined(result, within);
  return result;
}

/** Changes that follow each other within so many milliseconds, three or more, are two. */
function joined(changes: readonly Change[], within: number): Change[] {
  const result: Change[] = [];
  for (let first = 0; first < changes.length; first++) {
    let last = first;
    while (isClose(changes[last], changes[last + 1], within)) last++;
    const [one, other] = [changes[first], changes[last]];
    if (one === undefined || other === undefined) break;
    if (last - first < 2) {
      result.push(one);
      continue;
    }
    const count = changes.slice(first, last + 1).reduce((sum, each) => sum + each.count, 0);
    result.push({ ...one, to: changing, count }, { ...other, from: changing, count: 0 });
    first = last;
  }
  return result;
}

function isClose(one: Change | undefined, next: Change | undefined, within: number): boolean {
  if (one === undefined || next === undefined) return false;
  return one.to === changing || Math.abs(next.at - one.at) < within;
}
