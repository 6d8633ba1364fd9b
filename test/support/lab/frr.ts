/**
 * FRR's vrrpd as a make of a router; bfdd is started the same way. vrrpd needs zebra, and a macvlan
 * that has the virtual router's link-layer address: FRR does not move addresses, it opens and shuts
 * that macvlan. Daemons give root away after the start, so their files belong to FRR's own user.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Lab, Node } from "./lab.ts";
import { poll } from "./bell.ts";
import { addressesOf, type RouterPlan, vrid } from "./plan.ts";
import type { Make, State } from "./router.ts";

const folder = "/usr/lib/frr";

/** Why FRR can not be a peer here; `undefined` when it can. */
export function whyNoFrr(): string | undefined {
  return existsSync(`${folder}/vrrpd`) ? undefined : "needs frr";
}

/** Debian's FRR. */
export const frr: Make = {
  name: "FRR",
  prepare(lab, node, plan): Promise<readonly string[]> {
    addMacvlan(node, plan);
    return prepareFrr(lab, node, "vrrpd", renderFrr(plan));
  },
  stateIn(line): State | undefined {
    const match = /\[VRID \d+\] \[IPv[46]\] \w+ -> (\w+)$/.exec(line);
    if (match === null) return undefined;
    return match[1] === "Master" ? "MASTER" : match[1] === "Backup" ? "BACKUP" : "OTHER";
  },
  holds(node, address, plan): boolean {
    const table = node.namespace.table(linkOf(plan));
    return table !== undefined && table.carrier && table.addresses.has(address);
  },
  crash: (program) => program.kill(),
};

/** Writes the file of a daemon and starts zebra; answers the words that start the daemon. */
export async function prepareFrr(
  lab: Lab,
  node: Node,
  daemon: "vrrpd" | "bfdd",
  config: string,
): Promise<readonly string[]> {
  const directory = join(node.directory, "frr");
  if (!existsSync(directory)) mkdirSync(directory);
  writeFileSync(join(directory, "zebra.conf"), "hostname lab\n");
  writeFileSync(join(directory, `${daemon}.conf`), config);
  spawnSync("chown", ["-R", "frr:frr", directory]);
  spawnSync("chmod", ["755", node.directory]);
  await startZebra(lab, node, directory);
  return words(daemon, directory, "debugging");
}

function linkOf({ protocol }: RouterPlan): string {
  return protocol.family === "ipv4" ? "vrrp4" : "vrrp6";
}

function addMacvlan(node: Node, plan: RouterPlan): void {
  const link = linkOf(plan);
  if (node.namespace.table(link) !== undefined) return;
  const family = plan.protocol.family === "ipv4" ? "01" : "02";
  const mac = `00:00:5e:00:${family}:${vrid.toString(16)}`;
  const nodad = plan.protocol.family === "ipv4" ? "" : "nodad";
  node.namespace.batch([
    `link add ${link} link eth0 address ${mac} type macvlan mode bridge`,
    `link set ${link} addrgenmode none`,
    `link set ${link} up`,
    `address add fe80::f0:${node.number}/64 dev ${link} nodad`,
    ...addressesOf(plan).map((address) => `address add ${address} dev ${link} ${nodad}`),
  ]);
}

function renderFrr(plan: RouterPlan): string {
  const { protocol, priority, nopreempt = false } = plan;
  const keyword = protocol.family === "ipv4" ? "ip" : "ipv6";
  const lines = [
    `vrrp ${vrid} version ${protocol.version}`,
    `vrrp ${vrid} priority ${priority}`,
    `vrrp ${vrid} advertisement-interval ${protocol.intervalMs}`,
    ...(nopreempt ? [`no vrrp ${vrid} preempt`] : []),
    ...addressesOf(plan).map((address) => `vrrp ${vrid} ${keyword} ${address.split("/")[0]}`),
  ];
  return `debug vrrp protocol\ninterface eth0\n${lines.map((line) => ` ${line}\n`).join("")}`;
}

/** Starts zebra where it does not run yet, and waits until it listens. */
async function startZebra(lab: Lab, node: Node, directory: string): Promise<void> {
  const running = zebras.get(node);
  if (running !== undefined && running.ending === undefined) return;
  const zebra = lab.start(node, words("zebra", directory, "warn"));
  zebras.set(node, zebra);
  const socket = join(directory, "zebra.sock");
  await poll("zebra listens", () => existsSync(socket), (listens) => listens);
}

const zebras = new WeakMap<Node, ReturnType<Lab["start"]>>();

function words(daemon: "zebra" | "vrrpd" | "bfdd", directory: string, level: string): string[] {
  const file = (name: string): string => join(directory, name);
  const places = ["-f", file(`${daemon}.conf`), "-i", file(`${daemon}.pid`)];
  const sockets = ["-z", file("zebra.sock"), "--vty_socket", directory];
  const address = ["-A", "127.0.0.1", "-P", "0"];
  const log = ["--log", "stdout", "--log-level", level];
  const control = daemon === "bfdd" ? ["--bfdctl", file("bfdd.sock")] : [];
  return [`${folder}/${daemon}`, ...places, ...sockets, ...address, ...log, ...control];
}
