/**
 * Stories of routers whose interface belongs to a VRF, beside keepalived: by multicast, by unicast,
 * and by unicast without an interface, where the VRF is all that the instance names. Who is elected
 * takes over, and its routes go into the table of the VRF and nowhere else. One file has an
 * instance of every kind, because starting daemons is what takes long in such a machine.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { poll } from "../lab/bell.ts";
import type { Lab, Node } from "../lab/lab.ts";
import {
  filesOf,
  keepalived,
  keepalivedStateIn,
  keepalivedWords,
  standin,
  standinStateIn,
  standinWords,
} from "../lab/makes.ts";
import { renderGlobals } from "../lab/plan.ts";
import type { Make } from "../lab/router.ts";
import type { Program } from "../lab/program.ts";
import type { KernelSuite } from "./suite.ts";

const table = 177;
const vrf = "blue";

/** One instance of the file; its number is its VRID, and ends its address and its route. */
interface Kind {
  readonly number: number;
  readonly family: "ipv4" | "ipv6";
  readonly way: "multicast" | "unicast" | "alone";
}

const withInterface: readonly Kind[] = [
  { number: 61, family: "ipv4", way: "multicast" },
  { number: 62, family: "ipv6", way: "multicast" },
  { number: 63, family: "ipv4", way: "unicast" },
  { number: 64, family: "ipv6", way: "unicast" },
];
/** keepalived 2.2.7 takes none of these. */
const withoutInterface: readonly Kind[] = [
  { number: 65, family: "ipv4", way: "alone" },
  { number: 66, family: "ipv6", way: "alone" },
];

function nameOf({ number }: Kind): string {
  return `VI_${number}`;
}

/** The address that an instance moves. */
function addressOf({ number, family }: Kind): string {
  return family === "ipv4" ? `10.77.0.${number}/24` : `2001:db8:77::${number}/64`;
}

/** What its route leads to. */
function destinationOf({ number, family }: Kind): string {
  return family === "ipv4" ? `192.0.2.${number}` : `2001:db8:99::${number}`;
}

/** Where a node sends from. */
function sourceOf({ family }: Kind, number: number): string {
  return family === "ipv4" ? `10.77.0.${number}` : `2001:db8:77::${number}`;
}

function renderKind(kind: Kind, own: number, priority: number): string {
  const { number, family, way } = kind;
  const peers = [
    `unicast_src_ip ${sourceOf(kind, own)}`,
    `unicast_peer {\n${
      [1, 2, 3].filter((one) => one !== own).map((one) => `        ${sourceOf(kind, one)}\n`)
        .join("")
    }    }`,
  ];
  const lines = [
    ...(way === "alone" ? [`vrf ${vrf}`] : ["interface eth0"]),
    ...(way === "multicast" ? [] : peers),
    `virtual_router_id ${number}`,
    `priority ${priority}`,
    "advert_int 0.5",
    ...(family === "ipv6" && way === "multicast"
      ? [`virtual_ipaddress {\n        fe80::${number}\n        ${addressOf(kind)}\n    }`]
      : [`virtual_ipaddress {\n        ${addressOf(kind)} dev eth0\n    }`]),
    `virtual_routes {\n        ${destinationOf(kind)} dev eth0 vrf ${vrf}\n    }`,
  ];
  return `vrrp_instance ${nameOf(kind)} {\n${lines.map((line) => `    ${line}\n`).join("")}}\n`;
}

/** A daemon in a VRF with all its instances. */
class Tenant {
  readonly #lab: Lab;
  readonly #make: Make;
  readonly #kinds: readonly Kind[];
  readonly node: Node;
  #program: Program | undefined;

  constructor(lab: Lab, node: Node, make: Make, kinds: readonly Kind[]) {
    this.#lab = lab;
    this.node = node;
    this.#make = make;
    this.#kinds = kinds;
  }

  start(): void {
    const { node } = this;
    const priority = 250 - 50 * node.number;
    const blocks = this.#kinds.map((kind) => renderKind(kind, node.number, priority));
    writeFileSync(filesOf(node).config, `${renderGlobals(3)}${blocks.join("")}`);
    const words = this.#make === standin ? standinWords(node) : keepalivedWords(node);
    this.#program = this.#lab.start(node, words);
  }

  async terminate(): Promise<void> {
    this.#program?.signal("SIGTERM");
    await this.#program?.ended();
  }

  /** Instances, all of them or some, are master with their addresses, or backup without. */
  async until(state: "MASTER" | "BACKUP", kinds: readonly Kind[] = this.#kinds): Promise<void> {
    const held = state === "MASTER";
    await this.#lab.bell.until(`${kinds.length} on ${this.node.label} are ${state}`, () => {
      return kinds.every((kind) => {
        return this.#stateOf(kind) === state &&
          this.node.namespace.has("eth0", addressOf(kind)) === held;
      });
    });
    await this.#untilRoutes(kinds, held);
  }

  /** No address and no route is left. */
  async untilNothing(): Promise<void> {
    await this.#lab.bell.until(`no address on ${this.node.label}`, () => {
      return !this.#kinds.some((kind) => this.node.namespace.has("eth0", addressOf(kind)));
    });
    await this.#untilRoutes(this.#kinds, false);
  }

  /** All of these instances have their routes, or none has. */
  async #untilRoutes(kinds: readonly Kind[], held: boolean): Promise<void> {
    await poll(`routes on ${this.node.label}`, () => this.#routes(), (routes) => {
      return kinds.every((kind) => routes.includes(destinationOf(kind)) === held);
    });
  }

  #stateOf(kind: Kind): string | undefined {
    const read = this.#make === standin ? standinStateIn : keepalivedStateIn;
    const lines = this.#program?.lines ?? [];
    return lines.flatMap((line) => read(line, nameOf(kind)) ?? []).at(-1);
  }

  /** Where routes of the instances lead; all of them are in the table of the VRF. */
  #routes(): string[] {
    const { namespace } = this.node;
    const lines = ["-4", "-6"].flatMap((version) =>
      namespace.ip(`${version} route show table all`).split("\n")
    );
    const found = lines.filter((line) => /^(192\.0\.2\.|2001:db8:99::)\d/.test(line));
    for (const line of found) assert.match(line, new RegExp(` table (${table}|${vrf})\\b`));
    return found.map((line) => line.split(" ")[0] ?? "");
  }
}

/** Moves the interface into a VRF; the kernel takes its IPv6 addresses away meanwhile. */
function enslave({ namespace, number }: Node): void {
  namespace.batch([
    `link add ${vrf} type vrf table ${table}`,
    `link set ${vrf} up`,
    `link set eth0 master ${vrf}`,
    `address replace fe80::${number}/64 dev eth0 nodad`,
    `address replace 2001:db8:77::${number}/64 dev eth0 nodad`,
  ]);
}

/** Adds the story. */
export function tellOfVrf(suite: KernelSuite): void {
  suite.tell("in a VRF, standin, keepalived, standin: election and takeover", async (lab) => {
    const { segment, a, b } = await lab.pair();
    const c = await lab.node("c", 3);
    segment.join(c);
    for (const node of [a, b, c]) enslave(node);
    const all = [...withInterface, ...withoutInterface];
    const best = new Tenant(lab, a, standin, all);
    const middle = new Tenant(lab, b, keepalived, withInterface);
    const least = new Tenant(lab, c, standin, all);
    middle.start();
    least.start();
    await Promise.all([
      middle.until("MASTER"),
      least.until("BACKUP", withInterface),
      least.until("MASTER", withoutInterface),
    ]);
    best.start();
    await Promise.all([best, middle, least].map((one) => {
      return one.until(one === best ? "MASTER" : "BACKUP");
    }));
    // A machine that stands still for a moment lets the others speak once more.
    await lab.bell.until("each beats on, and the others are silent", () => {
      const others = [b, c].flatMap((node) => segment.adverts(node)).map(({ atMs }) => atMs);
      const calmFrom = Math.max(...others);
      const own = segment.adverts(a).filter(({ atMs }) => atMs > calmFrom);
      return all.every(({ number }) => own.filter(({ vrid }) => vrid === number).length >= 3);
    });
    await best.terminate();
    await Promise.all([
      middle.until("MASTER"),
      least.until("MASTER", withoutInterface),
      best.untilNothing(),
    ]);
  });
}
