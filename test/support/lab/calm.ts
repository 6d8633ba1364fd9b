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

const attempts = 4;

/** Watches until so many adverts have passed without a pause that would wake a backup. */
export async function watchCalmly(watch: Watch): Promise<void> {
  const { lab, segment, protocol, master, adverts, begin, settle } = watch;
  const limitMs = adverts * protocol.intervalMs + 60_000;
  for (let attempt = 1;; attempt++) {
    const from = segment.passed;
    const object = begin();
    const before = segment.adverts(master).slice(-1);
    const passed = (): boolean => segment.adverts(master, from).length >= adverts;
    await lab.bell.until(`${adverts} adverts of ${master.label}`, passed, limitMs);
    const times = [...before, ...segment.adverts(master, from)].map(({ atMs }) => atMs);
    const pauses = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    const longestMs = Math.max(...pauses);
    if (longestMs < 3 * protocol.intervalMs || attempt === attempts) return object(from);
    console.log(`${master.label} was silent for ${Math.round(longestMs)} ms: watched again`);
    await settle();
  }
}
