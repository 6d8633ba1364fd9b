/**
 * Many who ask a daemon how it is while it is master of many routers: whether its adverts stay in
 * time, how many answers it gives, and what becomes of its memory. Once with bodies as they are,
 * once as a client that takes them compressed, and once while nobody asks, beside keepalived, which
 * answers no questions: that tells what is the machine's. The daemon has one processor for all of
 * its threads and for what the kernel does for its packets; those who ask and the capture share the
 * others.
 */
import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { capture } from "./capture.ts";
import { DaemonHome, type Implementation } from "./daemon.ts";
import { Network } from "./network.ts";
import { latenessOf } from "./lateness.ts";
import { measuredWrapper, stepAside, stepBack } from "./pinning.ts";
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
  if (encoding === "nothing") return [lateness.row()];
  const plain: readonly (readonly [string, string, number])[] = [
    ["answers", "1/s", found.answersPerSecond],
    ["answers that failed", "count", found.failures],
    ["streams at the end", "count", found.streams],
    ["processor time", "%", found.processorPercent],
    ["resident memory before", "MB", found.memoryBefore],
    ["resident memory meanwhile", "MB", found.memoryMeanwhile],
  ];
  return [lateness.row()].concat(plain.map(([what, unit, value]) => {
    const series = new Series({ what: `${title}: ${what}`, unit });
    series.add("standin", value);
    return series.row();
  }));
}

const nothing = { answers: 0, failures: 0, streams: 0 };

interface Found {
  readonly latenessMs: readonly number[];
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
    const crowd = encoding === "nothing" ? undefined : new Crowd(network, encoding, seconds);
    await sleep(windowMs / 2);
    const [used, began] = [clocks.processor(daemon.pid) ?? 0, clocks.wall()];
    await sleep(windowMs);
    const processor = (clocks.processor(daemon.pid) ?? 0) - used;
    const processorPercent = 100 * processor / (clocks.wall() - began);
    const wire = await capture(network, "near", "bulk");
    await sleep(captureMs);
    await wire.end();
    const memoryMeanwhile = daemon.memory().resident / 1024;
    const { answers, failures, streams } = await crowd?.end() ?? nothing;
    await daemon.stop();
    return {
      latenessMs: latenessOf(wire.frames, intervalMs),
      answersPerSecond: Math.round(answers / seconds),
      failures,
      streams,
      processorPercent,
      memoryBefore,
      memoryMeanwhile,
    };
  } finally {
    home.remove();
    network.remove();
  }
}

/** Those who ask, in a process of their own. */
class Crowd {
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  #said = "";

  constructor(network: Network, encoding: string, seconds: number) {
    const self = [process.execPath, new URL("status_load.ts", import.meta.url).pathname];
    const plan = [encoding, perSecond, streams, seconds].map(String);
    const [command = "", ...words] = [...network.inside("near"), ...self, ...plan];
    this.#child = spawn(command, words, { stdio: ["ignore", "pipe", "inherit"] });
    this.#child.stdout?.on("data", (bytes: Uint8Array) => {
      this.#said += new TextDecoder().decode(bytes);
    });
    this.#closed = new Promise((resolve) => this.#child.on("close", resolve));
  }

  async end(): Promise<{ answers: number; failures: number; streams: number }> {
    await this.#closed;
    return JSON.parse(this.#said);
  }
}
