/**
 * Many who ask a daemon how it is while it is master of many routers: whether its adverts stay in
 * time, how many answers it gives, and what becomes of its memory. Once with bodies as they are,
 * once as a client that takes them compressed, and once while nobody asks, beside keepalived, which
 * answers no questions. The daemon has one processor for all of its threads and for what the kernel
 * does for its packets; those who ask and the capture share the others. How long that processor was
 * taken from everybody, by the host of a virtual machine, stands beside: nobody is in time then.
 */
import { capture } from "./capture.ts";
import { DaemonHome, type Implementation } from "./daemon.ts";
import { Network } from "./network.ts";
import { latenessOf } from "./lateness.ts";
import { measuredWrapper, processorOfMeasured, stepAside, stepBack } from "./pinning.ts";
import { Program } from "./program.ts";
import { type Row, Series } from "./row.ts";
import type { Suite } from "./suite.ts";
import { Clocks, sleep } from "./wait.ts";

const routers = 250;
const intervalMs = 100;
const [perSecond, streams] = [2000, 200];
const settleMs = 5000;
/** How long those who ask are there before anything is measured, and processor time is. */
const windowMs = 5000;
/** All routers have the same beat: adverts are late together, and few beats say little. */
const captureMs = 20_000;
/** What is asked for; nobody asks first. */
const encodings = ["nothing", "identity", "gzip"] as const;

/** Rows of many questions. */
export const status: Suite = {
  name: "status",
  seconds: (1 + encodings.length) * (settleMs + 2 * windowMs + captureMs) / 1000,
  run: async (progress) => {
    const clocks = await Clocks.open();
    const rows: Row[] = [];
    stepAside();
    try {
      for (const encoding of encodings) {
        progress(titleOf(encoding));
        const calm = encoding === "nothing" ? await measure("keepalived", encoding, clocks) : null;
        rows.push(...rowsOf(encoding, await measure("standin", encoding, clocks), calm));
      }
    } finally {
      stepBack();
    }
    return rows;
  },
};

function titleOf(encoding: string): string {
  const asked = encoding === "nothing"
    ? "nobody asks"
    : `${perSecond} requests a second on /status (${encoding}), ${streams} streams`;
  return `${asked}, ${routers} masters at ${intervalMs} ms`;
}

function rowsOf(encoding: string, found: Found, other: Found | null): Row[] {
  const title = titleOf(encoding);
  const late = { what: `${title}: advert later than its interval`, unit: "ms" };
  const lateness = new Series({ ...late, budget: { p99: 5 } });
  if (other !== null) lateness.add("keepalived", ...other.latenessMs);
  lateness.add("standin", ...found.latenessMs);
  const pauses = new Series({ what: `${title}: pauses of the machine itself`, unit: "ms/s" });
  if (other !== null) pauses.add("keepalived", other.pausedMs);
  pauses.add("standin", found.pausedMs);
  const both = [lateness.row(), pauses.row()];
  if (encoding === "nothing") return both;
  const plain: readonly (readonly [string, string, number])[] = [
    ["answers", "1/s", found.answersPerSecond],
    ["answers that failed", "count", found.failures],
    ["streams at the end", "count", found.streams],
    ["processor time", "%", found.processorPercent],
    ["resident memory before", "MB", found.memoryBefore],
    ["resident memory meanwhile", "MB", found.memoryMeanwhile],
  ];
  return both.concat(plain.map(([what, unit, value]) => {
    const series = new Series({ what: `${title}: ${what}`, unit });
    series.add("standin", value);
    return series.row();
  }));
}

/** What those who asked got. */
interface Harvest {
  readonly answers: number;
  readonly failures: number;
  readonly streams: number;
}

const nothing: Harvest = { answers: 0, failures: 0, streams: 0 };
/** On the processor of the daemon, and with a higher priority than anything else there. */
const beforeAll = [...processorOfMeasured, "chrt", "-f", "99"];

interface Found {
  readonly latenessMs: readonly number[];
  /** Of each second, how long the machine itself stood still. */
  readonly pausedMs: number;
  readonly answersPerSecond: number;
  readonly failures: number;
  readonly streams: number;
  readonly processorPercent: number;
  readonly memoryBefore: number;
  readonly memoryMeanwhile: number;
}

async function measure(
  implementation: Implementation,
  encoding: string,
  clocks: Clocks,
): Promise<Found> {
  const network = new Network();
  const plan = { state: "MASTER", priority: 200, routers, intervalMs } as const;
  const home = new DaemonHome(implementation, network, "near", plan);
  try {
    const daemon = home.start(measuredWrapper);
    await sleep(settleMs);
    const memoryBefore = daemon.memory().resident / 1024;
    const seconds = (2 * windowMs + captureMs) / 1000;
    const words = [encoding, perSecond, streams, seconds].map(String);
    const crowd = encoding === "nothing"
      ? undefined
      : new Program(network.inside("near"), "status_load.ts", words);
    await sleep(windowMs / 2);
    const [used, began] = [clocks.processor(daemon.pid) ?? 0, clocks.wall()];
    await sleep(windowMs);
    const processor = (clocks.processor(daemon.pid) ?? 0) - used;
    const processorPercent = 100 * processor / (clocks.wall() - began);
    const wire = await capture(network, "near", "bulk");
    const watch = new Program(beforeAll, "machine_pauses.ts", [String(captureMs / 1000)]);
    await sleep(captureMs);
    await wire.end();
    const pauses = await watch.found() as number[];
    const memoryMeanwhile = daemon.memory().resident / 1024;
    const harvest = await crowd?.found() as Harvest | undefined;
    const { answers, failures, streams: left } = harvest ?? nothing;
    await daemon.stop();
    return {
      latenessMs: latenessOf(wire.frames, intervalMs),
      pausedMs: pauses.reduce((sum, pause) => sum + pause, 0) / (captureMs / 1000),
      answersPerSecond: Math.round(answers / seconds),
      failures,
      streams: left,
      processorPercent,
      memoryBefore,
      memoryMeanwhile,
    };
  } finally {
    home.remove();
    network.remove();
  }
}
