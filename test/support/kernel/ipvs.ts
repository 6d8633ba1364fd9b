/**
 * IPVS in a node of a kernel suite: the table as ipvsadm tells it, and standin and keepalived with
 * a configuration of virtual servers.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { poll } from "../lab/bell.ts";
import type { Lab, Node } from "../lab/lab.ts";
import { filesOf, keepalivedWords, standinWords } from "../lab/makes.ts";
import type { Program } from "../lab/program.ts";

/** Modules of everything that IPVS can be told. */
export const ipvsModules: readonly string[] = [
  "ip_vs",
  ..."rr wrr lc wlc lblc lblcr sh mh dh fo ovf sed nq pe_sip".split(" ").map((one) =>
    `ip_vs_${one}`
  ),
];

/** Who runs the virtual servers of a node. */
export interface BalancerMake {
  readonly name: "standin" | "keepalived";
  words(node: Node): readonly string[];
}

/** The program under test. */
export const standinBalancer: BalancerMake = { name: "standin", words: standinWords };

/** Debian's keepalived, of which only the checkers have something to do. */
export const keepalivedBalancer: BalancerMake = {
  name: "keepalived",
  words: (node) => [...keepalivedWords(node), "-c", join(node.directory, "checkers.pid")],
};

/** Gives a node its configuration. */
export function configure(node: Node, text: string): void {
  writeFileSync(filesOf(node).config, `@standin status_listen off\n${text}`);
}

/** Starts a daemon with the configuration that the node has. */
export function startBalancer(lab: Lab, node: Node, make: BalancerMake): Program {
  return lab.start(node, make.words(node));
}

/** The lines of `ipvsadm -Sn` in the order of the alphabet: the kernel's is that of a hash. */
export async function tableOf({ namespace }: Node): Promise<string[]> {
  const { stdout, stderr, code } = await namespace.run(["ipvsadm", "-Sn"]);
  if (code !== 0) throw new Error(`ipvsadm failed: ${stderr}`);
  return stdout.split("\n").map((line) => line.trimEnd()).filter((line) => line !== "").sort();
}

/** Waits until the table pleases, and answers it. */
export function untilTable(
  node: Node,
  what: string,
  pleases: (lines: readonly string[]) => boolean,
): Promise<string[]> {
  return poll(`${node.label}: ${what}`, () => tableOf(node), pleases);
}
