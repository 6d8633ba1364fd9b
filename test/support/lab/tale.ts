/**
 * One tale, played to keepalived and then to standin, each in a network of its own with the same
 * addresses, and what can be seen of it from outside: which scripts were called with which words,
 * what is in the kernel after every step, which adverts and announcements passed on the wire. The
 * other router on the network, where there is one, is keepalived in both plays.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { poll } from "./bell.ts";
import type { Frame } from "./capture.ts";
import { announcementOf, groups, showFrame } from "./frame.ts";
import type { Lab, Node } from "./lab.ts";
import { filesOf, keepalivedWords, standinWords } from "./makes.ts";
import { toldOfProcesses } from "./process_connector.ts";
import type { Program } from "./program.ts";
import type { Segment } from "./segment.ts";
import { inOrderOfStart } from "./start_order.ts";

/** What somebody does to a stage. */
export type Deed = (stage: Stage) => void | Promise<void>;

/** Something happens, and then the scripts are told of a state. */
export interface Step {
  readonly what: string;
  readonly deed: Deed;
  /** Words of the last call to wait for, such as `VI_1 MASTER`; more than one: all of them. */
  readonly until: readonly string[];
}

/** A configuration and what happens. */
export interface Tale {
  readonly name: string;
  /** `DIR` in the file stands for the folder of the node, `NOTIFY` for what notes calls. */
  readonly config: string;
  /** The file of the other router. */
  readonly peer?: string;
  /** Links besides eth0, and what else the box has before anything starts, in words of `ip`. */
  readonly box?: readonly string[];
  /** Why the firewall is another one than that of this keepalived, which is older. */
  readonly newerFirewall?: string;
  /** keepalived is told of processes, which it is not in a namespace by itself. */
  readonly toldOfProcesses?: true;
  readonly steps: readonly Step[];
}

/** What was seen after one step. */
interface Scene {
  readonly what: string;
  readonly addresses: readonly string[];
  readonly links: readonly string[];
  readonly routes: readonly string[];
  readonly rules: readonly string[];
  readonly firewall: readonly string[];
}

/** What was seen of a play. */
interface Trace {
  readonly scenes: readonly Scene[];
  /** Calls of scripts by router or group, in the order in which they were started. */
  readonly calls: Readonly<Record<string, readonly string[]>>;
  /** What routers were told before each change of a group, and the group then. */
  readonly turns: readonly (readonly string[])[];
  /** Adverts of the node, each followed by a different one. */
  readonly adverts: readonly string[];
  /** Every kind of announcement that the node sent. */
  readonly announcements: readonly string[];
}

/** One play. */
export class Stage {
  readonly lab: Lab;
  readonly segment: Segment;
  readonly node: Node;
  readonly other: Node;
  readonly #make: "keepalived" | "standin";
  readonly #tale: Tale;
  #program: Program | undefined;
  #peer: Program | undefined;
  #calls: Program | undefined;

  private constructor(
    lab: Lab,
    segment: Segment,
    nodes: readonly [Node, Node],
    tale: Tale,
    make: Stage["make"],
  ) {
    this.lab = lab;
    this.segment = segment;
    [this.node, this.other] = nodes;
    this.#tale = tale;
    this.#make = make;
  }

  /** Whether the firewall is not compared. */
  get newer(): boolean {
    return this.#tale.newerFirewall !== undefined;
  }

  /** Whose play it is. */
  get make(): "keepalived" | "standin" {
    return this.#make;
  }

  /** Builds the network of a play. */
  static async open(lab: Lab, tale: Tale, make: Stage["make"], take: number): Promise<Stage> {
    const short = `${make.slice(0, 3)}${take === 1 ? "" : take}`;
    const segment = await lab.segment(short, { number: 0 });
    const node = await lab.node(`${short}-1`, 1);
    const other = await lab.node(`${short}-2`, 2);
    segment.join(node);
    segment.join(other);
    if (tale.box !== undefined) node.namespace.batch(tale.box);
    const stage = new Stage(lab, segment, [node, other], tale, make);
    await stage.#prepare();
    return stage;
  }

  /** A file of the node. */
  path(name: string): string {
    return join(this.node.directory, name);
  }

  /** Writes a file of the node. */
  write(name: string, text: string): void {
    writeFileSync(this.path(name), text);
  }

  /** Starts the router that the tale is about. */
  start(): void {
    const words = this.#make === "standin" ? standinWords(this.node) : this.#keepalivedWords();
    this.#program = this.lab.start(this.node, words);
  }

  /** The process that the tale is about. */
  get program(): Program {
    assert.ok(this.#program !== undefined, "it was started");
    return this.#program;
  }

  /** Starts the other router. */
  startPeer(): void {
    assert.ok(this.#tale.peer !== undefined, "the tale has another router");
    writeFileSync(filesOf(this.other).config, this.#tale.peer);
    this.#peer = this.lab.start(this.other, keepalivedWords(this.other));
  }

  /** Ends the other router, in order or without a word. */
  async endPeer(how: "SIGTERM" | "SIGKILL"): Promise<void> {
    const peer = this.#peer;
    assert.ok(peer !== undefined, "the other router was started");
    if (how === "SIGKILL") peer.kill();
    else peer.signal(how);
    await peer.ended();
    // What it held is no part of the tale.
    if (how === "SIGKILL") this.other.namespace.ip("link set eth0 down");
  }

  /** Writes another file and has it read. */
  reload(config: string): void {
    this.#write(config);
    this.program.signal("SIGHUP");
  }

  /** Ends the router in order. */
  async stop(): Promise<void> {
    this.program.signal("SIGTERM");
    await this.program.ended();
  }

  /** The calls of scripts so far. */
  get calls(): readonly string[] {
    return this.#called().map(([, call]) => call);
  }

  /** The same as they were started: keepalived does not wait for one before it starts the next. */
  get callsAsStarted(): readonly string[] {
    return inOrderOfStart(this.#called());
  }

  /** With the ids of their processes. */
  #called(): [pid: number, call: string][] {
    return (this.#calls?.lines ?? []).flatMap((line): [number, string][] => {
      const [, pid = "", call = ""] = /^(\d+) (.*)$/.exec(line) ?? [];
      return pid === "" ? [] : [[Number(pid), call]];
    });
  }

  #keepalivedWords(): string[] {
    const { directory } = this.lab;
    const before = this.#tale.toldOfProcesses === true ? toldOfProcesses(directory) : [];
    return [...before, ...keepalivedWords(this.node)];
  }

  async #prepare(): Promise<void> {
    const pipe = this.path("calls");
    const made = await this.node.namespace.run(["mkfifo", pipe]);
    assert.equal(made.code, 0, made.stderr);
    this.#calls = this.lab.start(this.node, ["sh", "-c", 'echo ready; exec cat <>"$0"', pipe]);
    await this.#calls.line(/ready/);
    this.write("notify", `#!/bin/sh\necho "$$ $*" >>${pipe}\n`);
    chmodSync(this.path("notify"), 0o755);
    this.#write(this.#tale.config);
  }

  #write(config: string): void {
    const text = config.replaceAll("DIR", this.node.directory)
      .replaceAll("NOTIFY", this.path("notify"));
    writeFileSync(filesOf(this.node).config, text);
  }
}

/**
 * Plays the tale to both and compares what was seen. Adverts come quickly in the tales, so on a
 * machine that stands still for a second one of the players may lose its master for a moment; what
 * differs is played again, and only what differs every time is a difference.
 */
export async function playToBoth(lab: Lab, tale: Tale): Promise<void> {
  for (let take = 1;; take++) {
    const model = await play(lab, tale, { make: "keepalived", take, model: [] });
    const ours = await play(lab, tale, { make: "standin", take, model: model.scenes });
    if (take === 3 || isDeepStrictEqual(ours, model)) return assert.deepEqual(ours, model);
    console.log(`${tale.name}: the plays differ, and are played again`);
  }
}

/** One of the plays. */
interface Play {
  readonly make: "keepalived" | "standin";
  /** How often the tale has been played, with this time. */
  readonly take: number;
  /** What the kernel should have after each step. */
  readonly model: readonly Scene[];
}

async function play(lab: Lab, tale: Tale, { make, take, model }: Play): Promise<Trace> {
  const stage = await Stage.open(lab, tale, make, take);
  const scenes: Scene[] = [];
  for (const { what, deed, until } of tale.steps) {
    const from = stage.calls.length;
    await deed(stage);
    await lab.bell.until(`${make}, ${what}: ${until.join(", ")}`, () => {
      const fresh = stage.calls.slice(from);
      return until.every((words) => fresh.some((call) => call.includes(words)));
    });
    await hear(stage);
    scenes.push(await seen(stage, what, model[scenes.length]));
  }
  return {
    scenes,
    calls: Object.fromEntries(subjectsOf(stage.callsAsStarted)),
    turns: turnsOf(stage.callsAsStarted),
    adverts: advertsOf(stage),
    announcements: announcementsOf(stage),
  };
}

/** Two more adverts, whoever sends them, show what came of a step; perhaps nobody speaks. */
async function hear({ lab, segment }: Stage): Promise<void> {
  const from = segment.passed;
  const heard = (): boolean => segment.adverts(undefined, from).length >= 2;
  await lab.bell.until("two more adverts", heard, silenceMs).catch(() => {});
}

/** Longer than any interval of the tales. */
const silenceMs = 2500;

/** What the kernel has; when it is known what it should have, that may take a moment. */
async function seen(stage: Stage, what: string, model: Scene | undefined): Promise<Scene> {
  if (model === undefined) return look(stage, what);
  const wanted = JSON.stringify(model);
  try {
    return await poll(what, () => look(stage, what), (scene) => JSON.stringify(scene) === wanted);
  } catch {
    return look(stage, what);
  }
}

function look({ node, newer }: Stage, what: string): Scene {
  const ask = (words: string): string[] => linesOf(node.namespace.ip(words));
  return {
    what,
    addresses: ask("-o address show").map(addressWords),
    links: ask("-o link show").map(linkWords).sort(),
    routes: [...ask("route show table all"), ...ask("-6 route show table all")]
      .filter((line) => !/ proto kernel|^(local|broadcast|anycast|multicast|ff00)/.test(line))
      .sort(),
    rules: [...ask("rule show"), ...ask("-6 rule show")],
    firewall: newer ? [] : firewallOf(node),
  };
}

/** Every line of a chain or set with the place where it stands; their order is of no account. */
function firewallOf({ namespace: { inside } }: Node): string[] {
  const [command = "", ...words] = [...inside, "nft", "-s", "list", "ruleset"];
  const place: string[] = [];
  const found: string[] = [];
  for (const line of linesOf(spawnSync(command, words, { encoding: "utf8" }).stdout)) {
    if (line.endsWith("{")) place.push(line.slice(0, -1).trim());
    else if (line === "}") place.pop();
    else found.push(`${place.join(" > ")} > ${line}`);
  }
  return found.sort();
}

function linesOf(text: string): string[] {
  return text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
}

/** `eth0 inet 10.77.0.1/24 scope global eth0`: without numbers that count and times that run. */
function addressWords(line: string): string {
  return line.replace(/^\d+: /, "").replace(/\\.*valid_lft (\w+)\s+preferred_lft (\w+)/, "$1 $2")
    .replace(/\s+/g, " ").trim();
}

function linkWords(line: string): string {
  const [, name = "", flags = ""] = /^\d+: ([^:@]+)[^<]*<([^>]*)>/.exec(line) ?? [];
  const mac = / link\/ether (\S+)/.exec(line)?.[1] ?? "";
  return `${name} ${flags} ${mac}`.trim();
}

/** Calls by what they are about: the second word of generic calls, the first of all others. */
function subjectsOf(calls: readonly string[]): Map<string, string[]> {
  const subjects = new Map<string, string[]>();
  for (const call of calls) {
    const [first = "", second = ""] = call.split(" ");
    const subject = isGeneric(call) ? second : first;
    const known = subjects.get(subject) ?? [];
    if (!isHeardAgain(call, known)) subjects.set(subject, [...known, call]);
  }
  return new Map([...subjects].sort(([a], [b]) => a < b ? -1 : 1));
}

/**
 * A group is told after its members, of whom keepalived tells now one first and now the other. At
 * the start it is the other way round there, so that is left out. Of each change only the first
 * call counts: standin starts the others when it has ended.
 */
function turnsOf(calls: readonly string[]): string[][] {
  const turns: string[][] = [[]];
  const startOf = calls.findIndex((call) => /^GROUP \S+ BACKUP\b/.test(call));
  for (const [at, call] of calls.entries()) {
    const turn = turns.at(-1) ?? [];
    if (!isGeneric(call) && !isHeardAgain(call, turn)) turn.push(call);
    if (!call.startsWith("GROUP ") || at === startOf || / STOP\b/.test(call)) continue;
    turn.sort().push(call);
    turns.push([]);
  }
  turns.at(-1)?.sort();
  return turns;
}

function isGeneric(call: string): boolean {
  return /^(INSTANCE|GROUP) /.test(call);
}

/** How many adverts of a lower router are heard is a matter of time; all else is counted. */
function isHeardAgain(call: string, before: readonly string[]): boolean {
  return call.endsWith(" heard lower") && before.at(-1) === call;
}

function advertsOf(stage: Stage): string[] {
  const lines = new Map<string, string[]>();
  for (const frame of framesOf(stage)) {
    const words = advertWords(frame);
    if (words === undefined) continue;
    const [key = ""] = words.split(" | ");
    const known = lines.get(key) ?? [];
    if (known.at(-1) !== words) known.push(words);
    lines.set(key, known);
  }
  return [...lines].sort(([a], [b]) => a < b ? -1 : 1).flatMap(([, known]) => known);
}

/** Every field of an advert but the identification and the checksum of the IP header. */
function advertWords({ bytes }: Frame): string | undefined {
  const type = bytes.subarray(12, 14).join();
  const ipv4 = type === "8,0" && bytes[23] === 112;
  const ipv6 = type === "134,221" && bytes[20] === 112;
  if (!ipv4 && !ipv6) return undefined;
  const header = bytes.subarray(14, ipv4 ? 34 : 54);
  const pdu = bytes.subarray(14 + header.length);
  const length = ipv4 ? (header[2] ?? 0) * 256 + (header[3] ?? 0) - 20 : pdu.length;
  const [from, to] = ipv4
    ? [groups(header.subarray(12, 16)), groups(header.subarray(16, 20))]
    : [groups(header.subarray(8, 24)), groups(header.subarray(24, 40))];
  const life = ipv4 ? `tos ${header[1]} ttl ${header[8]}` : `hops ${header[7]}`;
  const mac = showFrame(bytes.subarray(0, 12));
  return `vrid ${pdu[1]} ${from} > ${to} | ${mac} | ${life} | ${
    showFrame(pdu.subarray(0, length))
  }`;
}

function announcementsOf(stage: Stage): string[] {
  const kinds = framesOf(stage).flatMap((frame) => {
    const found = announcementOf(frame);
    // A reply to somebody who asked is none.
    const toAll = (frame.bytes[0] ?? 0) % 2 === 1;
    return found === undefined || !toAll ? [] : [`${found.kind} ${showFrame(found.bytes)}`];
  });
  return [...new Set(kinds)].sort();
}

/** What the node sent: its own address or a virtual one as the source of the frame. */
function framesOf({ segment, other }: Stage): Frame[] {
  const foreign = segment.addressesOf(other).mac;
  return segment.capture.frames.filter(({ bytes }) => {
    const source = Array.from(
      bytes.subarray(6, 12),
      (octet) => octet.toString(16).padStart(2, "0"),
    );
    return source.join(":") !== foreign;
  });
}
