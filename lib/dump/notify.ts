/**
 * The scripts of a virtual router or a sync group, as keepalived lists them.
 */
import type { CommandPlan } from "../base/mod.ts";
import type { NotifyPlan } from "../notify/mod.ts";
import { commandText, type DumpView, identityText } from "./view.ts";

const states = [
  ["Backup", "BACKUP"],
  ["Master", "MASTER"],
  ["Fault", "FAULT"],
  ["Stop", "STOP"],
  ["Deleted", "DELETED"],
] as const;

/** What is told of an instance or group; absent where nobody is told. */
export function notifiedOf(
  { model }: DumpView,
  kind: "INSTANCE" | "GROUP",
  name: string,
): NotifyPlan | undefined {
  return model.notified.find((one) => one.kind === kind && one.name === name);
}

/** One line for each script. */
export function notifyLines(told: NotifyPlan | undefined): string[] {
  if (told === undefined) return [];
  const scripts: readonly (readonly [string, CommandPlan | undefined])[] = [
    ...states.map(([title, state]) => [title, told.scripts[state]] as const),
    ["Generic", told.always],
    ["Master rx lower pri", told.lowerPriority],
  ];
  return scripts.flatMap(([title, command]) => {
    if (command === undefined) return [];
    const identity = command.kind === "run" ? command.identity : undefined;
    return [
      `   ${title} state transition script = ${commandText(command)}, ` +
      `uid:gid ${identityText(identity)}`,
    ];
  });
}
