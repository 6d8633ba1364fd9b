/**
 * Runs a command by its name. Each command's file is loaded when it is called for, so that one
 * command does not pay for another.
 */
import { suggest, unreachable } from "../base/mod.ts";
import type { CommandLine } from "./command_line.ts";
import { EarlySignals } from "./early_signals.ts";
import { exitCode } from "./exit.ts";
import { complain, print } from "./output.ts";
import { parseCommandLine } from "./parse.ts";

/** The names of the commands, as they stand in the grammar. */
export const commands = [
  "run",
  "check",
  "plan",
  "reload",
  "stop",
  "failover",
  "maintenance",
  "server",
  "status",
  "events",
  "fmt",
  "convert",
  "schema",
  "digest",
  "explain",
  "simulate",
  "replay",
  "sniff",
  "doctor",
  "demo",
  "init",
  "install",
  "uninstall",
  "completion",
  "man",
] as const;

/** The name of a command. */
export type CommandName = typeof commands[number];

/** Understands and runs a command line; resolves with the exit code. */
export async function runCommand(args: readonly string[]): Promise<number> {
  const complaint = complaintAbout(args[0]);
  if (complaint !== undefined) {
    complain(`standin: ${complaint}`);
    return exitCode.usage;
  }
  if (args[0] === "completion") {
    const completion = await import("./completion.ts");
    const asked = completion.asksForWords(args);
    if (asked !== undefined) return await completion.completeWords(asked.shell, asked.words);
  }
  const parsed = parseCommandLine(args);
  switch (parsed.kind) {
    case "text":
      print(parsed.text);
      return exitCode.ok;
    case "mistake":
      complain(`standin ${args[0]}: ${parsed.text}`);
      // What usually says so is an answer of plan.
      return args[0] === "plan" ? exitCode.failed : exitCode.usage;
    case "command":
      return await dispatch(parsed.command);
    default:
      return unreachable(parsed);
  }
}

function complaintAbout(name: string | undefined): string | undefined {
  if (name === undefined) return 'expected a command; "standin --help" lists them';
  if (name.startsWith("-") || name === "help" || commands.some((known) => known === name)) {
    return undefined;
  }
  const hint = suggest(name, commands) ?? '"standin --help" lists the commands';
  return `unknown command "${name}" (${hint})`;
}

async function dispatch(command: CommandLine): Promise<number> {
  switch (command.kind) {
    case "run":
      return await (await import("./run.ts")).runDaemonCommand(command, new EarlySignals());
    case "check":
      return await (await import("./check.ts")).runCheck(command);
    case "plan":
      return await (await import("./plan.ts")).runPlan(command);
    case "reload":
      return await (await import("./reload.ts")).runReload(command);
    case "stop":
      return await (await import("./stop.ts")).runStop(command);
    case "failover":
      return await (await import("./failover.ts")).runFailover(command);
    case "maintenance":
      return await (await import("./maintenance.ts")).runMaintenance(command);
    case "server":
      return await (await import("./server.ts")).runServer(command);
    case "status":
      return await (await import("./status.ts")).runStatus(command);
    case "events":
      return await (await import("./events.ts")).runEvents(command);
    case "fmt":
      return (await import("./fmt.ts")).runFmt(command);
    case "convert":
      return (await import("./convert.ts")).runConvert(command);
    case "explain":
      return await (await import("./explain.ts")).runExplain(command);
    case "digest":
      return await (await import("./digest.ts")).runDigest(command);
    case "simulate":
      return (await import("./simulate.ts")).runSimulate(command);
    case "replay":
      return (await import("./replay.ts")).runReplay(command);
    case "sniff":
      return await (await import("./sniff.ts")).runSniff(command);
    case "doctor":
      return await (await import("./doctor.ts")).runDoctor(command);
    case "schema":
      return (await import("./schema.ts")).runSchema();
    case "demo":
      return await (await import("./demo.ts")).runDemo(command);
    case "init":
      return await (await import("./init.ts")).runInit(command);
    case "install":
      return await (await import("./install.ts")).runInstall(command);
    case "uninstall":
      return await (await import("./uninstall.ts")).runUninstall(command);
    case "completion":
      return (await import("./completion.ts")).runCompletion(command.shell);
    case "man":
      return (await import("./man.ts")).runMan();
    default:
      return unreachable(command);
  }
}
