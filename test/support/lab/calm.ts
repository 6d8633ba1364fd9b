/**
 * Watching that nothing happens, on a machine that may pause by itself. While the master is silent
 * for as long as a backup waits, whatever the reason, the backup may take over: such a stretch
 * proves nothing, and another one is watched. A router that is to blame pauses again.
 */
import type { Lab, Node } from "./lab.ts";
import type { Protocol } from "./plan.ts";
import type { Segment } from "./segment.ts";

/** What is watched. */
export interface Watch {
  readonly lab: Lab;
  readonly segment: Segment;
  readonly protocol: Protocol;
  /** The node whose adverts keep the others quiet. */
  readonly master: Node;
  /** How many of its adverts have to pass. */
  readonly adverts: number;
  /** Notes how things are; what it answers is called with the first frame, to object at the end. */
  readonly begin: () => (from: number) => void;
  /** Waits until all is as it should be again. */
  readonly settle: () => Promise<void>;
}

/** Watched at a time: so few that a machine with a pause now and then leaves calm stretches. */
const stretch = 10;
/** How many stretches may be spoiled. */
const patience = 12;

/** Watches stretches without a pause that would wake a backup, until so many adverts passed. */
export async function watchCalmly(watch: Watch): Promise<void> {
  let spoiled = 0;
  for (let left = watch.adverts; left > 0;) {
    const from = watch.segment.passed;
    const object = watch.begin();
    const longestMs = await longestPause(watch, from, Math.min(left, stretch));
    if (longestMs < 3 * watch.protocol.intervalMs || spoiled === patience) {
      object(from);
      left -= stretch;
      continue;
    }
    spoiled++;
    console.log(`${watch.master.label} was silent for ${Math.round(longestMs)} ms: watched again`);
    // What came of it has to be told first.
    const now = watch.segment.passed;
    await watch.lab.bell.until("somebody goes on", () => {
      return watch.segment.adverts(undefined, now).length >= 3;
    });
    await watch.settle();
  }
}

/** The longest silence of the master while adverts pass, until somebody else speaks. */
async function longestPause(watch: Watch, from: number, adverts: number): Promise<number> {
  const { lab, segment, protocol, master } = watch;
  const before = segment.adverts(master).slice(-1).map(({ atMs }) => atMs);
  const passed = (): boolean => segment.adverts(undefined, from).length >= adverts;
  const limitMs = adverts * protocol.intervalMs + 60_000;
  await lab.bell.until(`${adverts} adverts of ${master.label}`, passed, limitMs);
  const own = segment.adverts(master, from).map(({ atMs }) => atMs);
  const other = segment.adverts(undefined, from).map(({ atMs }) => atMs)
    .find((at) => !own.includes(at));
  const times = [...before, ...own.filter((at) => other === undefined || at < other)];
  if (other !== undefined) times.push(other);
  return Math.max(...times.slice(1).map((at, index) => at - (times[index] ?? 0)));
}
