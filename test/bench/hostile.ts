/**
 * Forged adverts, 50,000 a second, on the segment of ten virtual routers: a master has to beat on
 * in time, a backup must not rise, nobody may change state, and the log stays short. Once they are
 * for routers that nobody here has, once for those that run, wrong in every possible way. Daemons
 * of both makes run with a real-time priority, so that what is measured is what the flood does to
 * them and not what the forger, who takes most of a processor, takes away from them.
 */
import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { capture } from "./capture.ts";
import { type Daemon, DaemonHome, type Implementation, implementations } from "./daemon.ts";
import type { Forgery } from "./forged.ts";
import { addresses, Network } from "./network.ts";
import type { Frame } from "./pcap.ts";
import { type Row, Series } from "./row.ts";
import type { Suite } from "./suite.ts";
import { Clocks, sleep } from "./wait.ts";

const routers = 10;
const intervalMs = 100;
const perSecond = 50_000;
const floodSeconds = Number(process.env["FLOOD_SECONDS"] ?? 20);
const settleMs = 3500;
/** A master that is alone, and a backup whose master floods nobody. */
const roles = ["master", "backup"] as const;
const forgeries: readonly Forgery[] = ["other routers", "our routers"];

/** What the forger sends is not looked at: there is too much of it. */
const ofDaemons = `ip proto 112 and (src ${addresses.near} or src ${addresses.far})`;

type Role = typeof roles[number];

/** Rows of a segment under attack. */
export const hostile: Suite = {
  name: "hostile",
  seconds: 240,
  run: async (progress) => {
    const clocks = await Clocks.open();
    const rows: Row[] = [];
    for (const forgery of forgeries) {
      for (const role of roles) {
        const series = seriesOf(forgery, role);
        for (const implementation of implementations) {
          progress(`${implementation} as ${role}, forged adverts for ${forgery}`);
          const found = await measure(implementation, role, forgery, clocks);
          series.late.add(implementation, ...found.latenessMs);
          series.usurped.add(implementation, found.fromBackup);
          series.processor.add(implementation, found.processorPercent);
          series.sent.add(implementation, found.floodPerSecond);
          series.lines.add(implementation, found.logLines);
        }
        rows.push(...Object.values(series).map((one) => one.row()));
      }
    }
    return rows;
  },
};

function seriesOf(
  forgery: Forgery,
  role: Role,
): Record<"late" | "usurped" | "processor" | "sent" | "lines", Series> {
  const name = `flood for ${forgery}`;
  const late = role === "master" ? "its adverts later than their interval" : "its master's adverts";
  return {
    late: new Series({
      what: `${name}, ${role}: ${late}`,
      unit: "ms",
      ...(role === "master" ? { budget: { p99: 5 } } : {}),
    }),
    usurped: new Series({
      what: `${name}, ${role}: adverts of a backup`,
      unit: "count",
      budget: { max: 0 },
    }),
    processor: new Series({ what: `${name}, ${role}: processor time`, unit: "%" }),
    sent: new Series({ what: `${name}, ${role}: forged adverts`, unit: "1/s" }),
    lines: new Series({
      what: `${name}, ${role}: lines in its log meanwhile`,
      unit: "count",
      budget: { max: 50 },
    }),
  };
}

interface Found {
  readonly latenessMs: readonly number[];
  readonly fromBackup: number;
  readonly processorPercent: number;
  readonly floodPerSecond: number;
  readonly logLines: number;
}

/** The daemon under test is near; the forger is far, and so is the master of a backup. */
async function measure(
  implementation: Implementation,
  role: Role,
  forgery: Forgery,
  clocks: Clocks,
): Promise<Found> {
  const network = new Network();
  const common = { routers, intervalMs, realtime: true };
  const masterPlan = { state: "MASTER", priority: 200, ...common } as const;
  const backupPlan = { state: "BACKUP", priority: 100, ...common } as const;
  const nearPlan = role === "master" ? masterPlan : backupPlan;
  const near = new DaemonHome(implementation, network, "near", nearPlan);
  const far = new DaemonHome(implementation, network, "far", masterPlan);
  try {
    const other = role === "master" ? undefined : far.start();
    if (other !== undefined) await sleep(settleMs);
    const daemon = near.start();
    await sleep(settleMs);
    const before = near.logLength();
    const wire = await capture(network, "near", "bulk", ofDaemons);
    const processor = processorOf(daemon, clocks);
    const flood = await runFlood(network, forgery);
    const processorPercent = processor();
    const logLines = near.logLength() - before;
    await wire.end();
    await Promise.all([daemon.stop(), other?.stop()]);
    const floodPerSecond = Math.round(flood / floodSeconds);
    return { processorPercent, floodPerSecond, logLines, ...beatsOf(wire.frames, role) };
  } finally {
    near.remove();
    far.remove();
    network.remove();
  }
}

/** Sends for the whole time; answers how many frames left. */
async function runFlood(network: Network, forgery: Forgery): Promise<number> {
  const index = network.indexOf("far");
  const self = [process.execPath, new URL("flood.ts", import.meta.url).pathname];
  const plan = [index, forgery, routers, perSecond, floodSeconds].map(String);
  const [command = "", ...words] = [...network.inside("far"), ...self, ...plan];
  const child: ChildProcess = spawn(command, words, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout?.on("data", (bytes: Uint8Array) => said += new TextDecoder().decode(bytes));
  await new Promise((resolve) => child.on("close", resolve));
  return Number(said.trim());
}

/** Starts to measure; what is returned answers the share of one processor until then. */
function processorOf(daemon: Daemon, clocks: Clocks): () => number {
  const pids = daemon.processes();
  const before = pids.map((pid) => clocks.processor(pid) ?? 0);
  const began = clocks.wall();
  return () => {
    const used = pids.map((pid, at) => (clocks.processor(pid) ?? 0) - (before[at] ?? 0));
    const sum = used.reduce((total, part) => total + Math.max(0, part), 0);
    return 100 * sum / (clocks.wall() - began);
  };
}

function beatsOf(
  frames: readonly Frame[],
  role: Role,
): Pick<Found, "latenessMs" | "fromBackup"> {
  const masters = role === "master" ? addresses.near : addresses.far;
  const backups = role === "master" ? addresses.far : addresses.near;
  const latest = new Map<number, number>();
  const latenessMs: number[] = [];
  let fromBackup = 0;
  for (const frame of frames) {
    if (frame.kind !== "advert") continue;
    if (frame.source === backups) fromBackup++;
    if (frame.source !== masters) continue;
    const before = latest.get(frame.vrid);
    latest.set(frame.vrid, frame.at);
    if (before !== undefined) latenessMs.push((frame.at - before) / 1000 - intervalMs);
  }
  return { latenessMs, fromBackup };
}
