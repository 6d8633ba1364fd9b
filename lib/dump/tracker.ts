/**
 * Scripts, files and processes that are tracked, in `keepalived.data`.
 */
import { inSeconds } from "../base/mod.ts";
import type { TrackerStatus } from "../engine/mod.ts";
import { commandText, type DumpView, identityText } from "./view.ts";

/** `VRRP Script = …`: exporters read its status, `GOOD` or `BAD`, and its state. */
export function scriptLines(view: DumpView): string[] {
  return view.model.trackers.flatMap((plan) => {
    if (plan.kind !== "script") return [];
    const { command } = plan;
    const status = statusOf(view, "script", plan.name);
    return [
      ` VRRP Script = ${plan.name}`,
      `   Command = ${commandText(command)}`,
      `   Interval = ${inSeconds(plan.interval)} sec`,
      `   Timeout = ${inSeconds(plan.timeout)} sec`,
      `   Rise = ${plan.rise}`,
      `   Fall = ${plan.fall}`,
      `   Insecure = ${command.kind === "none" ? "yes" : "no"}`,
      `   Status = ${status?.state === "good" ? "GOOD" : "BAD"}`,
      `   Script uid:gid = ${identityText(command.kind === "run" ? command.identity : undefined)}`,
      ...usersOf(view, "script", plan.name),
      "   State = idle",
    ];
  });
}

/** `Track file = …`. */
export function fileLines(view: DumpView): string[] {
  return view.model.trackers.flatMap((plan) => {
    if (plan.kind !== "file") return [];
    return [
      ` Track file = ${plan.name}`,
      `   File = ${plan.path}`,
      `   Status = ${statusOf(view, "file", plan.name)?.value ?? 0}`,
      ...usersOf(view, "file", plan.name),
    ];
  });
}

/** `VRRP Track process = …`. */
export function processLines(view: DumpView): string[] {
  return view.model.trackers.flatMap((plan) => {
    if (plan.kind !== "process") return [];
    const status = statusOf(view, "process", plan.name);
    const [process = "", ...parameters] = plan.words;
    return [
      ` VRRP Track process = ${plan.name}`,
      `   Process = ${process}`,
      ...(parameters.length === 0 ? [] : [`   Parameters = ${parameters.join(" ")}`]),
      `   Min processes = ${plan.quorum}`,
      ...(plan.quorumMax === undefined ? [] : [`   Max processes = ${plan.quorumMax}`]),
      `   Have quorum = ${status?.state === "good"}`,
      `   Terminate delay = ${inSeconds(plan.terminateDelay).toFixed(6)}s`,
      `   Fork delay = ${inSeconds(plan.forkDelay).toFixed(6)}s`,
      `   Full command = ${plan.fullCommand}`,
    ];
  });
}

function statusOf(
  { snapshot }: DumpView,
  kind: TrackerStatus["kind"],
  name: string,
): TrackerStatus | undefined {
  return snapshot.trackers.find((one) => one.kind === kind && one.name === name);
}

function usersOf({ snapshot }: DumpView, kind: TrackerStatus["kind"], name: string): string[] {
  const uses = snapshot.instances.flatMap((instance) =>
    instance.tracking.filter((use) => use.kind === kind && use.name === name).map((use) =>
      `     ${instance.name}, weight ${use.weight}${use.reverse ? " reverse" : ""}`
    )
  );
  return uses.length === 0 ? [] : ["   Tracking instances :", ...uses];
}
