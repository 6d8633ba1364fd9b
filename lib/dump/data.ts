/**
 * `keepalived.data`: the virtual routers, sync groups and trackers, each setting on a line. Left
 * out are keepalived's file descriptors, threads and the state of its interfaces.
 */
import type { GlobalPlan } from "../config/mod.ts";
import type { DumpView } from "./view.ts";
import { instancesOf } from "./view.ts";
import { instanceLines } from "./instance.ts";
import { groupLines } from "./group.ts";
import { fileLines, processLines, scriptLines } from "./tracker.ts";

/** The whole file. */
export function renderData(view: DumpView): string {
  const { model } = view;
  const instances = instancesOf(view).flatMap((instance) => instanceLines(instance, view));
  return [
    ...section("Global definitions", globalLines(model.global)),
    ...section("VRRP Topology", instances),
    ...section("VRRP Sync groups", model.syncGroups.flatMap((group) => groupLines(group, view))),
    ...section("VRRP Scripts", scriptLines(view)),
    ...section("VRRP Track files", fileLines(view)),
    ...section("VRRP Track processes", processLines(view)),
    "",
  ].join("\n");
}

/** A part of the file; nothing where there is nothing in it. */
export function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`------< ${title} >------`, ...lines];
}

function globalLines(plan: GlobalPlan): string[] {
  const { process } = plan;
  return [
    ` Network namespace = ${process?.netNamespace ?? "(default)"}`,
    ` Router ID = ${plan.routerId}`,
    ` Dynamic interfaces = ${plan.dynamicInterfaces}`,
    ` VRRP realtime priority = ${process?.realtimePriority ?? 0}`,
    ` VRRP don't swap = ${process?.noSwap === true}`,
    ` FIFO write vrrp states on reload = ${plan.repeatsStatesOnReload}`,
  ];
}
