/**
 * `standin run`: the daemon in the foreground. This is the place where the host, which holds the
 * sockets, and the status room, which answers questions, meet. Hono is loaded by the first
 * question, not at the start: the first packet is worth more than the first reader.
 *
 * The arguments of `run` are read here, with the runtime's own parser, when they are simple and
 * right. Everything else (a mistake, `--help`) goes to the grammar of all commands, which says
 * more but would cost a daemon 14 MB of memory and 10 ms of its start.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Level } from "../engine/mod.ts";
import type { Apps, Control, DaemonOptions, StatusSource } from "../host/port.ts";
import { defaultConfigFile, defaultRunDir } from "./paths.ts";
import { runningCommand } from "./self.ts";
import { version } from "./version.ts";

/** What `--log-format` takes. */
export const logFormats = ["text", "json"] as const;

/** What `--log-level` takes, from the most to the fewest words. */
export const logLevels = ["debug", "info", "notice", "warning", "error"] as const;

/** What a person can say about `standin run`. */
export interface RunArguments {
  readonly file?: string | undefined;
  readonly runDir?: string | undefined;
  readonly logFormat?: "text" | "json" | undefined;
  readonly logLevel?: Level | undefined;
}

/** Reads simple and right arguments of `run`; `undefined` for all others. */
export function readRunArguments(args: readonly string[]): RunArguments | undefined {
  const text = { type: "string" } as const;
  const options = {
    file: { ...text, short: "f" },
    "run-dir": text,
    "log-format": text,
    "log-level": text,
  };
  try {
    const { values } = parseArgs({ args: [...args], options, allowPositionals: false });
    const logFormat = logFormats.find((format) => format === values["log-format"]);
    const logLevel = logLevels.find((level) => level === values["log-level"]);
    if (logFormat !== values["log-format"] || logLevel !== values["log-level"]) return undefined;
    return { file: values.file, runDir: values["run-dir"], logFormat, logLevel };
  } catch {
    return undefined;
  }
}

/** `standin run`. */
export async function runDaemonCommand(given: RunArguments): Promise<number> {
  return await runForeground({ ...defaultOptions(), ...overrides(given) });
}

/** Runs a daemon until it ends; resolves with the exit code. */
export async function runForeground(options: DaemonOptions): Promise<number> {
  const { runDaemon } = await import("../host/linux/mod.ts");
  return await runDaemon(options, createApps);
}

/** A daemon about which nothing was said. */
export function defaultOptions(): DaemonOptions {
  return {
    version,
    configFile: defaultConfigFile(),
    configExplicit: false,
    runDir: defaultRunDir,
    logFormat: "text",
    logLevel: "info",
    logTo: "stderr",
    syslogFacility: "daemon",
    subsystems: ["vrrp", "check", "bfd"],
    extraPidFiles: [],
    self: runningCommand(),
    dontReleaseVrrp: false,
    dontReleaseIpvs: false,
    background: false,
  };
}

function overrides(given: RunArguments): Partial<DaemonOptions> {
  const { file, runDir, logFormat, logLevel } = given;
  return {
    ...(file === undefined ? {} : { configFile: resolve(file), configExplicit: true }),
    ...(runDir === undefined ? {} : { runDir: resolve(runDir), runDirExplicit: true }),
    ...(logFormat === undefined ? {} : { logFormat }),
    ...(logLevel === undefined ? {} : { logLevel }),
  };
}

/** The status and the control app, built together when one of them is first asked. */
export function createApps(source: StatusSource, control: Control): Apps {
  let built: Promise<Apps> | undefined;
  async function build(): Promise<Apps> {
    const { createControlApp, createStatusApp } = await import("../status/mod.ts");
    const status = createStatusApp(source);
    const controlApp = createControlApp(source, control);
    return {
      status: (request) => status.fetch(request),
      control: (request) => controlApp.fetch(request),
    };
  }
  return {
    status: async (request) => (await (built ??= build())).status(request),
    control: async (request) => (await (built ??= build())).control(request),
  };
}
