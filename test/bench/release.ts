/**
 * What a killed daemon leaves behind. Addresses that stay on a dead node are a conflict as soon as
 * the backup takes them, so the time until they are gone is measured for every way to be killed;
 * and the time until the node works again when it is started at once.
 */
import { AddressWatch } from "./address_watch.ts";
import { capture } from "./capture.ts";
import { ControlGroup } from "./control_group.ts";
import { type Daemon, DaemonHome, implementations } from "./daemon.ts";
import { endProcess, Network } from "./network.ts";
import { Series } from "./row.ts";
import type { Suite } from "./suite.ts";
import { Clocks, sleep, waitFor } from "./wait.ts";

const repetitions = 5;
const routers = 10;
const goneLimitMs = 1000;
const restartLimitMs = 6000;
/** A daemon at rest: its helpers have been there for longer than a moment. */
const restMs = 1200;
/** Enough for a helper to be started anew. */
const momentMs = 100;

type Place = {
  readonly network: Network;
  readonly home: DaemonHome;
  readonly group: ControlGroup | undefined;
  readonly clocks: Clocks;
};

interface Way {
  readonly what: string;
  /** Leaves nothing that would end by itself. */
  readonly kill: (daemon: Daemon, place: Place) => void;
  /** What happens a moment before. */
  readonly first?: (daemon: Daemon, place: Place) => void;
}

const ways: readonly Way[] = [
  { what: "main process killed", kill: (daemon) => endProcess(daemon.pid) },
  {
    what: "helper killed (VRRP child; crash guard, then daemon)",
    first: (daemon, place) => isOurs(place) && killHelper(daemon, place),
    kill: (daemon, place) => isOurs(place) ? endProcess(daemon.pid) : killHelper(daemon, place),
  },
  { what: "whole control group killed", kill: killTogether },
];

/** Rows about what a killed daemon leaves. */
export const release: Suite = {
  name: "release",
  seconds: 125,
  run: async (progress) => {
    const clocks = await Clocks.open();
    const rows: Series[] = [];
    for (const way of ways) {
      const series = new Series({
        what: `${way.what}: addresses gone`,
        unit: "ms",
        budget: { median: 50, max: 250 },
      });
      rows.push(series);
      for (let count = 1; count <= repetitions; count++) {
        progress(`${way.what}, ${count} of ${repetitions}`);
        for (const implementation of implementations) {
          const measured = await inPlace(implementation, clocks, (place) => measure(place, way));
          series.add(implementation, measured);
        }
      }
    }
    const restart = new Series({ what: "started again at once: first advert", unit: "ms" });
    for (let count = 1; count <= repetitions; count++) {
      progress(`restart, ${count} of ${repetitions}`);
      for (const implementation of implementations) {
        restart.add(implementation, await inPlace(implementation, clocks, measureRestart));
      }
    }
    return [...rows, restart].map((series) => series.row());
  },
};

async function inPlace<T>(
  implementation: DaemonHome["implementation"],
  clocks: Clocks,
  body: (place: Place) => Promise<T>,
): Promise<T> {
  const network = new Network();
  const plan = { state: "MASTER", priority: 255, routers, intervalMs: 1000 } as const;
  const home = new DaemonHome(implementation, network, "near", plan);
  const group = ControlGroup.make();
  try {
    return await body({ network, home, group, clocks });
  } finally {
    home.remove();
    network.remove();
    await group?.remove();
  }
}

async function measure(place: Place, { first, kill }: Way): Promise<number | undefined> {
  const { network, home, clocks } = place;
  using watch = new AddressWatch(network, "near");
  await sleep(100);
  const daemon = home.start(place.group?.wrapper);
  if (await watch.come(routers, 0, 5000) === undefined) {
    throw new Error(`The daemon did not become master:\n${home.log()}`);
  }
  await sleep(restMs);
  first?.(daemon, place);
  await sleep(momentMs);
  const before = clocks.wall();
  kill(daemon, place);
  const gone = await watch.gone(routers, before, goneLimitMs);
  return gone === undefined ? undefined : (gone - before) / 1000;
}

/** keepalived's parent starts a new child, standin a new guard. */
function killHelper(daemon: Daemon, place: Place): void {
  const name = isOurs(place) ? "standin-guard" : "keepalived";
  const helper = daemon.processNamed(name);
  if (helper === undefined) throw new Error(`There is no process ${name}`);
  endProcess(helper);
}

/** Without control groups, one after the other as fast as it goes. */
function killTogether(daemon: Daemon, { group }: Place): void {
  if (group === undefined) daemon.processes().forEach(endProcess);
  else group.kill();
}

function isOurs({ home }: Place): boolean {
  return home.implementation === "standin";
}

async function measureRestart(
  { network, home, group, clocks }: Place,
): Promise<number | undefined> {
  const wire = await capture(network, "near", "live");
  const daemon = home.start(group?.wrapper);
  await waitFor(() => wire.frames[0], 5000);
  await sleep(restMs);
  const before = clocks.wall();
  if (group === undefined) { for (const pid of daemon.processes()) endProcess(pid); }
  else group.kill();
  await daemon.waitForEnd(1000);
  let again = home.start();
  const advert = await waitFor(() => {
    if (again.ended) again = home.start();
    return wire.frames.find(({ kind, at }) => kind === "advert" && at > before);
  }, restartLimitMs);
  await again.stop();
  await wire.end();
  return advert === undefined ? undefined : (advert.at - before) / 1000;
}
