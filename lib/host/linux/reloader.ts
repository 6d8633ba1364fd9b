/**
 * Reload: the file is read and checked whole, and only a file of which nothing is left out or
 * changed is applied, as a difference. A bad file changes nothing and says why.
 */
import {
  describeChange,
  diffModels,
  type Model,
  planReload,
  type Received,
  refusesReload,
  type ReloadPlan,
  summariseDiagnostic,
} from "../../config/mod.ts";
import type { DumpView } from "../../dump/mod.ts";
import {
  type Level,
  type RefusedReload,
  type Snapshot,
  stoppingResources,
} from "../../engine/mod.ts";
import type { DaemonOptions, PlanAnswer, ReloadAnswer } from "../port.ts";
import { readConfigOutside } from "./config_reader.ts";
import type { LinuxHost } from "./linux_host.ts";
import type { Log } from "./log.ts";
import type { ReloadFiles } from "./reload_files.ts";
import type { ReloadSchedule } from "./reload_time.ts";

/** What a reloader works with. */
export interface ReloaderParts {
  readonly host: LinuxHost;
  readonly log: Log;
  readonly options: DaemonOptions;
  snapshot(): Snapshot;
}

/** What a reload does that was refused. */
const nothingDone = { applied: false, changes: [], stopping: [], pending: false } as const;

/** Reads the daemon's file again when asked. */
export class Reloader {
  readonly #parts: ReloaderParts;
  #model: Model;
  /** The reload that was asked for last. */
  #last: Promise<void> = Promise.resolve();
  #closed = false;
  #refused: RefusedReload | undefined;
  /** There when the configuration asks for files around reloads. */
  #files: ReloadFiles | undefined;
  /** There when the configuration names a file with the time of a reload. */
  #schedule: ReloadSchedule | undefined;
  /** Called after a new model was applied. */
  onModel: (model: Model) => void = () => {};

  /** Called with a sentence when a file was not applied. */
  onRefused: (sentence: string) => void = () => {};

  constructor(parts: ReloaderParts, model: Model) {
    this.#parts = parts;
    this.#model = model;
    void this.#followSchedule();
  }

  /** What is in effect. */
  get model(): Model {
    return this.#model;
  }

  /** The latest reload, when it was refused. */
  get refused(): RefusedReload | undefined {
    return this.#refused;
  }

  /** Nothing is applied any more. */
  close(): void {
    this.#closed = true;
    this.#schedule?.close();
  }

  /** Reads, checks, applies, one reload after the other; the answer says what became of it. */
  reload(): Promise<ReloadAnswer> {
    const answer = this.#last.then(() => this.#reload());
    this.#last = answer.then(() => {}, () => {});
    return answer;
  }

  async #reload(): Promise<ReloadAnswer> {
    const { log, host, options, snapshot } = this.#parts;
    const { configFile: file } = options;
    const { reload: plan = {} } = this.#model.global;
    const files = await this.#filesAround(plan);
    const read = (): Promise<Received> => readConfigOutside(options, this.#model, "apply");
    const { model, diagnostics } = await (files?.whileReading(plan, read) ?? read());
    log.diagnose(diagnostics);
    files?.said(plan, diagnostics);
    const objections = diagnostics.filter(refusesReload);
    const errors = objections.length;
    if (model === undefined || errors > 0) {
      const [first] = objections.map(summariseDiagnostic);
      this.#refused = { at: host.now(), errors, first: first ?? "it can not be read" };
      const why = `${errors} ${errors === 1 ? "error" : "errors"} in ${file}`;
      this.onRefused(`Cannot reload: ${why}; the old configuration stays in effect`);
      return { ...nothingDone, diagnostics };
    }
    const changes = diffModels(this.#model, model).map(describeChange);
    if (this.#closed) return { ...nothingDone, diagnostics };
    this.#model = model;
    this.#refused = undefined;
    host.feed({ kind: "configure", model, file, changes });
    files?.applied(model.global.reload ?? {});
    void this.#followSchedule();
    this.onModel(model);
    return { applied: true, changes, ...stoppingResources(snapshot()), diagnostics };
  }

  /** Most configurations say nothing of files around reloads, and load nothing. */
  async #filesAround(plan: ReloadPlan): Promise<ReloadFiles | undefined> {
    if (Object.keys(plan).length === 0) return undefined;
    const { ReloadFiles } = await import("./reload_files.ts");
    const { log, options, snapshot } = this.#parts;
    const view = (): DumpView => ({ model: this.#model, snapshot: snapshot() });
    return this.#files ??= new ReloadFiles({ log, options, view });
  }

  async #followSchedule(): Promise<void> {
    const { reload: plan } = this.#model.global;
    if (plan?.timeFile === undefined && this.#schedule === undefined) return;
    const { ReloadSchedule } = await import("./reload_time.ts");
    if (this.#closed) return;
    const say = (level: Level, sentence: string): void => this.#parts.log.write(level, sentence);
    this.#schedule ??= new ReloadSchedule({ reload: () => this.reload(), say });
    this.#schedule.follow(this.#model.global.reload);
  }

  /** Reads and compares; nothing is applied, kept or logged. */
  async plan(file: string = this.#parts.options.configFile): Promise<PlanAnswer> {
    const options = { ...this.#parts.options, configFile: file };
    const { model, diagnostics } = await readConfigOutside(options, this.#model);
    if (model === undefined || diagnostics.some(refusesReload)) {
      return { file, possible: false, blocks: [], untouched: 0, diagnostics };
    }
    return { file, possible: true, ...planReload(this.#model, model), diagnostics };
  }
}
