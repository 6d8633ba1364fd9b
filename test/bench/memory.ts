/**
 * Memory of a master, ten seconds after its start, all its processes together. Private is what no
 * other process has mapped, which for the only daemon on a machine includes the pages of its own
 * program file; written is what it alone is to blame for and what the system can not take back.
 */
import { type Daemon, DaemonHome, implementations, type Memory } from "./daemon.ts";
import { Network } from "./network.ts";
import { type Row, Series } from "./row.ts";
import type { Suite } from "./suite.ts";
import { sleep } from "./wait.ts";

const ageMs = 10_000;

/** The rows: what a master of so many routers may take, in MB. */
const cases = [
  { routers: 1, resident: 40, private: 8 },
  { routers: 250, resident: 48, private: 14 },
] as const;

/** Rows of memory. */
export const memory: Suite = {
  name: "memory",
  seconds: 48,
  run: async (progress) => {
    const rows: Row[] = [];
    for (const budget of cases) {
      const { routers } = budget;
      const name = `${routers} ${routers === 1 ? "router" : "routers"}`;
      const resident = new Series({
        what: `${name}: resident memory`,
        unit: "MB",
        budget: { median: budget.resident },
      });
      const own = new Series({
        what: `${name}: private memory`,
        unit: "MB",
        budget: { median: budget.private },
      });
      const written = new Series({ what: `${name}: private memory that was written`, unit: "MB" });
      for (const implementation of implementations) {
        progress(`${implementation}, ${name}`);
        const found = await measure(implementation, routers);
        resident.add(implementation, found.resident / 1024);
        own.add(implementation, found.private / 1024);
        written.add(implementation, found.written / 1024);
      }
      rows.push(resident.row(), own.row(), written.row());
    }
    return rows;
  },
};

async function measure(
  implementation: DaemonHome["implementation"],
  routers: number,
): Promise<Memory> {
  const network = new Network();
  const plan = { state: "MASTER", priority: 200, routers, intervalMs: 1000 } as const;
  const home = new DaemonHome(implementation, network, "near", plan);
  try {
    const daemon: Daemon = home.start();
    await sleep(ageMs);
    const found = daemon.memory();
    await daemon.stop();
    return found;
  } finally {
    home.remove();
    network.remove();
  }
}
