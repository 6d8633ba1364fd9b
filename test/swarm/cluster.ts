/**
 * Random clusters: how many nodes and virtual routers there are, and what each of them says in its
 * file. Small ones are most likely. Nothing is asked for that could not work, so that after the
 * last fault order must come back.
 */
import type { Random } from "../../lib/base/mod.ts";
import { decide, pick, weighted } from "./choice.ts";
import type { ServerCounts } from "./servers.ts";

/** One virtual router of a cluster. */
export interface Router {
  readonly name: string;
  readonly vrid: number;
  readonly link: "eth0" | "eth1";
  readonly family: "ipv4" | "ipv6";
  readonly version: 2 | 3;
  /** Seconds. */
  readonly interval: number;
  /** By node. */
  readonly priorities: readonly number[];
  readonly addresses: readonly string[];
  /** Lines that all nodes have. */
  readonly lines: readonly string[];
  /** Lines that only one node has. */
  readonly odd: ReadonlyMap<number, readonly string[]>;
  readonly unicast: boolean;
}

/** A whole cluster. */
export interface Cluster {
  readonly nodes: number;
  readonly routers: readonly Router[];
  /** Places of routers that are in a sync group. */
  readonly group: readonly number[];
  readonly fifo: boolean;
  readonly script: boolean;
  readonly file: boolean;
  readonly servers: ServerCounts;
  /** Seconds that a router needs at most to find that its master is gone. */
  readonly down: number;
  /** The longest `preempt_delay`, in seconds. */
  readonly delay: number;
}

/** A cluster with these virtual servers. */
export function newCluster(random: Random, servers: ServerCounts): Cluster {
  const nodes = weighted(random, [[2, 52], [3, 28], [4, 12], [5, 4], [6, 2], [7, 1], [8, 1]]);
  const count = routerCount(random, nodes);
  const tempo = weighted(random, [[1, 50], [0.5, 25], [0.2, 25]]);
  const grouped = count > 1 && decide(random, 0.3) ? 2 + random.below(Math.min(2, count - 1)) : 0;
  const shared = prioritiesOf(random, nodes, true);
  const script = decide(random, 0.1);
  const file = decide(random, 0.12);
  const routers = Array.from({ length: count }, (_, place) => {
    const inGroup = place < grouped;
    const priorities = inGroup ? shared : prioritiesOf(random, nodes, false);
    return newRouter(random, { place, priorities, tempo, inGroup, script, file });
  });
  return {
    nodes,
    routers,
    group: Array.from({ length: grouped }, (_, place) => place),
    fifo: decide(random, 0.15),
    script,
    file,
    servers,
    down: Math.max(...routers.map(downOf)),
    delay: Math.max(0, ...routers.map(({ lines }) => numberIn(lines, "preempt_delay") ?? 0)),
  };
}

function routerCount(random: Random, nodes: number): number {
  const small = weighted(random, [[1, 46], [2, 27], [3, 14], [4, 7], [6, 3], [10, 2], [40, 1]]);
  return Math.max(1, Math.min(small, Math.floor(120 / nodes)));
}

/** Priorities by node; without ties in a group, where members must not contradict each other. */
function prioritiesOf(random: Random, nodes: number, inGroup: boolean): number[] {
  const free = Array.from({ length: 253 }, (_, less) => less + 1);
  const found = Array.from({ length: nodes }, () => {
    const [taken = 100] = free.splice(random.below(free.length), 1);
    return taken;
  });
  const tie = !inGroup && decide(random, 0.18);
  const best = found.indexOf(Math.max(...found));
  if (tie) found[(best + 1) % nodes] = found[best] ?? 100;
  else if (!inGroup && decide(random, 0.08)) found[best] = 255;
  return found;
}

interface RouterWords {
  readonly place: number;
  readonly priorities: readonly number[];
  readonly tempo: number;
  readonly inGroup: boolean;
  readonly script: boolean;
  readonly file: boolean;
}

function newRouter(random: Random, words: RouterWords): Router {
  const { place, priorities, tempo, inGroup } = words;
  const family = decide(random, 0.2) ? "ipv6" : "ipv4";
  const version = family === "ipv6" || decide(random, 0.6) ? 3 : 2;
  const vrid = place + 1;
  const link = decide(random, inGroup ? 0.5 : 0.3) ? "eth1" : "eth0";
  const owned = priorities.includes(255);
  const unicast = family === "ipv4" && decide(random, 0.08);
  const lines = [
    ...preemption(random, owned, inGroup),
    ...announcements(random),
    ...(decide(random, 0.05) ? [`down_timer_adverts ${2 + random.below(4)}`] : []),
    ...(decide(random, 0.04) ? ["lower_prio_no_advert"] : []),
    ...(decide(random, 0.04) ? ["higher_prio_send_advert"] : []),
    ...(decide(random, 0.12) ? [`notify "/notify" `] : []),
    ...tracking(random, words, owned, link),
    ...(!inGroup && decide(random, 0.08) ? resources : []),
    ...(version === 2 && decide(random, 0.1)
      ? ["authentication {", "  auth_type PASS", "  auth_pass secret", "}"]
      : []),
    ...(!unicast && !owned && decide(random, 0.04) ? ["use_vmac"] : []),
  ];
  return {
    name: `V${vrid}`,
    vrid,
    link,
    family,
    version,
    interval: version === 2 ? 1 : tempo,
    priorities,
    addresses: addressesOf(random, family, vrid),
    lines,
    odd: oddities(random, { priorities, version, family, inGroup, tempo }),
    unicast,
  };
}

/** Two that are started one after the other; what they are is only looked at in the beginning. */
const resources: readonly string[] = [
  "resources {",
  "  interval 0",
  "  script /first+ /first- /first?",
  "  script /then+ /then- /then?",
  "}",
];

function preemption(random: Random, owned: boolean, inGroup: boolean): string[] {
  if (owned) return [];
  if (decide(random, 0.2)) return ["nopreempt"];
  return !inGroup && decide(random, 0.2) ? [`preempt_delay ${pick(random, [1, 2, 5])}`] : [];
}

function announcements(random: Random): string[] {
  if (decide(random, 0.2)) return [];
  return ["garp_master_repeat 1", `garp_master_delay ${random.below(2)}`];
}

function tracking(random: Random, words: RouterWords, owned: boolean, link: string): string[] {
  const { script, file, inGroup } = words;
  const weight = owned || inGroup || decide(random, 0.4) ? 0 : pick(random, [-120, -20, 20]);
  const other = link === "eth0" ? "eth1" : "eth0";
  return [
    ...(decide(random, 0.15) ? ["track_interface {", `  ${other} weight ${weight}`, "}"] : []),
    ...(script && decide(random, 0.6) ? ["track_script {", `  probe weight ${weight}`, "}"] : []),
    ...(file && decide(random, 0.6) ? ["track_file {", `  mark weight ${weight}`, "}"] : []),
  ];
}

function addressesOf(random: Random, family: string, vrid: number): string[] {
  const count = 1 + random.below(3);
  if (family === "ipv4") {
    return Array.from({ length: count }, (_, more) => `10.9.${vrid}.${more + 1}`);
  }
  const others = Array.from({ length: count - 1 }, (_, more) => `2001:db8:${vrid}::${more + 1}`);
  return [`fe80::9:${vrid}`, ...others];
}

/** What the file of one node says otherwise than the others. */
function oddities(
  random: Random,
  { priorities, version, family, inGroup, tempo }: {
    readonly priorities: readonly number[];
    readonly version: 2 | 3;
    readonly family: string;
    readonly inGroup: boolean;
    readonly tempo: number;
  },
): ReadonlyMap<number, readonly string[]> {
  const odd = new Map<number, readonly string[]>();
  if (inGroup) return odd;
  const best = priorities.indexOf(Math.max(...priorities));
  if (priorities[best] === 255 || decide(random, 0.2)) odd.set(best, ["state MASTER"]);
  const node = random.below(priorities.length);
  if (odd.has(node)) return odd;
  if (decide(random, 0.05) && family === "ipv4") odd.set(node, [`version ${5 - version}`]);
  else if (decide(random, 0.05) && version === 3) odd.set(node, [`advert_int ${tempo / 2}`]);
  else if (decide(random, 0.05)) odd.set(node, ["nopreempt"]);
  return odd;
}

function downOf({ version, interval, lines }: Router): number {
  const count = numberIn(lines, "down_timer_adverts") ?? 3;
  return count * interval + (version === 2 ? 1 : interval);
}

function numberIn(lines: readonly string[], word: string): number | undefined {
  const said = lines.find((line) => line.startsWith(word));
  return said === undefined ? undefined : Number(said.split(" ")[1]);
}
