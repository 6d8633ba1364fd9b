/**
 * The command line of keepalived: what its options mean for one process. Exit codes and streams
 * are keepalived's: mistakes end with 1, help and version go to standard error.
 */
import { basename } from "node:path";
import { unreachable } from "../base/mod.ts";
import { compileFor } from "../host/linux/brief.ts";
import type { DaemonOptions } from "../host/port.ts";
import { exitCode } from "./exit.ts";
import type { EarlySignals } from "./early_signals.ts";
import { type Options, readOptions } from "./getopt.ts";
import { daemonOptions, gather, type Given } from "./keepalived_daemon.ts";
import {
  backgroundChildOption,
  keepalivedHelp,
  type KeepalivedOption,
  keepalivedOptions,
  signalNumbers,
} from "./keepalived_options.ts";
import type { Call } from "./main.ts";
import { complain, print } from "./output.ts";
import { runForeground } from "./run.ts";
import { version } from "./version.ts";

/** Does what keepalived's options ask; resolves with the exit code. */
export async function runAsKeepalived(call: Call, signals: EarlySignals): Promise<number> {
  const options = readOptions(keepalivedOptions, call.args);
  if (options.kind !== "options") {
    complain(`standin: ${mistake(options)}`);
    return exitCode.failed;
  }
  if (options.rest.length > 0) complain(`standin: unexpected arguments: ${options.rest.join(" ")}`);
  const given = gather(options);
  const answer = answerAtOnce(given);
  if (answer !== undefined) return answer;
  const daemon = daemonOptions(given, basename(call.calledAs));
  if (daemon.kind === "mistake") {
    complain(`standin: ${daemon.text}`);
    return exitCode.failed;
  }
  if (given.counts.has("config-test")) {
    signals[Symbol.dispose]();
    compileFor(daemon.options.configFile);
    const { runKeepalivedCheck } = await import("./keepalived_check.ts");
    return await runKeepalivedCheck(daemon.options, given.values.get("config-test"));
  }
  remark(options, daemon.options);
  if (given.counts.has(backgroundChildOption)) {
    const { tellParentReady } = await import("./background.ts");
    return await runForeground({ ...daemon.options, onReady: tellParentReady }, signals);
  }
  if (daemon.options.background) {
    signals[Symbol.dispose]();
    const { startInBackground } = await import("./background.ts");
    return await startInBackground(call, given.counts.has("log-console"));
  }
  return await runForeground(daemon.options, signals);
}

function mistake(options: Exclude<Options<KeepalivedOption>, { kind: "options" }>): string {
  switch (options.kind) {
    case "unknown":
      return `unknown option ${options.option}`;
    case "missing-value":
      return `missing parameter for option ${options.option}`;
    case "unexpected-value":
      return `option ${options.option} takes no parameter`;
    default:
      return unreachable(options);
  }
}

/** Options that print something and end. */
function answerAtOnce({ counts, values }: Given): number | undefined {
  if (counts.has("help")) {
    complain(keepalivedHelp());
    return exitCode.ok;
  }
  if (counts.has("version")) {
    complain(`standin v${version}`);
    return exitCode.ok;
  }
  const signal = values.get("signum");
  if (signal !== undefined) {
    const number = signalNumbers[signal];
    if (number !== undefined) {
      print(String(number));
      return exitCode.ok;
    }
    complain(`standin: unknown signal name "${signal}"`);
    return exitCode.failed;
  }
  if (counts.has("genhash")) {
    complain("standin: --genhash has to be the first option");
    return exitCode.failed;
  }
  return undefined;
}

/** Says which of the options do nothing, where somebody will read it. */
function remark(
  options: Extract<Options<KeepalivedOption>, { kind: "options" }>,
  daemon: DaemonOptions,
): void {
  for (const { spec } of options.given) {
    if (spec.standing === "unbuilt") {
      complain(`standin: --${spec.name} is not built yet and has no effect`);
    } else if (spec.standing === "needless" && daemon.logLevel === "debug") {
      complain(`standin: --${spec.name} has no effect in one process`);
    }
  }
}
