/**
 * A network namespace of a lab, with a live table of its links and addresses: `ip monitor` reports
 * each change as the kernel makes it, so a test waits for the change itself. What the table does
 * not have, such as the exact scope of an address, is asked with `ip`.
 */
import { spawnSync } from "node:child_process";
import type { Bell } from "./bell.ts";
import { poll } from "./bell.ts";
import { isRunning, type Outcome, Program, run, sendSignal } from "./program.ts";

/** A link as the kernel last reported it. */
export interface LinkTable {
  carrier: boolean;
  /** Such as `10.77.0.1/24`. */
  readonly addresses: Set<string>;
}

/** One namespace. */
export class Namespace {
  readonly name: string;
  readonly links: Map<string, LinkTable> = new Map();
  readonly #bell: Bell;
  readonly #monitor: Program;
  #read = 0;

  private constructor(bell: Bell, name: string) {
    this.name = name;
    this.#bell = bell;
    this.#monitor = new Program(bell, ["ip", "-n", name, "-o", "monitor", "link", "address"]);
  }

  /** Makes a namespace; its table is complete from the first link on. */
  static async open(bell: Bell, name: string): Promise<Namespace> {
    must(spawnSync("ip", ["netns", "add", name], { encoding: "utf8" }));
    const namespace = new Namespace(bell, name);
    // The kernel tells every change of the loopback: once it is heard, nothing is missed.
    let mtu = 60_000;
    await poll(`ip monitor in ${name} listens`, () => {
      namespace.ip(`link set lo up mtu ${mtu--}`);
      return namespace.table("lo");
    }, (lo) => lo !== undefined);
    return namespace;
  }

  /** Words before a command that shall run inside. */
  get inside(): readonly string[] {
    return ["ip", "netns", "exec", this.name];
  }

  /** Runs an `ip` command on the namespace and answers what it printed. */
  ip(words: string): string {
    return must(spawnSync("ip", ["-n", this.name, ...words.split(" ")], { encoding: "utf8" }));
  }

  /** Runs many `ip` commands in one process. */
  batch(lines: readonly string[]): void {
    const input = `${lines.join("\n")}\n`;
    const words = ["-n", this.name, "-batch", "-"];
    must(spawnSync("ip", words, { encoding: "utf8", input }), lines.slice(0, 12).join("; "));
  }

  /** Writes files below /proc/sys/net as this namespace has them. */
  sysctl(settings: Readonly<Record<string, string>>): void {
    const script = Object.entries(settings)
      .map(([path, value]) => `echo ${value} > /proc/sys/net/${path}`).join(" && ");
    const [command = "", ...words] = [...this.inside, "sh", "-c", script];
    must(spawnSync(command, words, { encoding: "utf8" }));
  }

  /** Starts a program inside. */
  start(argv: readonly string[], onBytes?: (bytes: Uint8Array) => void): Program {
    return new Program(this.#bell, [...this.inside, ...argv], onBytes);
  }

  /** Runs a program inside to its end. */
  run(argv: readonly string[], input?: string): Promise<Outcome> {
    return run([...this.inside, ...argv], input);
  }

  /** The link's table; absent when there is no such link. */
  table(link: string): LinkTable | undefined {
    const { lines } = this.#monitor;
    while (this.#read < lines.length) this.#take(lines[this.#read++] ?? "");
    return this.links.get(link);
  }

  /** Whether the link has the address, given as `10.77.0.1/24`. */
  has(link: string, address: string): boolean {
    return this.table(link)?.addresses.has(address) ?? false;
  }

  /** Ends everything inside and removes it. */
  async close(): Promise<void> {
    this.#monitor.kill();
    try {
      // Whoever is killed may have been about to start somebody.
      await poll(`${this.name} is empty`, () => this.#killAll(), (left) => left === 0);
      await this.#monitor.ended();
    } finally {
      must(spawnSync("ip", ["netns", "delete", this.name], { encoding: "utf8" }));
    }
  }

  /** How many there were to be killed. */
  #killAll(): number {
    const pids = this.#inhabitants();
    for (const pid of pids) sendSignal(pid, "SIGKILL");
    return pids.length;
  }

  #inhabitants(): number[] {
    const { stdout } = spawnSync("ip", ["netns", "pids", this.name], { encoding: "utf8" });
    return stdout.split("\n").filter((line) => line !== "").map(Number).filter(isRunning);
  }

  /** One line of `ip -o monitor`. */
  #take(line: string): void {
    const address = /^(Deleted )?\d+: (\S+) +inet6? (\S+)(?: peer (\S+))?/.exec(line);
    if (address !== null) {
      const [, deleted, link = "", own = ""] = address;
      const { addresses } = this.#linkNamed(link);
      // An address that is reported again with other flags is the same address.
      if (deleted === undefined) addresses.add(own);
      else addresses.delete(own);
      return;
    }
    const change = /^(Deleted )?\d+: ([^:@]+)(?:@[^:]+)?: <([^>]*)>(.*)/.exec(line);
    if (change === null) return;
    const [, deleted, link = "", flags = "", rest = ""] = change;
    if (deleted !== undefined) this.links.delete(link);
    else {
      const running = flags.split(",").includes("LOWER_UP") && !flags.includes("NO-CARRIER");
      this.#linkNamed(link).carrier = running && !rest.includes("protodown on");
    }
  }

  #linkNamed(name: string): LinkTable {
    const known = this.links.get(name) ?? { carrier: false, addresses: new Set() };
    this.links.set(name, known);
    return known;
  }
}

function must(
  result: { readonly status: number | null; readonly stdout: string; readonly stderr: string },
  what = "",
): string {
  if (result.status === 0) return result.stdout;
  throw new Error(`ip failed: ${result.stderr.trim()} ${what}`);
}
