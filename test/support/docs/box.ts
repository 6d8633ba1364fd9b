/**
 * A box of the reader: a node of a lab with a name, file systems and a table of processes of its
 * own, and one shell that stays open. What it changes in /etc, /usr/local, /run, /root or /var lies
 * in the lab's directory and is gone with it; processes of other boxes are not seen.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Lab, Node } from "../lab/lab.ts";
import { type Program, repository } from "../lab/program.ts";
import { poll } from "../lab/bell.ts";

/** How a command ended, and what it printed, complaints included. */
export interface Typed {
  readonly code: number;
  readonly printed: string;
}

/** What goes on in a window of its own. */
interface Window {
  readonly job: number;
  readonly output: string;
}

/** Directories of a box that are its own, and whether they begin as those of the machine. */
const own: readonly (readonly [string, "copied" | "empty"])[] = [
  ["/etc", "copied"],
  ["/usr/local", "empty"],
  ["/run", "empty"],
  ["/root", "empty"],
  ["/var/lib", "empty"],
  ["/var/log", "empty"],
  ["/var/tmp", "empty"],
  ["/tmp", "empty"],
];

/** One box. */
export class Box {
  readonly node: Node;
  readonly #shell: Program;
  readonly #windows: Window[] = [];
  #count = 0;

  private constructor(lab: Lab, node: Node, environment: Readonly<Record<string, string>>) {
    this.node = node;
    // The lab and the repository may be in a directory that is the box's own.
    const kept = [lab.directory, repository].map((path) => {
      const there = this.path(path);
      mkdirSync(there, { recursive: true });
      return `mount --bind ${path} ${there}`;
    });
    const binds = own.map(([path, how]) => {
      const there = this.path(path);
      mkdirSync(there, { recursive: true });
      const copy = how === "copied" ? `cp -a ${path}/. ${there} && ` : "";
      return `${copy}mount --rbind ${there} ${path}`;
    });
    const variables = { HOME: "/root", LC_ALL: "C.UTF-8", TZ: "UTC", ...environment };
    const exports = Object.entries(variables).map(([name, value]) => `export ${name}=${value}`);
    // The tests have a place of their own for temporary files, readers have not.
    const begin = [...exports, "unset TMPDIR", "cd", "exec bash"];
    const setup = [...kept, ...binds, `hostname ${node.label}`, ...begin].join(" && ");
    const apart = [
      "unshare",
      "--mount",
      "--uts",
      "--pid",
      "--net",
      "--fork",
      "--kill-child",
      "--mount-proc",
    ];
    // Process 1 has another network: a container whose own is a veth is what the doctor warns of.
    const inside = ["nsenter", `--net=/run/netns/${node.namespace.name}`, "sh", "-c", setup];
    this.#shell = lab.start(node, [...apart, "sh", "-c", '"$@"; exit', "sh", ...inside]);
    // Each window has a process group, so that Ctrl-C reaches who is meant.
    this.#shell.write("set -m\n");
  }

  /** Opens a box; there is nothing in it but the machine's programs. */
  static async open(
    lab: Lab,
    node: Node,
    environment: Readonly<Record<string, string>>,
  ): Promise<Box> {
    const box = new Box(lab, node, environment);
    const { code, printed } = await box.type("mkdir -p /run/systemd/system /run/lock");
    if (code !== 0) throw new Error(printed);
    return box;
  }

  /** Where a path of the box is outside of it. */
  path(inside: string): string {
    return join(this.node.directory, "root", resolve("/root", inside));
  }

  /** Writes a file of the box; what begins with `#!` can be run. */
  write(inside: string, text: string): void {
    const path = this.path(inside);
    if (!own.some(([directory]) => resolve("/root", inside).startsWith(`${directory}/`))) {
      throw new Error(`${inside} is not in a directory that is the box's own`);
    }
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode: text.startsWith("#!") ? 0o755 : 0o644 });
  }

  /** Types a command into the shell and waits for its end. */
  async type(text: string, answers?: string): Promise<Typed> {
    const [script, input] = [this.#file("sh", `${text}\n`), this.#file("in", answers ?? "")];
    const { lines, printed } = await this.#say(`. ${script} < ${input} 2>&1`);
    return { code: Number(lines), printed };
  }

  /** Types a command that goes on for ever into a new window. */
  async start(text: string): Promise<void> {
    const script = this.#file("sh", `${text}\n`);
    const output = this.#file("out", "");
    const { lines } = await this.#say(`. ${script} > ${output} 2>&1 < /dev/null & (exit 0)`, "$!");
    this.#windows.push({ job: Number(lines), output });
  }

  /** What is in the newest window so far. */
  get seen(): string {
    const output = this.#windows.at(-1)?.output;
    return output === undefined ? "" : readFileSync(output, "utf8");
  }

  /** Whether the newest window is still busy. */
  async goesOn(): Promise<boolean> {
    const { code } = await this.type(`kill -0 -- -${this.#windows.at(-1)?.job}`);
    return code === 0;
  }

  /** Ctrl-C in the newest window. */
  async interrupt(): Promise<void> {
    const { code } = await this.type(`kill -INT -- -${this.#windows.at(-1)?.job}`);
    if (code !== 0) throw new Error(`nothing goes on in a window of ${this.node.label}`);
    await poll("Ctrl-C ends it", () => this.goesOn(), (on) => !on);
    this.#windows.pop();
  }

  #file(kind: string, text: string): string {
    const path = join(this.node.directory, `${++this.#count}.${kind}`);
    writeFileSync(path, text);
    return path;
  }

  /** Has the shell run something and answers a word of it afterwards. */
  async #say(text: string, word = "$?"): Promise<{ lines: string; printed: string }> {
    const from = this.#shell.lines.length;
    const mark = `--- ${++this.#count} ended: `;
    this.#shell.write(`${text}\nprintf '\\n%s%s\\n' '${mark}' "${word}"\n`);
    const last = await this.#shell.answer((line) => line.startsWith(mark), from);
    const lines = this.#shell.lines.slice(from);
    return {
      lines: last.slice(mark.length),
      printed: lines.slice(0, lines.indexOf(last)).join("\n"),
    };
  }
}
