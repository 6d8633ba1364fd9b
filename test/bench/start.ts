/**
 * From the start of the program to its first packet: the owner of the addresses (priority 255) is
 * master at once, so its first advert says that the daemon is there.
 */
import { capture } from "./capture.ts";
import { DaemonHome, implementations } from "./daemon.ts";
import { Network } from "./network.ts";
import { Series } from "./row.ts";
import type { Suite } from "./suite.ts";
import { Clocks, sleep, waitFor } from "./wait.ts";

const repetitions = 12;
const limitMs = 5000;

/** The row of the start. */
export const start: Suite = {
  name: "start",
  seconds: 20,
  run: async (progress) => {
    const series = new Series({
      what: "start: from exec to the first advert on the wire",
      unit: "ms",
      budget: { median: 60 },
    });
    const clocks = await Clocks.open();
    for (let count = 1; count <= repetitions; count++) {
      progress(`${count} of ${repetitions}`);
      for (const implementation of implementations) {
        series.add(implementation, await measure(implementation, clocks));
      }
    }
    return [series.row()];
  },
};

async function measure(
  implementation: DaemonHome["implementation"],
  clocks: Clocks,
): Promise<number | undefined> {
  const network = new Network();
  const plan = { state: "MASTER", priority: 255, routers: 1, intervalMs: 1000 } as const;
  const home = new DaemonHome(implementation, network, "near", plan);
  try {
    const wire = await capture(network, "near", "live");
    const began = clocks.wall();
    const daemon = home.start();
    const advert = await waitFor(() => wire.frames.find(({ kind }) => kind === "advert"), limitMs);
    await sleep(50);
    await daemon.stop();
    await wire.end();
    return advert === undefined ? undefined : (advert.at - began) / 1000;
  } finally {
    home.remove();
    network.remove();
  }
}
