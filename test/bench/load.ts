/**
 * Many virtual routers on one segment, master and backup of the same implementation: what the
 * master costs, how evenly it beats, and whether the backup ever takes over for no reason. The
 * processor is measured first and the wire afterwards, so that the capture costs nobody anything.
 */
import process from "node:process";
import { capture } from "./capture.ts";
import { type Daemon, DaemonHome, type Implementation, implementations } from "./daemon.ts";
import { latenessOf } from "./lateness.ts";
import { addresses, Network } from "./network.ts";
import type { Frame } from "./pcap.ts";
import { type Budget, type Row, Series } from "./row.ts";
import type { Suite } from "./suite.ts";
import { Clocks, sleep } from "./wait.ts";

interface Case {
  readonly routers: number;
  readonly intervalMs: number;
  /** Commands that both start every second, all at once. */
  readonly scripts?: number;
  readonly processor?: Budget;
  readonly lateness?: Budget;
}

const cases: readonly Case[] = [
  { routers: 1, intervalMs: 1000 },
  { routers: 100, intervalMs: 1000 },
  { routers: 250, intervalMs: 1000, processor: { median: 1.8 }, lateness: { p99: 3 } },
  { routers: 250, intervalMs: 100, processor: { median: 12 }, lateness: { p99: 3 } },
  { routers: 250, intervalMs: 100, scripts: 50, lateness: { p99: 5 } },
  { routers: 250, intervalMs: 10, lateness: { p99: 3 } },
];

/** From the start of a daemon until its start is over: addresses, bursts, garbage. */
const settleMs = 3500;
const windowMs = 5000;
/** A part of the title of the cases that are measured. */
const wanted = process.env["LOAD_CASE"] ?? "";

/** Rows of many routers. */
export const load: Suite = {
  name: "load",
  seconds: 225,
  run: async (progress) => {
    const clocks = await Clocks.open();
    const rows: Row[] = [];
    for (const subject of cases.filter((one) => title(one).includes(wanted))) {
      const series = seriesOf(subject);
      for (const implementation of implementations) {
        progress(`${implementation}, ${title(subject)}`);
        const found = await measure(implementation, subject, clocks);
        series.processor.add(implementation, found.processorPercent);
        series.lateness.add(implementation, ...found.latenessMs);
        series.rate.add(implementation, found.perSecond);
        series.usurped.add(implementation, found.fromBackup);
      }
      rows.push(...Object.values(series).map((one) => one.row()));
    }
    return rows;
  },
};

function title({ routers, intervalMs, scripts }: Case): string {
  const every = intervalMs < 1000 ? `${intervalMs} ms` : `${intervalMs / 1000} s`;
  return `${routers} ${routers === 1 ? "router" : "routers"} at ${every}${
    scripts === undefined ? "" : `, ${scripts} scripts a second`
  }`;
}

function seriesOf(subject: Case): Record<"processor" | "lateness" | "rate" | "usurped", Series> {
  const { processor, lateness } = subject;
  const name = title(subject);
  return {
    processor: new Series({
      what: `${name}: processor time of the master`,
      unit: "%",
      ...(processor === undefined ? {} : { budget: processor }),
    }),
    lateness: new Series({
      what: `${name}: advert later than its interval`,
      unit: "ms",
      ...(lateness === undefined ? {} : { budget: lateness }),
    }),
    rate: new Series({ what: `${name}: adverts of the master`, unit: "1/s" }),
    usurped: new Series({
      what: `${name}: adverts of the backup`,
      unit: "count",
      budget: { max: 0 },
    }),
  };
}

interface Found {
  readonly processorPercent: number;
  readonly latenessMs: readonly number[];
  readonly perSecond: number;
  readonly fromBackup: number;
}

async function measure(
  implementation: Implementation,
  { routers, intervalMs, scripts }: Case,
  clocks: Clocks,
): Promise<Found> {
  const network = new Network();
  // Scripts take processors away from whoever runs as they do; it is their starts that matter.
  const others = scripts === undefined ? {} : { scripts, realtime: true };
  const common = { routers, intervalMs, ...others };
  const masterPlan = { state: "MASTER", priority: 200, ...common } as const;
  const backupPlan = { state: "BACKUP", priority: 100, ...common } as const;
  const masterHome = new DaemonHome(implementation, network, "near", masterPlan);
  const backupHome = new DaemonHome(implementation, network, "far", backupPlan);
  try {
    const master = masterHome.start();
    await sleep(settleMs);
    const backup = backupHome.start();
    await sleep(settleMs);
    const processorPercent = await processorOf(master, clocks);
    const wire = await capture(network, "near", "bulk");
    await sleep(windowMs);
    await wire.end();
    await Promise.all([master.stop(), backup.stop()]);
    return { processorPercent, ...beatsOf(wire.frames, intervalMs) };
  } finally {
    masterHome.remove();
    backupHome.remove();
    network.remove();
  }
}

/** Share of one processor that all processes of the daemon take. */
async function processorOf(daemon: Daemon, clocks: Clocks): Promise<number> {
  const pids = daemon.processes();
  const before = pids.map((pid) => clocks.processor(pid) ?? 0);
  const began = clocks.wall();
  await sleep(windowMs);
  const wall = clocks.wall() - began;
  const used = pids.map((pid, at) => (clocks.processor(pid) ?? 0) - (before[at] ?? 0));
  return 100 * used.reduce((sum, part) => sum + Math.max(0, part), 0) / wall;
}

function beatsOf(frames: readonly Frame[], intervalMs: number): Omit<Found, "processorPercent"> {
  const adverts = frames.filter((frame) => frame.kind === "advert");
  const own = adverts.filter(({ source }) => source === addresses.near);
  const latenessMs = latenessOf(own, intervalMs);
  const waitedMs = latenessMs.reduce((sum, late) => sum + intervalMs + late, 0);
  // Each router's own pace, so that bursts of all of them at once do not blur the rate.
  const routers = own.length - latenessMs.length;
  const perSecond = waitedMs === 0 ? 0 : Math.round(routers * 1000 * latenessMs.length / waitedMs);
  return { latenessMs, perSecond, fromBackup: adverts.length - own.length };
}
