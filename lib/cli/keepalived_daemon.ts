/**
 * What keepalived's options say about the daemon: its files, its log, its parts. Pure: the same
 * options under the same name always mean the same.
 */
import { resolve } from "node:path";
import type { DaemonOptions, LogTarget, Subsystem } from "../host/port.ts";
import type { Options } from "./getopt.ts";
import type { KeepalivedOption } from "./keepalived_options.ts";
import { logFormats } from "./log_words.ts";
import { defaultOptions } from "./run.ts";

/** The options that were given: how often, and the last value of each. */
export interface Given {
  readonly counts: ReadonlyMap<string, number>;
  readonly values: ReadonlyMap<string, string>;
}

/** Collects options; the last value of each counts. */
export function gather(options: Extract<Options<KeepalivedOption>, { kind: "options" }>): Given {
  const counts = new Map<string, number>();
  const values = new Map<string, string>();
  for (const { spec, value } of options.given) {
    counts.set(spec.name, (counts.get(spec.name) ?? 0) + 1);
    if (value !== undefined) values.set(spec.name, value);
  }
  return { counts, values };
}

/** Options for the daemon, or what is wrong with the command line. */
export type DaemonAnswer =
  | { readonly kind: "daemon"; readonly options: DaemonOptions }
  | { readonly kind: "mistake"; readonly text: string };

/** What the options mean for the daemon. */
export function daemonOptions(given: Given, calledAs: string): DaemonAnswer {
  const { counts, values } = given;
  const facility = readFacility(values.get("log-facility") ?? "daemon");
  if (facility === undefined) {
    return { kind: "mistake", text: `invalid log facility "${values.get("log-facility")}"` };
  }
  const mask = values.get("umask");
  if (mask !== undefined && !/^(0[0-7]*|0x[0-9a-f]+|[1-9]\d*)$/i.test(mask)) {
    return { kind: "mistake", text: `invalid umask "${mask}": expected a number such as 022` };
  }
  const format = values.get("log-format") ?? "text";
  const logFormat = logFormats.find((known) => known === format);
  if (logFormat === undefined) {
    return { kind: "mistake", text: `invalid log format "${format}": expected text or json` };
  }
  const file = values.get("use-file");
  const configId = values.get("config-id");
  const netNamespace = values.get("namespace");
  const runDir = values.get("run-dir");
  const detail = counts.get("log-detail") ?? 0;
  const options: DaemonOptions = {
    ...defaultOptions(),
    ...(file === undefined ? {} : { configFile: resolve(file), configExplicit: true }),
    ...(runDir === undefined ? {} : { runDir: resolve(runDir), runDirExplicit: true }),
    ...(configId === undefined ? {} : { configId }),
    ...(counts.has("all-config") ? { allConfig: true } : {}),
    ...(netNamespace === undefined ? {} : { netNamespace }),
    ...(mask === undefined ? {} : { umask: readC(mask) }),
    ...logFile(given),
    logFormat,
    logLevel: detail > 1 ? "debug" : "info",
    logTo: logTarget(counts),
    syslogFacility: facility,
    subsystems: subsystems(counts),
    extraPidFiles: pidFiles(values),
    ...usualPidFile(values, calledAs),
    dontReleaseVrrp: counts.has("dont-release-vrrp"),
    dontReleaseIpvs: counts.has("dont-release-ipvs"),
    ...(counts.has("dump-conf") ? { logsConfig: true } : {}),
    ...(counts.has("address-monitoring") ? { reportsAddresses: true } : {}),
    background: !counts.has("dont-fork"),
  };
  return { kind: "daemon", options };
}

/** `LOG_LOCAL0` to `LOG_LOCAL7` by number or name, `user` or `daemon`. */
function readFacility(text: string): string | undefined {
  if (/^[0-7]$/.test(text)) return `local${text}`;
  return /^(local[0-7]|user|daemon)$/.test(text) ? text : undefined;
}

/** A number as C reads it: octal after `0`, hexadecimal after `0x`. */
function readC(text: string): number {
  return /^0[0-7]+$/.test(text) ? parseInt(text, 8) : Number(text);
}

function logFile({ counts, values }: Given): { readonly logFile?: string } {
  if (!counts.has("log-file")) return {};
  return { logFile: resolve(values.get("log-file") ?? "/tmp/keepalived.log") };
}

/** In the foreground standard error is where people look, so `-n` alone logs there too. */
function logTarget(counts: ReadonlyMap<string, number>): LogTarget {
  const syslog = !counts.has("no-syslog") && !counts.has("dont-fork");
  const stderr = counts.has("log-console") || counts.has("dont-fork");
  if (stderr) return syslog ? "both" : "stderr";
  return syslog ? "syslog" : "none";
}

function subsystems(counts: ReadonlyMap<string, number>): readonly Subsystem[] {
  const only = counts.has("vrrp") || counts.has("check");
  const wanted: Subsystem[] = [];
  if (!only || counts.has("vrrp")) wanted.push("vrrp");
  if (!only || counts.has("check")) wanted.push("check");
  if (!counts.has("no_bfd")) wanted.push("bfd");
  return wanted;
}

function pidFiles(values: ReadonlyMap<string, string>): readonly string[] {
  return ["pid", "vrrp_pid", "checkers_pid", "bfd_pid"].flatMap((name) => {
    const file = values.get(name);
    return file === undefined ? [] : [resolve(file)];
  });
}

/** keepalived: scripts find its pid here unless -p names another place. */
function usualPidFile(
  values: ReadonlyMap<string, string>,
  calledAs: string,
): { readonly usualPidFile?: string } {
  if (calledAs !== "keepalived" || values.has("pid")) return {};
  return { usualPidFile: "/run/keepalived.pid" };
}
