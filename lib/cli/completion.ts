/**
 * `standin completion SHELL`: what makes a shell complete our commands, options and names. The
 * script that it prints calls `standin completion SHELL WORD…` at each Tab: then the last word is
 * completed, with names that the daemon, the kernel and the tables of keywords know.
 */
import { bash, fish, type ShellCompletion, zsh } from "@optique/core/completion";
import { suggestSync } from "@optique/core/parser";
import { readdirSync } from "node:fs";
import { exitCode } from "./exit.ts";
import { type CompletedShell, completedShells, type KnownNames, learnNames } from "./names.ts";
import { print } from "./output.ts";
import { defaultRunDir } from "./paths.ts";

const shells: Readonly<Record<CompletedShell, ShellCompletion>> = { bash, zsh, fish };

/** What a shell reads once. */
export function completionScript(shell: CompletedShell): string {
  return shells[shell].generateScript("standin", ["completion", shell]);
}

/** `standin completion SHELL`. */
export function runCompletion(shell: CompletedShell): number {
  print(completionScript(shell).trim());
  return exitCode.ok;
}

/** What the script asks at each Tab: arguments of `completion`, or `undefined` for other ones. */
export function asksForWords(
  args: readonly string[],
): { readonly shell: CompletedShell; readonly words: readonly string[] } | undefined {
  const [, named, ...words] = args;
  const shell = completedShells.find((known) => known === named);
  return shell === undefined || words.length === 0 ? undefined : { shell, words };
}

/** Completes the last of the words, in the way in which the shell is told. */
export async function completeWords(
  shell: CompletedShell,
  words: readonly string[],
): Promise<number> {
  const { grammar } = await import("./grammar.ts");
  learnNames(await namesFor(words));
  const [first = "", ...others] = words;
  const suggestions = [...suggestSync(grammar, [first, ...others])];
  const last = words.at(-1) ?? "";
  const everywhere = words.length === 1 ? ["--help", "--version"] : ["--help"];
  for (const text of last.startsWith("-") ? everywhere : []) {
    if (text.startsWith(last)) suggestions.push({ kind: "literal", text });
  }
  print([...shells[shell].encodeSuggestions(suggestions)].join("").trimEnd());
  return exitCode.ok;
}

/** What may be named in a command: only what has to be asked for is asked. */
async function namesFor(words: readonly string[]): Promise<KnownNames> {
  const [command = "", second = ""] = words;
  if (command === "sniff" || command === "init") return { interface: interfaces() };
  if (command === "explain" && second === "keyword") {
    const { entries } = await import("../config/reference.ts");
    return { keyword: entries().map(({ keyword }) => keyword) };
  }
  const asks = ["failover", "explain", "status", "events", "server", "replay"].includes(command);
  return asks && words.length > 1 ? await namesOfDaemon(runDirOf(words)) : {};
}

function interfaces(): string[] {
  try {
    return readdirSync("/sys/class/net").sort();
  } catch {
    return [];
  }
}

function runDirOf(words: readonly string[]): string {
  const joined = words.find((word) => word.startsWith("--run-dir="))?.slice("--run-dir=".length);
  const apart = words[words.indexOf("--run-dir") + 1];
  return joined ?? (words.includes("--run-dir") ? apart : undefined) ?? defaultRunDir;
}

/** Who presses Tab does not wait longer for a daemon that has other things to do. */
const patienceMs = 1000;

async function namesOfDaemon(runDir: string): Promise<KnownNames> {
  const { ask } = await import("./control.ts");
  const { isSnapshot } = await import("./snapshot.ts");
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, patienceMs, undefined));
  const asked = await Promise.race([ask(runDir, "GET", "/status"), late]);
  if (asked?.ok !== true || !isSnapshot(asked.value.body)) return {};
  const { instances, syncGroups, trackers, bfdSessions, virtualServers } = asked.value.body;
  const name = (one: { readonly name: string }): string => one.name;
  return {
    instance: instances.map(name),
    group: syncGroups.map(name),
    tracker: trackers.map(name),
    session: bfdSessions.map(name),
    "virtual-server": virtualServers.map(name),
    "real-server": virtualServers.flatMap(({ realServers }) =>
      realServers.map(({ address, port }) =>
        address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`
      )
    ),
  };
}
