/**
 * One laboratory: a switch and the nodes on it, each a network namespace of its own, and everything
 * that runs there. A story gets a lab, and whatever becomes of the story the lab is torn down:
 * every process ended and waited for, every namespace removed. A story that failed shows what its
 * programs said last.
 *
 *   node a ── a0 ┐                       ┌ c0 ── node c
 *                ├ bridge red ─ tcpdump ─┤
 *   node b ── b0 ┘                       └ …
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { ownedPrefix, removeNamespace } from "../owned.ts";
import { Bell } from "./bell.ts";
import { Capture } from "./capture.ts";
import { onceMore } from "./makes.ts";
import { Namespace } from "./namespace.ts";
import type { Program } from "./program.ts";
import { Segment } from "./segment.ts";
import { complaintsAbout, judgeNow } from "./wire_judge.ts";

/** A box on the network. */
export interface Node {
  readonly label: string;
  /** The last octet of its addresses; the higher one wins where priorities are equal. */
  readonly number: number;
  readonly namespace: Namespace;
  /** For its files. */
  readonly directory: string;
}

const open = new Set<Lab>();
let count = 0;

/** Every wait of a story has its own limit; this one is for a story that never ends otherwise. */
const storyLimitMs = 300_000;

/** A switch, nodes, and what runs there. */
export class Lab {
  readonly bell: Bell = new Bell();
  readonly directory: string;
  readonly #prefix: string;
  /** The names of all namespaces, also of one that is only being made. */
  readonly #names: string[] = [];
  readonly #namespaces: Namespace[] = [];
  readonly #segments: Segment[] = [];
  readonly #programs: Program[] = [];
  #switch: Namespace | undefined;

  private constructor() {
    this.#prefix = `${ownedPrefix("lab")}-${++count}`;
    // FRR gives its privileges up and must still reach its files.
    const mask = process.umask(0o022);
    this.directory = mkdtempSync(join(tmpdir(), `si-lab-${count}-`));
    spawnSync("chmod", ["755", this.directory]);
    process.umask(mask);
    open.add(this);
  }

  /**
   * Runs a story in a lab of its own. What tshark finds wrong on the wire fails it, too; that is
   * the word to wait for when the lab is gone.
   */
  static async run(
    story: (lab: Lab) => Promise<void>,
  ): Promise<{ readonly judged: Promise<void> }> {
    const lab = new Lab();
    try {
      await within(storyLimitMs, story(lab));
      const captures = onceMore ? [] : await lab.#endCaptures();
      const judged = assertNoComplaints(captures).catch((error) => {
        throw lab.#explain(error);
      });
      return { judged };
    } catch (error) {
      throw lab.#explain(error);
    } finally {
      await lab.#close();
      if (open.size === 0) judgeNow();
    }
  }

  /** Adds a network of its own; nodes are put on it with `join`. */
  async segment(
    name = "red",
    options: { readonly number?: number; readonly mayBeMalformed?: boolean } = {},
  ): Promise<Segment> {
    this.#switch ??= await this.#namespace("switch");
    const { number = this.#segments.length, mayBeMalformed = false } = options;
    this.#switch.batch([`link add ${name} type bridge mcast_snooping 0`, `link set ${name} up`]);
    const capture = await Capture.start(this.bell, this.#switch, name);
    const segment = new Segment({ name, number, capture, bridge: this.#switch, mayBeMalformed });
    this.#segments.push(segment);
    return segment;
  }

  /** Adds a box, still without a network. */
  async node(label: string, number: number): Promise<Node> {
    const namespace = await this.#namespace(label);
    // Addresses are fixed and known to be free: nobody waits for duplicate address detection.
    const settings = Object.fromEntries(["all", "default"].flatMap((scope) => [
      [`ipv6/conf/${scope}/accept_dad`, "0"],
      [`ipv6/conf/${scope}/router_solicitations`, "0"],
      [`ipv6/conf/${scope}/addr_gen_mode`, "1"],
    ]));
    namespace.sysctl(settings);
    return { label, number, namespace, directory: mkdtempSync(join(this.directory, `${label}-`)) };
  }

  /** Two boxes on one network, with the priorities' usual owners a (1) and b (2). */
  async pair(
    options: { readonly mayBeMalformed?: boolean } = {},
  ): Promise<{ segment: Segment; a: Node; b: Node }> {
    const segment = await this.segment("red", options);
    const a = await this.node("a", 1);
    const b = await this.node("b", 2);
    segment.join(a);
    segment.join(b);
    return { segment, a, b };
  }

  /** Starts a program in a box; it does not outlive the lab. */
  start(node: Node, argv: readonly string[]): Program {
    const program = node.namespace.start(argv);
    this.#programs.push(program);
    return program;
  }

  /** The last resort, for a test run that ends early: nothing here waits. */
  abandon(): void {
    for (const program of this.#programs) program.kill();
    for (const name of this.#names) removeNamespace(name);
    rmSync(this.directory, { recursive: true, force: true });
    open.delete(this);
  }

  async #namespace(label: string): Promise<Namespace> {
    const name = `${this.#prefix}-${label}`;
    this.#names.push(name);
    const namespace = await Namespace.open(this.bell, name);
    this.#namespaces.push(namespace);
    return namespace;
  }

  async #endCaptures(): Promise<Ended[]> {
    const judged = this.#segments.filter(({ mayBeMalformed }) => !mayBeMalformed);
    return await Promise.all(judged.map(async ({ name, capture }) => {
      return { name, file: await capture.end() };
    }));
  }

  #explain(error: unknown): Error {
    const told = this.#programs.map(({ name, lines }) => {
      return [`--- ${name.slice(0, 160)}`, ...lines.slice(-25)].join("\n");
    });
    const text = error instanceof Error ? error.stack ?? error.message : String(error);
    return new Error([text, ...told].join("\n"));
  }

  async #close(): Promise<void> {
    for (const program of this.#programs) program.kill();
    const closed = await Promise.allSettled(this.#namespaces.map((one) => one.close()));
    const opened = this.#namespaces.map(({ name }) => name);
    for (const name of this.#names) if (!opened.includes(name)) removeNamespace(name);
    rmSync(this.directory, { recursive: true, force: true });
    open.delete(this);
    for (const result of closed) if (result.status === "rejected") throw result.reason;
  }
}

/** What passed on a segment, as a pcap file. */
interface Ended {
  readonly name: string;
  readonly file: Uint8Array;
}

async function assertNoComplaints(captures: readonly Ended[]): Promise<void> {
  await Promise.all(captures.map(async ({ name, file }) => {
    const complaints = await complaintsAbout(file);
    if (complaints.length === 0) return;
    throw new Error(`tshark objects to frames on ${name}:\n${complaints.join("\n")}`);
  }));
}

async function within(limitMs: number, story: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`The story took more than ${limitMs} ms`)), limitMs);
  });
  try {
    await Promise.race([story, limit]);
  } finally {
    clearTimeout(timer);
  }
}

process.on("exit", () => {
  for (const lab of open) lab.abandon();
});
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    for (const lab of open) lab.abandon();
    process.exit(1);
  });
}
