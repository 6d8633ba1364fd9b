/**
 * From the lines about the scripts of the daemon itself to what runs before and after everything
 * else. keepalived: nothing depends on their outcome.
 */
import { inSeconds, seconds } from "../base/mod.ts";
import type { DaemonScriptPlan, DaemonScriptPlans } from "../notify/mod.ts";
import { commandOf, type Commands } from "./command_plan.ts";
import { lastOf } from "./notify_lines.ts";
import { commandWords } from "./program.ts";
import type { Words } from "./words.ts";

/** keepalived's limit, in seconds, and those that it takes. */
const [usualLimit, leastLimit, mostLimit] = [10, 1, 1000];

/** The scripts of the daemon; absent when there are none. */
export function daemonScripts(asked: Commands): DaemonScriptPlans | undefined {
  const [startup, shutdown] = [scriptOf("startup", asked), scriptOf("shutdown", asked)];
  if (startup === undefined && shutdown === undefined) return undefined;
  return { ...(startup && { startup }), ...(shutdown && { shutdown }) };
}

function scriptOf(which: keyof DaemonScriptPlans, asked: Commands): DaemonScriptPlan | undefined {
  const lines = asked.global.notify ?? [];
  const line = lastOf(lines, `${which}_script`);
  if (line === undefined) return undefined;
  const command = commandOf(line, "global_defs", { ...asked, told: true });
  const limit = Number(lastOf(lines, `${which}_script_timeout`)?.words[0] ?? usualLimit);
  const isLimit = limit >= leastLimit && limit <= mostLimit;
  return { command, timeout: seconds(isLimit ? limit : usualLimit) };
}

/** The scripts in the words of the configuration. */
export function daemonScriptWords({ startup, shutdown }: DaemonScriptPlans = {}): Words {
  return [...scriptWords("startup", startup), ...scriptWords("shutdown", shutdown)];
}

function scriptWords(which: keyof DaemonScriptPlans, script: DaemonScriptPlan | undefined): Words {
  const limit = script === undefined ? usualLimit : inSeconds(script.timeout);
  return [
    [`${which}_script`, script === undefined ? "none" : commandWords(script.command)],
    [`${which}_script_timeout`, String(limit)],
  ];
}
