/**
 * What rules look at: the instances, groups and trackers of one file, each with the block that it
 * was written in and, where there is one, the plan that came of it. A plan is absent when the
 * instance can not run; rules then ask only for what was written.
 */
import { type IpAddress, parseIp } from "../../base/mod.ts";
import type { InstancePlan } from "../../vrrp/mod.ts";
import type { Loaded } from "../load.ts";
import type { Statement } from "../parse.ts";
import { addressOf, find, linesOf } from "./statement.ts";
import { type Machine, unknownMachine } from "./machine.ts";
import { type Tracker, trackersOf, type TrackerUse, usesOf } from "./tracker.ts";

/** One `vrrp_instance`. */
export interface InstanceView {
  readonly name: string;
  readonly statement: Statement;
  readonly plan: InstancePlan | undefined;
  /** What can change its priority or put it in FAULT, its own and that of its group. */
  readonly uses: readonly TrackerUse[];
  /** The group that it belongs to. */
  readonly group: GroupView | undefined;
}

/** One `vrrp_sync_group`. */
export interface GroupView {
  readonly name: string;
  readonly statement: Statement;
  readonly members: readonly string[];
}

/** One file. */
export interface Subject {
  readonly statements: readonly Statement[];
  readonly instances: readonly InstanceView[];
  readonly groups: readonly GroupView[];
  readonly trackers: readonly Tracker[];
  readonly machine: Machine;
}

/** Prepares a file for the rules. */
export function subjectOf(
  { statements, model }: Pick<Loaded, "statements" | "model">,
  machine: Machine = unknownMachine,
): Subject {
  const trackers = trackersOf(statements);
  const groups = namedBlocks(statements, "vrrp_sync_group").map(([name, statement]): GroupView => {
    const members = linesOf(statement, "group").flatMap((line) => [line.name, ...line.words]);
    return { name, statement, members };
  });
  const plans = new Map(model?.instances.map((plan) => [plan.name, plan]));
  const groupOf = new Map<string, GroupView>();
  for (const group of groups.toReversed()) {
    for (const member of group.members) groupOf.set(member, group);
  }
  const instances = namedBlocks(statements, "vrrp_instance").map(([name, statement]) => {
    const group = groupOf.get(name);
    const blocks = group === undefined ? [statement] : [statement, group.statement];
    const uses = blocks.flatMap((block) => usesOf(block, trackers));
    return { name, statement, plan: plans.get(name), uses, group };
  });
  return { statements, instances, groups, trackers, machine };
}

/** The blocks of a keyword that have a name; of two with the same name the first counts. */
function namedBlocks(
  statements: readonly Statement[],
  keyword: string,
): (readonly [string, Statement])[] {
  const found = new Map<string, Statement>();
  for (const statement of statements) {
    const name = statement.words[0];
    if (statement.name !== keyword || name === undefined || found.has(name)) continue;
    found.set(name, statement);
  }
  return [...found];
}

/** Whether the weights that a member of a sync group has for itself count. */
export function mayWeigh({ group }: InstanceView): boolean {
  return group === undefined ||
    ["sync_group_tracking_weight", "global_tracking"].some((keyword) =>
      find(group.statement, keyword) !== undefined
    );
}

/** An instance in the words of the file. */
export function titleOf({ name }: InstanceView): string {
  return `vrrp_instance "${name}"`;
}

/** The source address that an instance says, by either keyword, and where. */
export function sourceOf(
  { statement }: InstanceView,
): { readonly address: IpAddress; readonly statement: Statement } | undefined {
  for (const keyword of ["unicast_src_ip", "mcast_src_ip"]) {
    const address = addressOf(statement, keyword);
    const given = find(statement, keyword);
    if (address !== undefined && given !== undefined) return { address, statement: given };
  }
  return undefined;
}

/** A line of `unicast_peer`. */
export interface Peer {
  readonly address: IpAddress;
  readonly statement: Statement;
}

/** The unicast peers of an instance. */
export function peersOf({ statement }: InstanceView): Peer[] {
  return linesOf(statement, "unicast_peer").flatMap((line): Peer[] => {
    const address = parseIp(line.name);
    return address === undefined ? [] : [{ address, statement: line }];
  });
}
