/**
 * A terminal for a program under test: a pseudo-terminal made by script(1), and xterm's own code to
 * say what stands on its screen. Tests wait for what they want to see, however long that takes.
 */
import type { Terminal as Emulator } from "@xterm/headless";
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

// The package names a module that it does not have.
const module = "@xterm/headless/lib-headless/xterm-headless.mjs";
const { Terminal }: { readonly Terminal: typeof Emulator } = await import(module);

const limitMs = 60_000;

/** One program on a terminal of its own. */
export class TestTerminal {
  readonly #emulator: Emulator;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #folder = mkdtempSync(join(tmpdir(), "standin-terminal-"));
  #written: string = "";
  /** The exit code of the program. */
  readonly ended: Promise<number | null>;

  constructor(
    argv: readonly string[],
    how: {
      readonly columns: number;
      readonly rows: number;
      readonly env?: Readonly<Record<string, string>>;
    },
  ) {
    const { columns, rows } = how;
    this.#emulator = new Terminal({ cols: columns, rows, allowProposedApi: true });
    const words = argv.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
    const tty = join(this.#folder, "tty");
    const shell = `stty cols ${columns} rows ${rows}; tty >${tty}; ` +
      `echo $$ >${this.#folder}/pid; echo before; exec ${words}`;
    const env = { ...process.env, TERM: "xterm-256color" } as Record<string, string>;
    for (const name of ["NO_COLOR", "CI", "FORCE_COLOR"]) delete env[name];
    Object.assign(env, how.env);
    this.#child = spawn("script", ["-qfec", shell, "/dev/null"], { env });
    this.#child.stdout.on("data", (bytes: Uint8Array) => {
      this.#written += new TextDecoder().decode(bytes);
      this.#emulator.write(bytes);
    });
    this.ended = new Promise((resolve) => this.#child.on("close", resolve));
  }

  /** The rows of the screen, without the blanks at their ends. */
  get screen(): string[] {
    const { active } = this.#emulator.buffer;
    return Array.from(
      { length: this.#emulator.rows },
      (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? "",
    );
  }

  /** Whether the program has a screen of its own. */
  get isAlternate(): boolean {
    return this.#emulator.buffer.active.type === "alternate";
  }

  /** Rows that have left the screen at its top. */
  get scrolled(): number {
    return this.#emulator.buffer.active.baseY;
  }

  /** Everything that the program has written. */
  get written(): string {
    return this.#written;
  }

  /** The colour of the first cell of a text on the screen, as a number of the palette. */
  colourOf(text: string): number | undefined {
    const row = this.screen.findIndex((line) => line.includes(text));
    const { active } = this.#emulator.buffer;
    const column = this.screen[row]?.indexOf(text) ?? 0;
    const cell = active.getLine(active.baseY + row)?.getCell(column);
    return cell?.isFgPalette() === true ? cell.getFgColor() : undefined;
  }

  /** The process of the program. */
  get pid(): number {
    return Number(readFileSync(join(this.#folder, "pid"), "utf8"));
  }

  /** Waits until the program has stopped itself, and lets it go on: script(1) stops with it. */
  async continueStopped(): Promise<void> {
    const { pid = 0 } = this.#child;
    const state = (): string => readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1] ?? "";
    await this.until("a stopped program", () => state().startsWith("T"));
    process.kill(pid, "SIGCONT");
  }

  /** Presses keys. */
  type(keys: string): void {
    this.#child.stdin.write(keys);
  }

  /** Makes the terminal larger or smaller, as its user does. */
  resize(columns: number, rows: number): void {
    this.#emulator.resize(columns, rows);
    const tty = readFileSync(join(this.#folder, "tty"), "utf8").trim();
    const words = ["-F", tty, "cols", String(columns), "rows", String(rows)];
    const { status, stderr } = spawnSync("stty", words, { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
  }

  /** Waits until the screen is as it is wanted. */
  async until(what: string, isSo: (screen: readonly string[]) => boolean): Promise<void> {
    const giveUpAt = Date.now() + limitMs;
    while (!isSo(this.screen)) {
      if (Date.now() > giveUpAt) {
        throw new Error(`never seen: ${what}; the screen is\n${this.screen.join("\n")}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  [Symbol.dispose](): void {
    this.#child.kill("SIGKILL");
    this.#emulator.dispose();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
