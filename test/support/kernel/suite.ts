/**
 * A file of tests that is run by another kernel. Here each of its tests waits for a machine that
 * runs the same file once more, inside, and says what became of it there; the machine boots once
 * for the whole file. Inside, the tests are stories of a lab like any others, so that everything
 * that a lab has can be used: namespaces, switches, keepalived, captures.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { whyNoLab } from "../lab/makes.ts";
import type { Lab } from "../lab/lab.ts";
import { Stories, whyNotWanted } from "../lab/story.ts";
import { runtimeName, test } from "../test.ts";
import { type Report, runInMachine, whyNoMachine } from "./machine.ts";

/** Set inside of a machine. */
const insideName = "STANDIN_TEST_MACHINE";
/** Variables that reach the tests inside. */
const handedIn = ["STANDIN_COMMAND", "LAB_STORY", "DENO_DIR"];
const limitMs = 420_000;

interface Outcome {
  readonly name: string;
  readonly outcome: "passed" | "failed" | "skipped";
  readonly reason?: string;
}

/** What a machine said of the tests in it. */
interface Answer {
  readonly outcomes: readonly Outcome[];
  readonly report: Report;
}

/** The tests of one file. */
export class KernelSuite {
  readonly #file: string;
  readonly #modules: readonly string[];
  readonly #stories: Stories | undefined;
  #answer: Promise<Answer> | undefined;

  /** `url` is the file's own, `import.meta.url`; `modules` are loaded into its kernel. */
  constructor(url: string, modules: readonly string[]) {
    this.#file = fileURLToPath(url);
    this.#modules = modules;
    // The machine has one processor.
    this.#stories = process.env[insideName] === undefined ? undefined : new Stories(2);
  }

  /** Adds a story that is told on the other kernel; it may need more programs than others. */
  tell(name: string, story: (lab: Lab) => Promise<void>, needs: readonly string[] = []): void {
    if (this.#stories !== undefined) return this.#stories.tell(name, story);
    const missing = needs.find((path) => !existsSync(path));
    const skip = whyNoMachine() ?? whyNoLab() ?? whyNotWanted(name) ??
      (missing === undefined ? undefined : `needs ${missing}`);
    test(name, async () => {
      this.#answer ??= this.#ask();
      const { outcomes, report } = await this.#answer;
      const own = outcomes.find((one) => one.name === name);
      if (own?.outcome === "passed") return;
      if (own !== undefined) throw new Error(`${own.outcome}: ${own.reason}`);
      const last = report.lines.slice(-40).join("\n");
      throw new Error(`the machine ended (${report.code}) without a word of this test\n${last}`);
    }, { timeoutMs: limitMs + 30_000, ...(skip === undefined ? {} : { skip }) });
  }

  async #ask(): Promise<Answer> {
    const directory = mkdtempSync(join(tmpdir(), "si-kernel-"));
    const log = join(directory, "outcomes.jsonl");
    const given = handedIn.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    });
    try {
      const report = await runInMachine({
        argv: runtimeName === "deno"
          ? [process.execPath, "test", "-A", "--no-check", this.#file]
          : [process.execPath, "test", this.#file],
        environment: {
          ...Object.fromEntries(given),
          [insideName]: "1",
          STANDIN_TEST_LOG: log,
        },
        modules: this.#modules,
        limitMs,
      });
      return { outcomes: readOutcomes(log), report };
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
}

function readOutcomes(path: string): Outcome[] {
  try {
    return readFileSync(path, "utf8").split("\n").filter((line) => line !== "")
      .map((line) => JSON.parse(line));
  } catch {
    return [];
  }
}
