/**
 * standin and keepalived as makes of a router. Both get the same file. standin is the command of
 * STANDIN_COMMAND, a JSON array of words, so that one suite tries the executable and the sources.
 */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { standinCommand } from "../standin_command.ts";
import type { Node } from "./lab.ts";
import { renderConfiguration, type RouterPlan, vrid } from "./plan.ts";
import type { Make, State } from "./router.ts";

export { standinCommand };

/** Whether all of it has been tried with the executable: what the runtime has no part in is not. */
export const onceMore: boolean = process.env["LAB_ONCE_MORE"] !== undefined;

/** The files of one router. */
export function filesOf(node: Node): { readonly config: string; readonly runDir: string } {
  return { config: join(node.directory, "router.conf"), runDir: join(node.directory, "run") };
}

/** The words that start the daemon in a node. */
export function standinWords(node: Node, command: readonly string[] = standinCommand): string[] {
  const { config, runDir } = filesOf(node);
  const words = ["run", "-f", config, "--run-dir", runDir, "--log-format", "json"];
  return [...command, ...words];
}

/** The words that start keepalived in a node, in the foreground, logging to us. */
export function keepalivedWords(node: Node): string[] {
  const files = ["-p", "parent.pid", "-r", "vrrp.pid"].map((word) => {
    return word.startsWith("-") ? word : join(node.directory, word);
  });
  return [keepalivedPath, "-n", "-l", "-D", "-G", "-f", filesOf(node).config, ...files];
}

const keepalivedPath = "/usr/sbin/keepalived";

/** A line of standin's JSON log as data; other lines have no `event`. */
export function logEntry(line: string): Readonly<Record<string, unknown>> {
  if (!line.startsWith("{")) return {};
  const entry: unknown = JSON.parse(line);
  return typeof entry === "object" && entry !== null ? { ...entry } : {};
}

/** The state of an instance that a line of standin's log tells. */
export function standinStateIn(line: string, instance = "VI_1"): State | undefined {
  if (!line.includes('"transition"')) return undefined;
  const entry = logEntry(line);
  if (entry["event"] !== "transition" || entry["instance"] !== instance) return undefined;
  return toState(String(entry["to"]));
}

/** The state of an instance that a line of keepalived's log tells. */
export function keepalivedStateIn(line: string, instance = "VI_1"): State | undefined {
  const match = /\((\w+)\) Entering (\w+) STATE/.exec(line);
  return match?.[1] === instance ? toState(match[2] ?? "") : undefined;
}

/** The program under test. */
export const standin: Make = {
  name: "standin",
  prepare: (_lab, node, plan) => prepare(node, plan, standinWords),
  stateIn: (line) => standinStateIn(line),
  saysReady: (line) => line.includes("is running, pid"),
  holds: holdsOnLink,
  // The daemon alone: its guard has work to do then.
  crash: (program) => program.signal("SIGKILL"),
};

/** Where `recordedStandin` writes what its daemon is given. */
export function recordingOf(node: Node): string {
  return join(node.directory, "recording");
}

/** The program under test, recorded. */
export const recordedStandin: Make = {
  ...standin,
  prepare: (_lab, node, plan) =>
    prepare(node, plan, () => [...standinWords(node), "--record", recordingOf(node)]),
};

/** Debian's keepalived. */
export const keepalived: Make = {
  name: "keepalived",
  prepare: (_lab, node, plan) => prepare(node, plan, keepalivedWords),
  stateIn: (line) => keepalivedStateIn(line),
  holds: holdsOnLink,
  // Parent and child at once: each alone would be noticed by the other.
  crash: (program) => program.kill(),
};

/** Why there can be no lab here; `undefined` when there can. */
export function whyNoLab(): string | undefined {
  if (process.getuid?.() !== 0) return "needs root";
  const missing = [
    ["ip", "/usr/sbin/ip", "/usr/bin/ip", "/sbin/ip", "/bin/ip"],
    ["tcpdump", "/usr/bin/tcpdump", "/usr/sbin/tcpdump"],
    ["tshark", "/usr/bin/tshark"],
    ["keepalived", keepalivedPath],
  ].filter(([, ...paths]) => !paths.some((path) => existsSync(path))).map(([name]) => name);
  return missing.length === 0 ? undefined : `needs ${missing.join(", ")}`;
}

function prepare(
  node: Node,
  plan: RouterPlan,
  words: (node: Node) => readonly string[],
): Promise<readonly string[]> {
  writeFileSync(filesOf(node).config, renderConfiguration(plan));
  return Promise.resolve(words(node));
}

function holdsOnLink(node: Node, address: string, { lines = [] }: RouterPlan): boolean {
  const link = lines.includes("use_vmac") ? `vrrp.${vrid}` : "eth0";
  return node.namespace.has(link, address);
}

function toState(word: string): State {
  return word === "BACKUP" || word === "MASTER" || word === "FAULT" ? word : "OTHER";
}
