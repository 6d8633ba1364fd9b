/**
 * `standin simulate --record DIR`: what each simulated daemon was given, as a running one records
 * it, so that `standin replay` shows every decision. The time is that of the simulation, from 1970.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Instant } from "../base/mod.ts";
import type { Decider } from "../engine/mod.ts";
import { Recorder } from "../recording/mod.ts";
import { version } from "./version.ts";

/** The recordings of one simulation, in memory until it is over. */
export class SimulatedRecordings {
  /** By node; each start of a daemon begins a recording of its own. */
  readonly #runs = new Map<string, string[][]>();

  /** The engine of a daemon that starts, recorded. */
  decides(node: string, at: Instant): Decider {
    const lines: string[] = [];
    const runs = this.#runs.get(node) ?? [];
    this.#runs.set(node, [...runs, lines]);
    const startedAt = new Date(at / 1000).toISOString();
    return new Recorder({ version, node, startedAt, at }, {
      open: true,
      take: (taken) => void (typeof taken === "string" ? lines.push(taken) : lines.push(...taken)),
      save: () => {},
    });
  }

  /** Writes them; throws what the system says. */
  save(directory: string): void {
    mkdirSync(directory, { recursive: true });
    for (const [node, runs] of this.#runs) {
      for (const [index, lines] of runs.entries()) {
        const name = index === 0 ? `${node}.jsonl` : `${node}.${index + 1}.jsonl`;
        writeFileSync(join(directory, name), `${lines.join("\n")}\n`, { mode: 0o600 });
      }
    }
  }
}
