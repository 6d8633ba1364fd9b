/**
 * Failover as the wire sees it: a backup hears its master fall silent, or say goodbye with priority
 * 0. What counts is how much later than the protocol asks for its first advert comes: after the
 * Master_Down_Interval that follows the master's last advert, or after the Skew_Time that follows
 * the goodbye (RFC 9568 §6.1, §6.4.2). The first gratuitous ARP is held against the same instant.
 */
import { capture } from "./capture.ts";
import { DaemonHome, implementations } from "./daemon.ts";
import { addresses, Network } from "./network.ts";
import type { Frame } from "./pcap.ts";
import { Puppet } from "./puppet.ts";
import { type Row, Series } from "./row.ts";
import type { Suite } from "./suite.ts";
import { sleep } from "./wait.ts";

const intervalMs = 200;
const priority = 100;
const skewMs = (256 - priority) / 256 * intervalMs;
const masterDownMs = 3 * intervalMs + skewMs;
/** Both daemons in turn, so often, each time with so many crashes and as many goodbyes. */
const rounds = 3;
const cycles = 6;
/** A daemon starts in the time of so many adverts, and does what it does after a start. */
const settleAdverts = 15;
/** How long a new master is watched: its advert and its first gratuitous ARP. */
const watchMs = 120;

/** Crash and graceful failover. */
export const failover: Suite = {
  name: "failover",
  seconds: 105,
  run: async (progress) => {
    const crash = new Series({
      what: "crash: first advert after Master_Down_Interval",
      unit: "ms",
      budget: { median: 0.5, max: 5 },
    });
    const crashArp = new Series({
      what: "crash: first gratuitous ARP after it",
      unit: "ms",
      budget: { median: 1.3, max: 6 },
    });
    const goodbye = new Series({
      what: "priority 0: first advert after Skew_Time",
      unit: "ms",
      budget: { median: 0.5, max: 5 },
    });
    for (let round = 1; round <= rounds; round++) {
      for (const implementation of implementations) {
        progress(`${implementation}, round ${round} of ${rounds}`);
        for (const { ending, advertMs, arpMs } of await measure(implementation)) {
          (ending === "crash" ? crash : goodbye).add(implementation, advertMs);
          if (ending === "crash") crashArp.add(implementation, arpMs);
        }
      }
    }
    return [crash, crashArp, goodbye].map((series): Row => series.row());
  },
};

async function measure(implementation: DaemonHome["implementation"]): Promise<Takeover[]> {
  const network = new Network();
  const plan = { state: "BACKUP", priority, routers: 1, intervalMs } as const;
  const home = new DaemonHome(implementation, network, "near", plan);
  try {
    using puppet = await Puppet.open(network, intervalMs);
    const daemon = home.start();
    const wire = await capture(network, "near", "live");
    await puppet.play(settleAdverts, "crash");
    await sleep(masterDownMs + watchMs);
    for (let cycle = 0; cycle < cycles; cycle++) {
      await puppet.play(2, "crash");
      await sleep(masterDownMs + watchMs);
      await puppet.play(2, "goodbye");
      await sleep(skewMs + watchMs);
    }
    await wire.end();
    await daemon.stop();
    return takeovers(wire.frames);
  } finally {
    home.remove();
    network.remove();
  }
}

/** One takeover; a part that did not come is undefined. */
interface Takeover {
  readonly ending: "crash" | "goodbye";
  readonly advertMs: number | undefined;
  readonly arpMs: number | undefined;
}

/** Finds each last advert of the master, and what the backup did next. */
function takeovers(frames: readonly Frame[]): Takeover[] {
  const found: Takeover[] = [];
  const masters = frames.filter((frame) => isAdvertOf(frame, addresses.far));
  for (const [index, last] of masters.entries()) {
    if (last.kind !== "advert") continue;
    const next = masters[index + 1]?.at ?? Infinity;
    const ending = last.priority === 0 ? "goodbye" : "crash";
    if (ending === "crash" && next - last.at < 1.5 * intervalMs * 1000) continue;
    const limit = last.at + (ending === "crash" ? masterDownMs : skewMs) * 1000;
    const between = frames.filter(({ at }) => at > last.at && at < next);
    const advert = between.find((frame) => isAdvertOf(frame, addresses.near));
    const arp = between.find((frame) => frame.kind === "arp");
    found.push({ ending, advertMs: lateness(advert, limit), arpMs: lateness(arp, limit) });
  }
  return found;
}

function isAdvertOf(frame: Frame, source: string): boolean {
  return frame.kind === "advert" && frame.source === source;
}

function lateness(frame: Frame | undefined, limit: number): number | undefined {
  return frame === undefined ? undefined : (frame.at - limit) / 1000;
}
