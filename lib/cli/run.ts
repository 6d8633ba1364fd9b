/**
 * `standin run`: the daemon in the foreground. This is the place where the host, which holds the
 * sockets, and the status room, which answers questions, meet. Hono is loaded by the first
 * question, not at the start: the first packet is worth more than the first reader.
 */
import { resolve } from "node:path";
import type { Apps, Control, DaemonOptions, Signals, StatusSource } from "../host/port.ts";
import { defaultConfigFile, defaultRunDir } from "./paths.ts";
import type { RunArguments } from "./run_arguments.ts";
import { runningCommand } from "./self.ts";
import { version } from "./version.ts";

/** Megabytes of a recording when nobody says how many. */
export const usualRecordLimit = 100;

/** `standin run`. */
export async function runDaemonCommand(given: RunArguments, signals: Signals): Promise<number> {
  return await runForeground({ ...defaultOptions(), ...overrides(given) }, signals);
}

/** Runs a daemon until it ends; resolves with the exit code. */
export async function runForeground(options: DaemonOptions, signals: Signals): Promise<number> {
  const { runDaemon } = await import("../host/linux/mod.ts");
  return await runDaemon(options, { createApps, signals });
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
  const { file, runDir, logFormat, logLevel, record, recordLimit = usualRecordLimit } = given;
  return {
    ...(file === undefined ? {} : { configFile: resolve(file), configExplicit: true }),
    ...(runDir === undefined ? {} : { runDir: resolve(runDir), runDirExplicit: true }),
    ...(logFormat === undefined ? {} : { logFormat }),
    ...(logLevel === undefined ? {} : { logLevel }),
    ...(record === undefined
      ? {}
      : { record: { path: resolve(record), limitBytes: recordLimit * 1_000_000 } }),
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
