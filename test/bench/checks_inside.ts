/**
 * A program for a machine with IPVS: has keepalived and standin check the same servers in turn, and
 * writes what that cost each of them, a line of JSON for each window: `checks_inside.ts TCP HTTP`.
 */
import process from "node:process";
import { CheckServers, serversText } from "./check_servers.ts";
import { DaemonHome, type Implementation, implementations } from "./daemon.ts";
import { Network } from "./network.ts";
import { Clocks, sleep } from "./wait.ts";

/** What begins a line of ours: the machine and its programs write, too. */
export const mark = "measured ";

/** One window. */
export interface Window {
  readonly implementation: Implementation;
  readonly tcpPerSecond: number;
  readonly httpPerSecond: number;
  /** Processor time of all processes, in microseconds for each check. */
  readonly partUs: number;
}

const settleMs = 20_000;
const windowMs = 5000;
const rounds = 2;

async function main(tcp: number, http: number): Promise<void> {
  const clocks = await Clocks.open();
  for (let round = 0; round < rounds; round++) {
    for (const implementation of implementations) {
      const window = await measure(implementation, { tcp, http }, clocks);
      process.stdout.write(`${mark}${JSON.stringify(window)}\n`);
    }
  }
}

async function measure(
  implementation: Implementation,
  servers: { readonly tcp: number; readonly http: number },
  clocks: Clocks,
): Promise<Window> {
  const network = new Network();
  const nginx = new CheckServers(network);
  const more = `@standin status_listen off\n${serversText(servers)}`;
  const plan = { state: "MASTER", priority: 200, routers: 0, intervalMs: 1000, more } as const;
  const home = new DaemonHome(implementation, network, "near", plan);
  try {
    await nginx.ready();
    const daemon = home.start();
    await sleep(settleMs);
    if (daemon.ended) throw new Error(`The daemon has ended:\n${home.log()}`);
    const pids = daemon.processes();
    const time = (): number => pids.reduce((sum, pid) => sum + (clocks.processor(pid) ?? 0), 0);
    const [before, used, began] = [nginx.seen(), time(), clocks.wall()];
    await sleep(windowMs);
    const [after, usedThen, ended] = [nginx.seen(), time(), clocks.wall()];
    await daemon.stop();
    const seconds = (ended - began) / 1e6;
    const requests = (after?.requests ?? 0) - (before?.requests ?? 0) - 1;
    const connections = (after?.connections ?? 0) - (before?.connections ?? 0) - 1;
    return {
      implementation,
      tcpPerSecond: Math.round((connections - requests) / seconds),
      httpPerSecond: Math.round(requests / seconds),
      partUs: (usedThen - used) / connections,
    };
  } finally {
    nginx.remove();
    home.remove();
    network.remove();
  }
}

if (import.meta.main) await main(Number(process.argv[2]), Number(process.argv[3]));
