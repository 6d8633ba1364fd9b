/**
 * The words that tales are told in: configurations, deeds, and the calls of scripts to wait for.
 */
import type { Deed, Stage, Step } from "./tale.ts";

/** The router starts. */
export const start: Deed = (stage) => stage.start();
/** The router is told to end. */
export const stop: Deed = (stage) => stage.stop();
/** The other router starts. */
export const startPeer: Deed = (stage) => stage.startPeer();
/** The other router is told to end. */
export const peerLeaves: Deed = (stage) => stage.endPeer("SIGTERM");
/** The other router dies without a word. */
export const peerDies: Deed = (stage) => stage.endPeer("SIGKILL");

/** One instance, its lines after the usual ones. */
export function instance(lines: readonly string[], options: Options = {}): string {
  const { name = "VI_1", link = "eth0", vrid = 51, priority = 100, global = [] } = options;
  const head = global.length === 0 ? "" : `global_defs {\n${indent(global)}}\n`;
  return `${head}vrrp_instance ${name} {\n${
    indent([
      `interface ${link}`,
      `virtual_router_id ${vrid}`,
      `priority ${priority}`,
      "notify NOTIFY",
      `notify_master "NOTIFY ${name} is master"`,
      `notify_backup "NOTIFY ${name} is backup"`,
      `notify_fault "NOTIFY ${name} is in fault"`,
      `notify_stop "NOTIFY ${name} stops"`,
      ...lines,
    ])
  }}\n`;
}

/** What is different from the usual instance. */
export interface Options {
  readonly name?: string;
  readonly link?: string;
  readonly vrid?: number;
  readonly priority?: number;
  readonly global?: readonly string[];
}

/** Lines of a block. */
export function indent(lines: readonly string[]): string {
  return lines.map((line) => `    ${line}\n`).join("");
}

/** The other router: it does not tell anybody. */
export function peer(lines: readonly string[], priority: number): string {
  return `vrrp_instance PEER {\n${
    indent(["interface eth0", "virtual_router_id 51", `priority ${priority}`, ...lines])
  }}\n`;
}

/** Lines of an instance of this kind. */
export const v2: string[] = ["advert_int 1", "virtual_ipaddress { 10.77.0.100/24 }"];
/** Lines of an instance of this kind. */
export const v3: string[] = ["version 3", "advert_int 0.2", "virtual_ipaddress { 10.77.0.100/24 }"];
/** Lines of an instance of this kind. */
export const v6: string[] = [
  "advert_int 0.2",
  "virtual_ipaddress { fe80::77:100/64\n2001:db8:77::100/64 }",
];
/** The kinds by name. */
export const kinds: Readonly<Record<string, string[]>> = {
  "version 2": v2,
  "version 3": v3,
  "version 3 over IPv6": v6,
};

/** Something happens, and the scripts of all these states are called. */
export function step(what: string, deed: Deed, ...told: readonly (readonly string[])[]): Step {
  return { what, deed, until: told.flat() };
}

/** The calls for the usual instance. */
export const master: string[] = toldOf("VI_1")[0];
/** The calls for the usual instance. */
export const backup: string[] = toldOf("VI_1")[1];
/** The calls for the usual instance. */
export const fault: string[] = toldOf("VI_1")[2];
/** The calls for the usual instance. */
export const stopped: string[] = toldOf("VI_1")[3];

/** The calls of both scripts, in all four states: keepalived starts them side by side. */
export function toldOf(name: string): readonly [string[], string[], string[], string[]] {
  return [
    [`INSTANCE ${name} MASTER`, `${name} is master`],
    [`INSTANCE ${name} BACKUP`, `${name} is backup`],
    [`INSTANCE ${name} FAULT`, `${name} is in fault`],
    [`INSTANCE ${name} STOP`, `${name} stops`],
  ];
}

/** The other router starts and becomes master before anything else happens. */
export async function waitForPeer(stage: Stage): Promise<void> {
  stage.startPeer();
  const { lab, segment, other } = stage;
  await lab.bell.until("the other router rules", () => segment.adverts(other).length > 0);
}

/** Makes another link of the box, with a peer in the box as well. */
export const secondLink: string = "link add dummy0 address 02:00:00:00:0d:00 type veth " +
  "peer name dummy1 address 02:00:00:00:0d:01";
