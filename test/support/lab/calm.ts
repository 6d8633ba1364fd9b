/**
 * Watching that nothing happens, on a machine that may pause by itself. While the master is silent
 * for as long as a backup waits, whatever the reason, the backup may take over: such a stretch
 * proves nothing, and another one is watched. A router that is to blame pauses again.
 */
import type { Lab } from "./lab.ts";
import type { Protocol } from "./plan.ts";
import type { Router } from "./router.ts";
import type { Segment } from "./segment.ts";

/** What is watched. */
export interface Watch {
  readonly lab: Lab;
  readonly segment: Segment;
  readonly protocol: Protocol;
  /** The one whose adverts keep the other quiet. */
  readonly master: Router;
  /** The other. */
  readonly backup: Router;
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
  const { lab, segment, protocol, master } = watch;
  let spoiled = 0;
  for (let left = watch.adverts; left > 0;) {
    const from = segment.passed;
    const object = watch.begin();
    await untilPassed(watch, from, Math.min(left, stretch));
    const objection = attempt(() => object(from));
    // The pause that woke a backup may be the one after the last advert that was waited for.
    if (objection !== undefined) await untilPassed(watch, segment.passed, 3);
    const silentMs = longestPause(watch, from);
    const calm = silentMs < 3 * protocol.intervalMs && !mayHavePaused(watch, from);
    if (calm || spoiled === patience) {
      if (objection !== undefined) throw objection;
      left -= stretch;
      continue;
    }
    spoiled++;
    console.log(`${master} was silent for ${Math.round(silentMs)} ms: watched again`);
    // What came of it has to be told first.
    const now = segment.passed;
    await lab.bell.until("somebody goes on", () => segment.adverts(undefined, now).length >= 3);
    await watch.settle();
  }
}

function attempt(object: () => void): Error | undefined {
  try {
    object();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
  return undefined;
}

async function untilPassed(watch: Watch, from: number, adverts: number): Promise<void> {
  const { lab, segment, protocol, master } = watch;
  const passed = (): boolean => segment.adverts(undefined, from).length >= adverts;
  const limitMs = adverts * protocol.intervalMs + 60_000;
  await lab.bell.until(`${adverts} adverts of ${master}`, passed, limitMs);
}

/** The longest silence of the master from a frame on, until somebody else speaks. */
function longestPause({ segment, master }: Watch, from: number): number {
  const heard = segment.adverts(master.node, from);
  const before = segment.adverts(master.node).at(-1 - heard.length);
  const own = heard.map(({ atMs }) => atMs);
  const other = segment.adverts(undefined, from).map(({ atMs }) => atMs)
    .find((at) => !own.includes(at));
  const times = own.filter((at) => other === undefined || at < other);
  if (before !== undefined) times.unshift(before.atMs);
  if (other !== undefined) times.push(other);
  return Math.max(...times.slice(1).map((at, index) => at - (times[index] ?? 0)));
}

/** Whether a backup of another make spoke: it may have been held up itself, and acts at once. */
function mayHavePaused({ segment, backup }: Watch, from: number): boolean {
  return backup.make.name !== "standin" && segment.adverts(backup.node, from).length > 0;
}
