/**
 * `keepalived.data`: the virtual routers, sync groups and trackers, each setting on a line. Left
 * out are keepalived's file descriptors, threads and the state of its interfaces.
 */
import type { GlobalPlan } from "../config/mod.ts";
import type { DumpView } from "./view.ts";
import { instancesOf } from "./view.ts";
import { instanceLines } from "./instance.ts";
import { groupLines } from "./group.ts";
import { each, section } from "./section.ts";
import { fileLines, processLines, scriptLines } from "./tracker.ts";

/** The file, a piece for each virtual router and each of the other parts. */
export function* dataPieces(view: DumpView): Generator<string, void> {
  const { model } = view;
  yield* section("Global definitions", [globalLines(model.global)]);
  yield* section("VRRP Topology", each(instancesOf(view), (one) => instanceLines(one, view)));
  yield* section("VRRP Sync groups", each(model.syncGroups, (group) => groupLines(group, view)));
  yield* section("VRRP Scripts", [scriptLines(view)]);
  yield* section("VRRP Track files", [fileLines(view)]);
  yield* section("VRRP Track processes", [processLines(view)]);
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
