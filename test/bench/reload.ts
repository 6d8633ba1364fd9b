/**
 * A reload of many masters of which one changes its priority: how late the adverts of any router
 * come while the file is read and compared, and whether anything is sent again for those that did
 * not change. The first reload finds cold code and the later ones do not; all of them count.
 */
import { capture } from "./capture.ts";
import { DaemonHome, type Implementation, implementations } from "./daemon.ts";
import { addresses, Network } from "./network.ts";
import type { Frame } from "./pcap.ts";
import { type Row, Series } from "./row.ts";
import type { Suite } from "./suite.ts";
import { sleep } from "./wait.ts";

const routers = 250;
const intervalMs = 100;
const reloads = 6;
/** From the start of a daemon until its addresses are there and its bursts are over. */
const settleMs = 4000;
/** How long the wire is watched around each reload. */
const watchMs = 1200;

/** Rows of the reload. */
export const reload: Suite = {
  name: "reload",
  seconds: 40,
  run: async (progress) => {
    const what = `reload of ${routers} masters at ${intervalMs} ms`;
    const latest = new Series({
      what: `${what}: latest advert of all, beyond its interval`,
      unit: "ms",
      budget: { max: 5 },
    });
    const announced = new Series({
      what: `${what}: gratuitous ARPs`,
      unit: "count",
      budget: { max: 0 },
    });
    const resigned = new Series({
      what: `${what}: adverts of priority 0`,
      unit: "count",
      budget: { max: 0 },
    });
    for (const implementation of implementations) {
      progress(implementation);
      for (const found of await measure(implementation)) {
        latest.add(implementation, found.latestMs);
        announced.add(implementation, found.announced);
        resigned.add(implementation, found.resigned);
      }
    }
    return [latest, announced, resigned].map((series): Row => series.row());
  },
};

interface Found {
  /** Undefined when the new priority was never seen. */
  readonly latestMs: number | undefined;
  readonly announced: number;
  readonly resigned: number;
}

async function measure(implementation: Implementation): Promise<Found[]> {
  const network = new Network();
  const plan = { state: "MASTER", priority: 200, routers, intervalMs } as const;
  const home = new DaemonHome(implementation, network, "near", plan);
  const found: Found[] = [];
  try {
    const daemon = home.start();
    await sleep(settleMs);
    for (let count = 1; count <= reloads; count++) {
      const exception = { vrid: 7, priority: 100 + count };
      const wire = await capture(network, "near", "bulk");
      await sleep(watchMs / 4);
      home.rewrite({ ...plan, exception });
      daemon.reload();
      await sleep(watchMs);
      await wire.end();
      found.push(examine(wire.frames, exception));
    }
    await daemon.stop();
    return found;
  } finally {
    home.remove();
    network.remove();
  }
}

function examine(frames: readonly Frame[], exception: { vrid: number; priority: number }): Found {
  const latest = new Map<number, number>();
  let [longestMs, announced, resigned, applied] = [0, 0, 0, false];
  for (const frame of frames) {
    if (frame.kind === "arp") {
      announced++;
      continue;
    }
    if (frame.source !== addresses.near) continue;
    const { vrid, priority, at } = frame;
    if (priority === 0) resigned++;
    applied ||= vrid === exception.vrid && priority === exception.priority;
    longestMs = Math.max(longestMs, (at - (latest.get(vrid) ?? at)) / 1000);
    latest.set(vrid, at);
  }
  return { latestMs: applied ? longestMs - intervalMs : undefined, announced, resigned };
}
