/**
 * Trackers in the words of the configuration, for what a reload changes.
 */
import { identityOfCommand, inSeconds } from "../base/mod.ts";
import type { LinkPlan, TrackerPlan, TrackUse } from "../track/mod.ts";
import { commandWords } from "./program.ts";
import { probeWords } from "./probe_words.ts";
import type { Words } from "./words.ts";

/** The line of a use: `track_script check weight -20`. */
export function useLine({ kind, name, weight, reverse, group }: TrackUse): string {
  const weighs = weight === 0 && !reverse ? "" : ` weight ${weight}${reverse ? " reverse" : ""}`;
  const from = group === undefined ? "" : ` (vrrp_sync_group ${group})`;
  return `track_${kind} ${name}${weighs}${from}`;
}

/** The settings of a block that defines a tracker. */
export function trackerWords(plan: TrackerPlan): Words {
  switch (plan.kind) {
    case "script":
      return [
        ["script", commandWords(plan.command)],
        ["user", identityOfCommand(plan.command)?.user ?? "none"],
        ["interval", String(inSeconds(plan.interval))],
        ["timeout", String(inSeconds(plan.timeout))],
        ["rise", String(plan.rise)],
        ["fall", String(plan.fall)],
        ["init_fail", plan.initFail ? "on" : "off"],
      ];
    case "file": {
      const { init } = plan;
      const words = init === undefined
        ? "none"
        : `${init.value}${init.overwrite ? " overwrite" : ""}`;
      return [["file", plan.path], ["init_file", words]];
    }
    case "probe":
      return probeWords(plan);
    case "process":
      return [
        ["process", plan.words.join(" ")],
        ["full_command", plan.fullCommand ? "on" : "off"],
        ["param_match", plan.parameters],
        ["quorum", String(plan.quorum)],
        ["quorum_max", plan.quorumMax === undefined ? "none" : String(plan.quorumMax)],
        ["fork_delay", String(inSeconds(plan.forkDelay))],
        ["terminate_delay", String(inSeconds(plan.terminateDelay))],
      ];
  }
}

/** The lines of interfaces whose links are not simply what the kernel says. */
export function linkLines({ name, downDelay, upDelay, poll }: LinkPlan): string[] {
  const delays = downDelay > 0 || upDelay > 0
    ? [`interface_up_down_delays ${name} ${inSeconds(downDelay)} ${inSeconds(upDelay)}`]
    : [];
  return poll === undefined
    ? delays
    : [...delays, `linkbeat_interfaces ${name} ${poll.toUpperCase()}`];
}
