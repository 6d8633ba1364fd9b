/**
 * From the blocks that define trackers to their plans. The tables have told everything that is
 * wrong with a block before; a value of no use counts as not written, a block that lacks what it
 * can not be without is left out. Of two of a name the first counts.
 */
import { type CommandPlan, type Duration, seconds } from "../base/mod.ts";
import type { FilePlan, ProcessPlan, ScriptPlan, TrackerPlan } from "../track/mod.ts";
import { buildProbe } from "./build_probe.ts";
import { commandOf, type Commands, splitCommand, userOf } from "./command_plan.ts";
import { describe, type Statement } from "./parse.ts";
import { readCommandLine } from "./script.ts";

/** The blocks that define trackers, and the kinds of what they define. */
export const definingBlocks: Readonly<Record<string, TrackerPlan["kind"] | "bfd">> = {
  vrrp_script: "script",
  track_file: "file",
  vrrp_track_file: "file",
  vrrp_track_process: "process",
  track_probe: "probe",
  bfd_instance: "bfd",
};

/** The plans of all blocks that define something to be run, read or looked for, kind by kind. */
export function buildTrackers(blocks: readonly Statement[], commands: Commands): TrackerPlan[] {
  const plans = new Map<string, TrackerPlan>();
  const kinds = Object.keys(definingBlocks);
  const ordered = kinds.flatMap((kind) => blocks.filter(({ name }) => name === kind));
  for (const block of ordered) {
    const plan = buildTracker(block, commands);
    if (plan === undefined) continue;
    const key = `${plan.kind} ${plan.name}`;
    if (!plans.has(key)) plans.set(key, plan);
  }
  return [...plans.values()];
}

function buildTracker(block: Statement, commands: Commands): TrackerPlan | undefined {
  const name = block.words[0];
  if (name === undefined) return undefined;
  switch (definingBlocks[block.name]) {
    case "script":
      return buildScript(name, block, commands);
    case "file":
      return buildFile(name, block);
    case "process":
      return buildProcess(name, block);
    case "probe":
      return buildProbe(name, block, commands);
    default:
      return undefined;
  }
}

function buildScript(name: string, block: Statement, commands: Commands): ScriptPlan | undefined {
  const script = lastOf(block, "script");
  if (script === undefined) return undefined;
  // keepalived: 0 counts as 1.
  const interval = durationOf(block, "interval", 4294) || seconds(1);
  const timeout = lastOf(block, "timeout") === undefined
    ? interval
    : durationOf(block, "timeout", 4294) || seconds(1);
  return {
    kind: "script",
    name,
    command: scriptCommand(script, block, commands),
    interval,
    timeout,
    rise: Math.max(1, integerOf(block, "rise", 0) ?? 1),
    fall: Math.max(1, integerOf(block, "fall", 0) ?? 1),
    initFail: lastOf(block, "init_fail") !== undefined,
  };
}

function scriptCommand(script: Statement, block: Statement, commands: Commands): CommandPlan {
  const [user, group] = lastOf(block, "user")?.args ?? [];
  const identity = user === undefined ? undefined : userOf(user.text, group?.text);
  return commandOf(script, describe(block), { ...commands, repeated: true }, identity);
}

function buildFile(name: string, block: Statement): FilePlan | undefined {
  const path = firstOf(block, "file")?.words[0];
  if (path === undefined || path === "") return undefined;
  const init = lastOf(block, "init_file");
  if (init === undefined) return { kind: "file", name, path };
  const words = init.words;
  const value = words.find((word) => /^[+-]?\d+$/.test(word));
  const overwrite = words.includes("overwrite");
  return { kind: "file", name, path, init: { value: Number(value ?? 0), overwrite } };
}

function buildProcess(name: string, block: Statement): ProcessPlan | undefined {
  const statement = firstOf(block, "process");
  if (statement === undefined) return undefined;
  const words = splitCommand(readCommandLine(statement.rest.text).command).length > 1
    ? splitCommand(readCommandLine(statement.rest.text).command)
    : statement.words;
  if (words.length === 0) return undefined;
  const match = lastOf(block, "param_match");
  const given = match?.words[0];
  const parameters = given === "initial" || given === "partial"
    ? given
    : words.length > 1 || match !== undefined
    ? "exact"
    : "any";
  const most = integerOf(block, "quorum_max", 0, 65_535);
  const least = integerOf(block, "quorum", 1, 65_535);
  const none = most === 0 && least === undefined;
  return {
    kind: "process",
    name,
    words,
    fullCommand: lastOf(block, "full_command") !== undefined,
    parameters,
    // keepalived: none at all is what `quorum_max 0` asks for.
    quorum: none ? 0 : least ?? 1,
    ...(most === undefined ? {} : { quorumMax: most }),
    forkDelay: delayOf(block, "fork_delay"),
    terminateDelay: delayOf(block, "terminate_delay"),
  };
}

/** Of `delay` and the delay for one direction, the one that stands last counts. */
function delayOf(block: Statement, keyword: string): Duration {
  const found = block.children?.findLast((inner) =>
    inner.name === keyword || inner.name === "delay"
  );
  return found === undefined ? seconds(0) : parseSeconds(found, 3600) ?? seconds(0);
}

function durationOf(block: Statement, keyword: string, most: number): Duration {
  const statement = lastOf(block, keyword);
  return statement === undefined ? seconds(0) : parseSeconds(statement, most) ?? seconds(0);
}

function parseSeconds({ args }: Statement, most: number): Duration | undefined {
  const text = args[0]?.text ?? "";
  const value = /^\+?(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
  return value <= most ? seconds(value) : undefined;
}

function integerOf(
  block: Statement,
  keyword: string,
  least: number,
  most = 2_147_483_647,
): number | undefined {
  const text = lastOf(block, keyword)?.words[0] ?? "";
  const value = /^[+-]?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}

function lastOf(block: Statement, keyword: string): Statement | undefined {
  return block.children?.findLast((inner) => inner.name === keyword);
}

function firstOf(block: Statement, keyword: string): Statement | undefined {
  return block.children?.find((inner) => inner.name === keyword);
}
