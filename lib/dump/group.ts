/**
 * One sync group in `keepalived.data`.
 */
import type { SyncGroupPlan } from "../vrrp/mod.ts";
import { trackLines } from "./instance.ts";
import { notifiedOf, notifyLines } from "./notify.ts";
import { type DumpView, yesNo } from "./view.ts";

/** Its lines. */
export function groupLines({ name, members }: SyncGroupPlan, view: DumpView): string[] {
  const { snapshot } = view;
  const mine = snapshot.instances.filter((one) => members.includes(one.name));
  const state = snapshot.syncGroups.find((group) => group.name === name)?.state ?? "INIT";
  const told = notifiedOf(view, "GROUP", name);
  const faults = mine.filter((one) => one.state === "FAULT").length;
  const untested = mine.filter((one) => one.state === "INIT").length;
  return [
    ` VRRP Sync Group = ${name}, ${state}`,
    `   Num member fault ${faults}, num member init ${untested}`,
    "   VRRP member instances :",
    ...members.map((member) => `     ${member}`),
    `   Using smtp notification = ${yesNo(told?.mails === true)}`,
    ...trackLines(mine[0]?.tracking.filter(({ group }) => group === name) ?? []),
    ...notifyLines(told),
  ];
}
