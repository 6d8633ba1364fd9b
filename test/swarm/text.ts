/**
 * A cluster's files: what keepalived.conf says on each node.
 */
import type { Cluster, Router } from "./cluster.ts";
import { serverBlocks } from "./servers.ts";

/** How the file of one node differs from what the cluster says. */
export interface Change {
  /** Added to every priority that is not an owner's. */
  readonly priority?: number;
  /** A router that is not in it. */
  readonly without?: number;
  /** A line that every router has besides. */
  readonly line?: string;
}

/** The name of a node. */
export function nodeName(node: number): string {
  return String.fromCharCode(97 + node);
}

/** The file of a node; blocks that can be left out stand apart by an empty line. */
export function configOf(cluster: Cluster, node: number, change: Change = {}): string {
  const routers = cluster.routers.filter((_, place) => place !== change.without);
  const members = cluster.group.filter((place) => place !== change.without)
    .map((place) => cluster.routers[place]?.name);
  const tracks = (block: string): boolean => routers.some(({ lines }) => lines.includes(block));
  return [
    cluster.fifo ? block("global_defs", ["vrrp_notify_fifo /run/fifo"]) : "",
    tracks("track_script {")
      ? block("vrrp_script probe", ['script "/probe"', "interval 1", "rise 2", "fall 2"])
      : "",
    tracks("track_file {") ? block("track_file mark", ["file /mark"]) : "",
    ...routers.map((router) => routerBlock(cluster, router, node, change)),
    members.length > 1
      ? block("vrrp_sync_group G", ["group {", ...members.map((name) => `  ${name}`), "}"])
      : "",
    ...serverBlocks(cluster.servers).map(([head, lines]) => block(head, lines)),
  ].filter((text) => text !== "").join("\n");
}

function routerBlock(cluster: Cluster, router: Router, node: number, change: Change): string {
  const { name, link, version, vrid, interval, addresses, lines, odd, unicast } = router;
  const own = odd.get(node) ?? [];
  const base = router.priorities[node] ?? 100;
  const priority = base === 255 ? base : Math.max(1, Math.min(254, base + (change.priority ?? 0)));
  const says = (word: string): boolean => own.some((line) => line.startsWith(word));
  const kept = says("nopreempt") ? lines.filter((line) => !/^(no)?preempt/.test(line)) : lines;
  const eager = says("state MASTER") && priority !== 255;
  // keepalived: a router that starts as master preempts.
  const fitting = kept.filter((line) => !(eager && /^(nopreempt|preempt_delay)/.test(line)));
  return block(`vrrp_instance ${name}`, [
    `interface ${link}`,
    `virtual_router_id ${vrid}`,
    `priority ${priority}`,
    ...(says("version") ? [] : [`version ${version}`]),
    ...(says("advert_int") ? [] : [`advert_int ${says("version 2") ? 1 : interval}`]),
    ...own,
    ...(change.line === undefined ? [] : [change.line]),
    ...(unicast ? peers(cluster, router, node) : []),
    ...(says("version 3") ? withoutPassword(fitting) : fitting),
    "virtual_ipaddress {",
    ...addresses.map((address) => `  ${address}`),
    "}",
  ]);
}

function withoutPassword(lines: readonly string[]): string[] {
  const at = lines.indexOf("authentication {");
  return at < 0 ? [...lines] : [...lines.slice(0, at), ...lines.slice(at + 4)];
}

function peers({ nodes }: Cluster, { link }: Router, node: number): string[] {
  const net = link === "eth0" ? "10.0.0" : "10.1.0";
  const others = Array.from({ length: nodes }, (_, other) => other).filter((one) => one !== node);
  return ["unicast_peer {", ...others.map((other) => `  ${net}.${other + 1}`), "}"];
}

function block(head: string, lines: readonly string[]): string {
  return `${head} {\n${lines.map((line) => `  ${line}\n`).join("")}}\n`;
}
