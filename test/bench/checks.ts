/**
 * Thousands of health checks beside many masters on one processor: whether the adverts stay in
 * time, how many checks the servers really see, and what each costs. The kernel of this machine may
 * have no IPVS, without which keepalived does not check at all, so here standin balances with
 * nftables and stands alone; `checks_machine.ts` has both do the same under user-mode Linux.
 */
import { CheckServers, serversText } from "./check_servers.ts";
import { machineRows } from "./checks_machine.ts";
import { capture } from "./capture.ts";
import { type Daemon, DaemonHome } from "./daemon.ts";
import { Network } from "./network.ts";
import { latenessOf } from "./lateness.ts";
import { measuredWrapper, stepAside, stepBack } from "./pinning.ts";
import { Series } from "./row.ts";
import type { Suite } from "./suite.ts";
import { Clocks, sleep } from "./wait.ts";

const routers = 250;
const intervalMs = 100;
const servers = { tcp: 2000, http: 500 } as const;
/** A start, the bursts that follow it, and a first round of all checks. */
const settleMs = 8000;
const windowMs = 5000;
const rounds = 3;

const title = `${servers.tcp} TCP and ${servers.http} HTTP checks a second, ` +
  `${routers} masters at ${intervalMs} ms`;

/** Rows of many checks. */
export const checks: Suite = {
  name: "checks",
  seconds: 2 * (settleMs + 2 * rounds * windowMs) / 1000 + 90,
  run: async (progress) => {
    const clocks = await Clocks.open();
    const lateness = new Series({
      what: `${title}: advert later than its interval`,
      unit: "ms",
      budget: { p99: 5 },
    });
    const tcp = new Series({ what: `${title}: TCP checks that the servers saw`, unit: "1/s" });
    const http = new Series({ what: `${title}: HTTP checks that the servers saw`, unit: "1/s" });
    const processor = new Series({ what: `${title}: processor time`, unit: "%" });
    const part = new Series({ what: `${title}: processor time of one check`, unit: "µs" });
    stepAside();
    try {
      progress("masters without checks");
      const bare = median((await measure(false, clocks)).map((one) => one.processorPercent));
      progress("masters with checks");
      for (const found of await measure(true, clocks)) {
        lateness.add("standin", ...found.latenessMs);
        tcp.add("standin", found.tcpPerSecond);
        http.add("standin", found.httpPerSecond);
        processor.add("standin", found.processorPercent);
        const perSecond = found.tcpPerSecond + found.httpPerSecond;
        part.add("standin", (found.processorPercent - bare) * 10_000 / perSecond);
      }
    } finally {
      stepBack();
    }
    const rows = [lateness, tcp, http, processor, part].map((series) => series.row());
    return [...rows, ...await machineRows(progress)];
  },
};

interface Found {
  readonly latenessMs: readonly number[];
  readonly tcpPerSecond: number;
  readonly httpPerSecond: number;
  readonly processorPercent: number;
}

async function measure(checked: boolean, clocks: Clocks): Promise<Found[]> {
  const network = new Network();
  const nginx = new CheckServers(network);
  const more = checked ? `@standin balancer nftables\n${serversText(servers)}` : "";
  const plan = { state: "MASTER", priority: 200, routers, intervalMs, more } as const;
  const home = new DaemonHome("standin", network, "near", plan);
  const found: Found[] = [];
  try {
    await nginx.ready();
    const daemon = home.start(measuredWrapper);
    await sleep(settleMs);
    if (daemon.ended) throw new Error(`The daemon has ended:\n${home.log()}`);
    for (let round = 0; round < rounds; round++) {
      const cost = await costOf(daemon, nginx, clocks);
      const wire = await capture(network, "near", "bulk");
      await sleep(windowMs);
      await wire.end();
      found.push({ ...cost, latenessMs: latenessOf(wire.frames, intervalMs) });
    }
    await daemon.stop();
    return found;
  } finally {
    nginx.remove();
    home.remove();
    network.remove();
  }
}

/** Processor time of all processes, and what the servers saw, over a window without a capture. */
async function costOf(
  daemon: Daemon,
  nginx: CheckServers,
  clocks: Clocks,
): Promise<Omit<Found, "latenessMs">> {
  const pids = daemon.processes();
  const time = (): number => pids.reduce((sum, pid) => sum + (clocks.processor(pid) ?? 0), 0);
  const [before, used, began] = [nginx.seen(), time(), clocks.wall()];
  await sleep(windowMs);
  const [after, usedThen, ended] = [nginx.seen(), time(), clocks.wall()];
  const seconds = (ended - began) / 1e6;
  // One of them is our own question.
  const requests = (after?.requests ?? 0) - (before?.requests ?? 0) - 1;
  const connections = (after?.connections ?? 0) - (before?.connections ?? 0) - 1;
  return {
    tcpPerSecond: Math.round((connections - requests) / seconds),
    httpPerSecond: Math.round(requests / seconds),
    processorPercent: (usedThen - used) / seconds / 10_000,
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
