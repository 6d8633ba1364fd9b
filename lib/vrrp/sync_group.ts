/**
 * Sync groups: virtual routers that rise and fall together. After any member changed, `settleGroup`
 * brings the others to where the group has to be:
 *
 * - one member with a fault of its own: all are in FAULT, until no member has one;
 * - one member driven to BACKUP: all go to BACKUP;
 * - MASTER only when every member is, or would be if it were alone (keepalived: prefer backup, so
 *   that a group does not thrash while one segment still hears a master).
 */
import type { Instant } from "../base/mod.ts";
import { becomeBackup, becomeMaster, clearFault, riseReason, setFault } from "./instance.ts";
import type { Instance } from "./instance_state.ts";
import type { Output } from "./output.ts";
import { type Fault, isWaiting, type Reason, type StateName } from "./state.ts";

/** The members of one group, and the state that the group was last in. */
export interface SyncGroup {
  readonly name: string;
  readonly members: readonly Instance[];
  state: StateName;
  /** It is in FAULT only because first results of trackers are waited for. */
  waiting: boolean;
}

/** A group of members that are where they are. */
export function newSyncGroup(name: string, members: readonly Instance[]): SyncGroup {
  return { name, members, state: members[0]?.state.kind ?? "INIT", waiting: allWait(members) };
}

/** Where a member's outputs go. */
export type OutputOf = (member: Instance) => Output[];

/** Brings all members in line after `cause` changed; true when the group's state changed. */
export function settleGroup(
  group: SyncGroup,
  cause: Instance,
  now: Instant,
  outputOf: OutputOf,
): boolean {
  settleFaults(group, now, outputOf);
  if (cause.state.kind === "BACKUP" && !cause.state.wantsMaster) {
    const reason: Reason = { kind: "sync-group", group: group.name, member: cause.plan.name };
    for (const member of group.members) {
      if (member.state.kind === "MASTER") becomeBackup(member, reason, now, outputOf(member));
    }
  }
  if (group.members.every(wouldBeMaster)) {
    for (const member of group.members) {
      const { state } = member;
      if (state.kind !== "BACKUP") continue;
      becomeMaster(member, riseReason(member, state, now), now, outputOf(member));
    }
  }
  const state = groupState(group);
  const waiting = allWait(group.members);
  const changed = state !== group.state || (state === "FAULT" && group.waiting && !waiting);
  group.state = state;
  group.waiting = waiting;
  return changed;
}

/** A member is held in FAULT as long as another one has a fault of its own. */
function settleFaults(group: SyncGroup, now: Instant, outputOf: OutputOf): void {
  for (const member of group.members) {
    const others = group.members.filter((other) => other !== member && hasOwnFault(other));
    const faulty = others.find((other) => !onlyWaits(other)) ?? others[0];
    if (faulty === undefined) clearFault(member, "sync-group", now, outputOf(member));
    else {
      const about = { group: group.name, member: faulty.plan.name };
      const waiting = onlyWaits(faulty) ? { waiting: true as const } : {};
      const fault: Fault = { kind: "sync-group", ...about, ...waiting };
      setFault(member, fault, now, outputOf(member));
    }
  }
}

function hasOwnFault(member: Instance): boolean {
  return member.faults.some((fault) => fault.kind !== "sync-group");
}

function onlyWaits({ faults }: Instance): boolean {
  return faults.every((fault) => fault.kind === "sync-group" || isWaiting(fault));
}

function allWait(members: readonly Instance[]): boolean {
  return members.every(({ faults }) => faults.every(isWaiting));
}

function wouldBeMaster(member: Instance): boolean {
  return member.state.kind === "MASTER" ||
    (member.state.kind === "BACKUP" && member.state.wantsMaster);
}

function groupState(group: SyncGroup): StateName {
  const kinds = group.members.map((member) => member.state.kind);
  if (kinds.includes("FAULT")) return "FAULT";
  if (kinds.every((kind) => kind === "MASTER")) return "MASTER";
  const [first = "INIT"] = kinds;
  return kinds.every((kind) => kind === first) ? first : "BACKUP";
}
