/**
 * Who uses which tracker: routers and groups with their weights, witnesses, health checks, and the
 * probes that count other probes.
 */
import type { Model } from "../config/mod.ts";
import { trackerKey, type TrackerPlan } from "../track/mod.ts";
import type { Tracked } from "./tracked.ts";

/** Learns it anew from a configuration. */
export function learnUses(tracked: Tracked, model: Model): void {
  const { tracking, checks, instances } = model;
  tracked.uses.clear();
  tracked.users.clear();
  for (const { name, uses } of tracking) {
    tracked.uses.set(name, uses);
    for (const use of uses) {
      const key = trackerKey(use);
      const users = tracked.users.get(key) ?? [];
      if (!users.includes(name)) tracked.users.set(key, [...users, name]);
    }
  }
  tracked.witnessed = instances.some(({ witness }) => witness !== undefined);
  for (const { name, witness } of instances) {
    if (witness === undefined) continue;
    const key = trackerKey({ kind: "probe", name: witness.probe });
    const users = tracked.users.get(key) ?? [];
    if (!users.includes(name)) tracked.users.set(key, [...users, name]);
  }
  learnCounted(tracked, model.trackers);
  for (const { name, subject } of checks) {
    if (subject.kind !== "file" && subject.kind !== "bfd") continue;
    const key = trackerKey({ kind: subject.kind, name: subject.tracker });
    tracked.users.set(key, [...tracked.users.get(key) ?? [], name]);
  }
}

/** Whoever uses a probe that counts others uses these; those that it counts stand before it. */
function learnCounted({ users, counted }: Tracked, plans: readonly TrackerPlan[]): void {
  counted.clear();
  for (const plan of plans.toReversed()) {
    if (plan.kind !== "probe" || plan.subject.kind !== "group") continue;
    const mine = users.get(trackerKey(plan)) ?? [];
    for (const name of plan.subject.probes) {
      const key = trackerKey({ kind: "probe", name });
      counted.add(key);
      const all = new Set([...users.get(key) ?? [], ...mine]);
      if (all.size > 0) users.set(key, [...all]);
    }
  }
}
