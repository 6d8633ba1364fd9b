/**
 * The first look at the command line. Three doors: keepalived's own options (genhash among them),
 * the daemon, and every other command. The first two are opened without loading the grammar of the
 * third, because a daemon keeps for ever what it has loaded.
 */
import { basename } from "node:path";
import { EarlySignals } from "./early_signals.ts";
import { exitCode } from "./exit.ts";
import { complain, print } from "./output.ts";
import { version } from "./version.ts";

/** How the program was called. */
export interface Call {
  /** The name or path it was called by, which a link may have changed. */
  readonly calledAs: string;
  /** What stood after that. */
  readonly args: readonly string[];
}

/** Does what the command line asks; resolves with the exit code. */
export async function main(call: Call): Promise<number> {
  try {
    return await open(call);
  } catch (error) {
    complain(`standin: ${error instanceof Error ? error.message : String(error)}`);
    return exitCode.failed;
  }
}

async function open(call: Call): Promise<number> {
  const [first, ...rest] = call.args;
  const name = basename(call.calledAs);
  if (name === "genhash" || first === "-T" || first === "--genhash") {
    return await (await import("./genhash.ts")).runGenhash(name === "genhash" ? call.args : rest);
  }
  if (name === "keepalived" || isKeepalivedOption(first)) {
    using signals = new EarlySignals();
    return await (await import("./keepalived.ts")).runAsKeepalived(call, signals);
  }
  if (first === "--version" && rest.every((word) => word === "--json")) {
    print(rest.length === 0 ? `standin ${version}` : JSON.stringify({ version }));
    return exitCode.ok;
  }
  if (first === "run") {
    using signals = new EarlySignals();
    const given = (await import("./run_arguments.ts")).readRunArguments(rest);
    if (given !== undefined) {
      return await (await import("./run.ts")).runDaemonCommand(given, signals);
    }
  }
  if (first === "read-config") {
    return await (await import("./read_config.ts")).runReadConfig(rest);
  }
  return await (await import("./commands.ts")).runCommand(call.args);
}

function isKeepalivedOption(first: string | undefined): boolean {
  return first !== undefined && first.startsWith("-") && first !== "--help" &&
    first !== "--version";
}
