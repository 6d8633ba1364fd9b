/**
 * Reload: the file is read and checked whole, and only a file of which nothing is left out or
 * changed is applied, as a difference. A bad file changes nothing and says why.
 */
import {
  describeChange,
  type Diagnostic,
  diffModels,
  type Model,
  planReload,
  refusesReload,
} from "../../config/mod.ts";
import type { DaemonOptions, PlanAnswer, ReloadAnswer } from "../port.ts";
import { readConfigOutside } from "./config_reader.ts";
import type { LinuxHost } from "./linux_host.ts";
import type { Log } from "./log.ts";

/** Reads the daemon's file again when asked. */
export class Reloader {
  readonly #host: LinuxHost;
  readonly #log: Log;
  readonly #options: DaemonOptions;
  #model: Model;
  /** The reload that was asked for last. */
  #last: Promise<void> = Promise.resolve();
  #closed = false;
  /** Called after a new model was applied. */
  onModel: (model: Model) => void = () => {};

  /** Called with a sentence when a file was not applied. */
  onRefused: (sentence: string) => void = () => {};

  constructor(host: LinuxHost, log: Log, options: DaemonOptions, model: Model) {
    this.#host = host;
    this.#log = log;
    this.#options = options;
    this.#model = model;
  }

  /** Nothing is applied any more. */
  close(): void {
    this.#closed = true;
  }

  /** Reads, checks, applies, one reload after the other; the answer says what became of it. */
  reload(): Promise<ReloadAnswer> {
    const answer = this.#last.then(() => this.#reload());
    this.#last = answer.then(() => {}, () => {});
    return answer;
  }

  async #reload(): Promise<ReloadAnswer> {
    const { configFile: file } = this.#options;
    const { model, diagnostics } = await readConfigOutside(this.#options, this.#model);
    this.#log.diagnose(diagnostics);
    const errors = countErrors(diagnostics);
    if (model === undefined || errors > 0) {
      const why = `${errors} ${errors === 1 ? "error" : "errors"} in ${file}`;
      this.onRefused(`Cannot reload: ${why}; the old configuration stays in effect`);
      return { applied: false, changes: [], diagnostics };
    }
    const changes = diffModels(this.#model, model).map(describeChange);
    if (this.#closed) return { applied: false, changes: [], diagnostics };
    this.#model = model;
    this.#host.feed({ kind: "configure", model, file, changes });
    this.onModel(model);
    return { applied: true, changes, diagnostics };
  }

  /** Reads and compares; nothing is applied, kept or logged. */
  async plan(file: string = this.#options.configFile): Promise<PlanAnswer> {
    const options = { ...this.#options, configFile: file };
    const { model, diagnostics } = await readConfigOutside(options, this.#model);
    if (model === undefined || countErrors(diagnostics) > 0) {
      return { file, possible: false, blocks: [], untouched: 0, diagnostics };
    }
    return { file, possible: true, ...planReload(this.#model, model), diagnostics };
  }
}

/** What keeps a file from being applied. */
function countErrors(diagnostics: readonly Diagnostic[]): number {
  return diagnostics.filter(refusesReload).length;
}
