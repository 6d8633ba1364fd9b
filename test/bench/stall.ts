/**
 * A master whose process is stopped for ten seconds and goes on, with another of the same make that
 * has taken over meanwhile. What counts is how long both hold the address after the wake-up, and
 * when the one that steps back said for the last time that it is the master.
 */
import process from "node:process";
import { AddressWatch } from "./address_watch.ts";
import { type Capture, capture } from "./capture.ts";
import { type Daemon, DaemonHome, type Implementation, implementations } from "./daemon.ts";
import { addresses, Network, type Side } from "./network.ts";
import { Series } from "./row.ts";
import type { Suite } from "./suite.ts";
import { Clocks, sleep, waitFor } from "./wait.ts";

const rounds = Number(process.env["STALL_ROUNDS"] ?? 5);
const intervalMs = 1000;
const stoppedMs = 10_000;
/** A start, an election, and the bursts that follow it. */
const settleMs = 6500;
/** How long the two are watched after the wake-up. */
const watchMs = 3000;
const sides: readonly Side[] = ["near", "far"];

/** What both nodes do when the one that was stopped has the higher priority. */
const ways = [
  { name: "the higher priority wins", nopreempt: false },
  { name: "nopreempt", nopreempt: true },
] as const;

/** Rows of a master that was stopped. */
export const stall: Suite = {
  name: "stall",
  seconds: 2 * implementations.length * (rounds * (stoppedMs + watchMs) + 2 * settleMs) / 1000,
  run: async (progress) => {
    const clocks = await Clocks.open();
    const series: Series[] = [];
    for (const { name, nopreempt } of ways) {
      const title = `master stopped for 10 s, ${name}`;
      const both = new Series({
        what: `${title}: both have the address after the wake-up`,
        unit: "ms",
        budget: { max: 50 },
      });
      const words = new Series({
        what: `${title}: last advert of the one that steps back`,
        unit: "ms",
        budget: { max: 50 },
      });
      series.push(both, words);
      for (const implementation of implementations) {
        progress(`${implementation}, ${name}, ${rounds} rounds`);
        for (const found of await measure(implementation, nopreempt, clocks)) {
          both.add(implementation, found.bothMs);
          words.add(implementation, found.lastWordMs);
        }
      }
    }
    return series.map((one) => one.row());
  },
};

interface Found {
  /** Since the wake-up; absent when it never ended. */
  readonly bothMs: number | undefined;
  /** Since the wake-up; 0 when it said nothing. */
  readonly lastWordMs: number | undefined;
}

interface Scene {
  readonly daemons: Readonly<Record<Side, Daemon>>;
  readonly watches: Readonly<Record<Side, AddressWatch>>;
  readonly wire: Capture;
  readonly clocks: Clocks;
}

async function measure(
  implementation: Implementation,
  nopreempt: boolean,
  clocks: Clocks,
): Promise<Found[]> {
  const network = new Network();
  const plan = { state: "BACKUP", routers: 1, intervalMs, nopreempt } as const;
  const near = new DaemonHome(implementation, network, "near", { ...plan, priority: 200 });
  const far = new DaemonHome(implementation, network, "far", { ...plan, priority: 100 });
  try {
    using nearWatch = new AddressWatch(network, "near");
    using farWatch = new AddressWatch(network, "far");
    const watches = { near: nearWatch, far: farWatch };
    const wire = await capture(network, "near", "live");
    const first = near.start();
    await sleep(settleMs);
    const daemons = { near: first, far: far.start() };
    await sleep(settleMs);
    const found: Found[] = [];
    for (let round = 0; round < rounds; round++) {
      found.push(await stopAndWake({ daemons, watches, wire, clocks }));
    }
    await Promise.all([daemons.near.stop(), daemons.far.stop()]);
    await wire.end();
    return found;
  } finally {
    near.remove();
    far.remove();
    network.remove();
  }
}

async function stopAndWake({ daemons, watches, wire, clocks }: Scene): Promise<Found> {
  const master = await waitFor(() => sides.find((side) => watches[side].holds()), settleMs);
  if (master === undefined) throw new Error("Nobody became master");
  const pids = daemons[master].processes();
  for (const pid of pids) process.kill(pid, "SIGSTOP");
  await sleep(stoppedMs);
  if (!sides.every((side) => watches[side].holds())) throw new Error("Nobody took over");
  const woken = clocks.wall();
  for (const pid of pids) process.kill(pid, "SIGCONT");
  await sleep(watchMs);
  const loser = sides.find((side) => !watches[side].holds());
  if (loser === undefined) return { bothMs: undefined, lastWordMs: undefined };
  const gone = watches[loser].lastLoss();
  const said = wire.frames.findLast((frame) => {
    return frame.kind === "advert" && frame.source === addresses[loser] && frame.priority > 0;
  });
  const lastWordMs = Math.max(0, ((said?.at ?? 0) - woken) / 1000);
  return { bothMs: gone === undefined ? undefined : (gone - woken) / 1000, lastWordMs };
}
