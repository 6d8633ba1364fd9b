/**
 * The files around a reload: one that is there while the configuration is read, so that whoever
 * writes it can wait, one for what is said of it, and copies of the state before and after.
 */
import { rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import process from "node:process";
import { type Diagnostic, type ReloadPlan, renderDiagnostic } from "../../config/mod.ts";
import { dataPieces, type DumpView, whole } from "../../dump/mod.ts";
import type { DaemonOptions } from "../port.ts";
import type { Log } from "./log.ts";
import { saveFile } from "./saved_config.ts";

/** What the files are about. */
export interface ReloadFilesParts {
  readonly log: Pick<Log, "write">;
  readonly options: Pick<DaemonOptions, "usualPidFile" | "runDir">;
  view(): DumpView;
}

/** The files of one daemon. */
export class ReloadFiles {
  readonly #parts: ReloadFilesParts;
  #reloads = 0;

  constructor(parts: ReloadFilesParts) {
    this.#parts = parts;
  }

  /** Reads with the marker there. */
  async whileReading<T>(plan: ReloadPlan, read: () => Promise<T>): Promise<T> {
    this.#reloads++;
    this.#save(plan, "pre");
    const marker = plan.marker === "" ? this.#usualMarker() : plan.marker;
    if (marker === undefined) return await read();
    this.#write(marker, "");
    try {
      return await read();
    } finally {
      this.#try("remove", marker, () => rmSync(marker, { force: true }));
    }
  }

  /** What is said of the configuration. */
  said({ checkLog }: ReloadPlan, diagnostics: readonly Diagnostic[]): void {
    if (checkLog === undefined) return;
    this.#write(checkLog, diagnostics.map((one) => `${renderDiagnostic(one)}\n`).join(""));
  }

  /** The configuration is in effect. */
  applied(plan: ReloadPlan): void {
    this.#save(plan, "post");
  }

  #save({ saveDirectory }: ReloadPlan, when: "pre" | "post"): void {
    if (saveDirectory === undefined) return;
    const name = `keepalived_vrrp.${process.pid}.${this.#reloads}.${when}`;
    saveFile(saveDirectory, name, whole(dataPieces(this.#parts.view())));
  }

  /** keepalived: beside its pid file. */
  #usualMarker(): string {
    const { usualPidFile, runDir } = this.#parts.options;
    return `${usualPidFile === undefined ? runDir : dirname(usualPidFile)}/keepalived.reload`;
  }

  #write(path: string, text: string): void {
    this.#try("write", path, () => writeFileSync(path, text));
  }

  /** What cannot be done to a file keeps no reload from happening. */
  #try(verb: string, path: string, act: () => void): void {
    try {
      act();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#parts.log.write("warning", `Cannot ${verb} ${path}: ${why}`);
    }
  }
}
