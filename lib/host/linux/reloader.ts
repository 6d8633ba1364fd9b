/**
 * Reload: the file is read and checked whole, and only a file without errors is applied, as a
 * difference. A bad file changes nothing and says why.
 */
import {
  describeChange,
  type Diagnostic,
  diffModels,
  loadConfig,
  type Loaded,
  type Model,
  planReload,
} from "../../config/mod.ts";
import type { DaemonOptions, PlanAnswer, ReloadAnswer } from "../port.ts";
import { configEnvironment } from "./config_files.ts";
import type { LinuxHost } from "./linux_host.ts";
import type { Log } from "./log.ts";

/** Reads the daemon's file; what it is not to run (`-C` and the like) is left out of the model. */
export function readConfig(options: DaemonOptions): Loaded {
  const loaded = loadConfig(options.configFile, configEnvironment(options));
  if (loaded.model === undefined || options.subsystems.includes("vrrp")) return loaded;
  return { ...loaded, model: { ...loaded.model, instances: [], syncGroups: [] } };
}

/** Reads the daemon's file again when asked. */
export class Reloader {
  readonly #host: LinuxHost;
  readonly #log: Log;
  readonly #options: DaemonOptions;
  #model: Model;
  /** Called after a new model was applied. */
  onModel: (model: Model) => void = () => {};

  constructor(host: LinuxHost, log: Log, options: DaemonOptions, model: Model) {
    this.#host = host;
    this.#log = log;
    this.#options = options;
    this.#model = model;
  }

  /** Reads, checks, applies; the answer says what became of it. */
  reload(): Promise<ReloadAnswer> {
    const { configFile: file } = this.#options;
    const { model, diagnostics } = readConfig(this.#options);
    this.#log.diagnose(diagnostics);
    const errors = countErrors(diagnostics);
    if (model === undefined || errors > 0) {
      const why = `${errors} ${errors === 1 ? "error" : "errors"} in ${file}`;
      this.#log.write("error", `Cannot reload: ${why}; the old configuration stays in effect`);
      return Promise.resolve({ applied: false, changes: [], diagnostics });
    }
    const changes = diffModels(this.#model, model).map(describeChange);
    this.#model = model;
    this.#host.feed({ kind: "configure", model, file, changes });
    this.onModel(model);
    return Promise.resolve({ applied: true, changes, diagnostics });
  }
  /** Reads and compares; nothing is applied, kept or logged. */
  plan(file: string = this.#options.configFile): Promise<PlanAnswer> {
    const { model, diagnostics } = readConfig({ ...this.#options, configFile: file });
    if (model === undefined || countErrors(diagnostics) > 0) {
      return Promise.resolve({ file, possible: false, blocks: [], untouched: 0, diagnostics });
    }
    const planned = planReload(this.#model, model);
    return Promise.resolve({ file, possible: true, ...planned, diagnostics });
  }
}

/** What keeps a file from being applied. */
function countErrors(diagnostics: readonly Diagnostic[]): number {
  return diagnostics.filter(({ severity }) => severity !== "warning").length;
}
