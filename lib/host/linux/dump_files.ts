/**
 * keepalived's dump files, written when somebody sends its signals.
 */
import { statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import process from "node:process";
import type { DumpPlan, Model } from "../../config/mod.ts";
import {
  bfdDataPieces,
  checkDataPieces,
  dataPieces,
  type DumpView,
  renderJson,
  renderStatistics,
} from "../../dump/mod.ts";
import type { Log } from "./log.ts";
import { inSlices } from "./slices.ts";
import { writeWhole } from "./whole_file.ts";

/** What writes dumps, and about what. */
export interface DumpParts {
  readonly log: Log;
  view(): DumpView;
  /** What only the kernel counts is brought up to date. */
  gather(): Promise<void>;
}

/** The files of one daemon. */
export class DumpFiles {
  readonly #parts: DumpParts;

  constructor(parts: DumpParts) {
    this.#parts = parts;
  }

  /** USR1: what is configured, and how it is. */
  async state(): Promise<void> {
    await this.#parts.gather();
    const view = this.#parts.view();
    const path = (suffix: string): string => statePath(view.model, suffix);
    await this.#writePieces(path(""), dataPieces(view));
    await this.#writePieces(path("_check"), checkDataPieces(view));
    await this.#writePieces(path("_bfd"), bfdDataPieces(view));
  }

  /** USR2 and the signal that clears counters: what was counted. */
  statistics(): void {
    const view = this.#parts.view();
    this.#write(usualPath(view.model, "keepalived.stats"), renderStatistics(view));
  }

  /** SIGRTMIN+2. */
  json(): void {
    const view = this.#parts.view();
    this.#write(usualPath(view.model, "keepalived.json"), renderJson(view));
  }

  /** Thousands of servers take some hundred milliseconds, in which adverts have to leave. */
  async #writePieces(path: string, pieces: Iterable<string>): Promise<void> {
    const all: string[] = [];
    await inSlices(pieces, (piece) => void all.push(piece));
    this.#write(path, all.join(""));
  }

  #write(path: string, text: string): void {
    if (text === "") return;
    try {
      writeWhole(path, text);
      this.#parts.log.write("info", `Wrote ${path}`);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#parts.log.write("error", `Cannot write ${path}: ${why}`);
    }
  }
}

/** Where the state goes: `state_dump_file` with a suffix before its last dot (behaviour 2.7). */
export function statePath({ global }: Model, suffix: string): string {
  const template = global.dump?.template ?? "keepalived.data";
  const path = isAbsolute(template) ? template : join(dumpDirectory(), template);
  return named(path, suffix, global.dump, global.process?.netNamespace);
}

function usualPath({ global }: Model, name: string): string {
  return named(join(dumpDirectory(), name), "", global.dump, global.process?.netNamespace);
}

function named(
  path: string,
  suffix: string,
  dump: DumpPlan | undefined,
  netNamespace: string | undefined,
): string {
  const dot = path.lastIndexOf(".");
  const end = dot > path.lastIndexOf("/") + 1 ? dot : path.length;
  const parts = dump?.usesInstance === true
    ? [netNamespace, dump.instance].filter((part) => part !== undefined)
    : [];
  const instance = parts.length === 0 ? "" : `.${parts.join("_")}`;
  return `${path.slice(0, end)}${suffix}${instance}${path.slice(end)}`;
}

/** keepalived: `TMPDIR` when it is an absolute path of a directory, else `/tmp`. */
function dumpDirectory(): string {
  const directory = process.env["TMPDIR"] ?? "";
  const there = isAbsolute(directory) &&
    statSync(directory, { throwIfNoEntry: false })?.isDirectory() === true;
  return there ? directory : "/tmp";
}
