/**
 * After a virtual router was touched: its sync group is brought in line, what all of them ask for
 * becomes effects, and their deadlines go back into the clock.
 */
import { after, between, type Duration, type Instant, milliseconds } from "../base/mod.ts";
import {
  announceAfterLower,
  deadlineOf,
  type Instance,
  leastStall,
  noticeStall,
  passDeadlines,
  readsFirst,
  settleGroup,
  type SyncGroup,
  wakeUp,
} from "../vrrp/mod.ts";
import { flush, type Slot, tell } from "./slot.ts";
import { wallClockSlept } from "./wall_clock.ts";
import type { World } from "./world.ts";

/** Finishes a turn of one router; `faultsChanged` when its group must look in any case. */
export function settle(world: World, slot: Slot, now: Instant, faultsChanged = false): void {
  const { group } = slot;
  if (group === undefined) return finish(world, slot);
  if (heardLower(slot)) return announceTogether(world, slot, group, now);
  if (!faultsChanged && !concernsGroup(slot)) return finish(world, slot);
  const members = group.members.map((member) => slotOf(world, member));
  // The cause speaks first: its own effects come before those of the members it takes along.
  flush(world, slot);
  const changed = settleGroup(group, slot.instance, now, (member) => slotOf(world, member).out);
  for (const member of members) finish(world, member);
  if (changed) tellGroup(world, group);
}

function tellGroup(world: World, { name: group, state: to, waiting }: SyncGroup): void {
  const only = waiting && to === "FAULT" ? { waiting: true as const } : {};
  tell(world, { kind: "group-transition", group, to, ...only });
}

/** How long a backup waits before it looks again whether the packets were read. */
const unreadPause = milliseconds(1);

/** Lets every router whose deadline passed act, earliest first; backups only on read mail. */
export function passDue(world: World, now: Instant, unread: boolean): void {
  for (;;) {
    const slot = world.deadlines.takeDue(now);
    if (slot === undefined) return;
    if (unread && readsFirst(slot.instance, now)) {
      world.deadlines.set(slot, after(now, unreadPause));
      continue;
    }
    passDeadlines(slot.instance, now, slot.out);
    settle(world, slot, now);
  }
}

/**
 * Looks whether the node was held up since its last step: nothing happened for a while, and a
 * deadline passed in it. What each router makes of it stands in `stall.ts` of its room.
 */
export function noticeStalls(world: World, now: Instant): void {
  const idle = between(world.steppedAt, now);
  world.steppedAt = now;
  if (idle <= leastStall || between(world.deadlines.next(), now) <= leastStall) return;
  const late: [string, Duration][] = [];
  for (const slot of world.slots.values()) {
    const by = noticeStall(slot.instance, now);
    if (by === undefined) continue;
    late.push([slot.instance.plan.name, by]);
    world.deadlines.set(slot, deadlineOf(slot.instance));
  }
  if (late.length > 0) tellStall(world, late, now);
}

/** The machine slept: the clock of the engine stood still meanwhile. */
export function slept(world: World, by: Duration, now: Instant): void {
  wallClockSlept(world, by);
  if (by <= leastStall) return;
  for (const slot of world.slots.values()) {
    wakeUp(slot.instance, by, now, slot.out);
    settle(world, slot, now);
  }
  tellStall(world, Array.from(world.slots.keys(), (name) => [name, by]), now);
}

function tellStall(
  world: World,
  late: readonly (readonly [string, Duration])[],
  now: Instant,
): void {
  const lateBy = late.reduce((longest, [, by]) => by > longest ? by : longest, milliseconds(0));
  const { stalls } = world;
  stalls.count++;
  stalls.lastAt = now;
  if (lateBy > stalls.longest) stalls.longest = lateBy;
  tell(world, { kind: "stalled", lateBy, instances: late.map(([name]) => name) });
}

function finish(world: World, slot: Slot): void {
  flush(world, slot);
  world.deadlines.set(slot, deadlineOf(slot.instance));
}

function concernsGroup(slot: Slot): boolean {
  return slot.out.some(({ kind }) => kind === "transition" || kind === "wants-master");
}

/** A master that announces itself again after an advert of lower priority. */
function heardLower({ instance, out }: Slot): boolean {
  return instance.state.kind === "MASTER" && instance.plan.announce.lowerPriorityRepeat > 0 &&
    out.some(({ kind }) => kind === "lower-priority-advert");
}

function announceTogether(world: World, slot: Slot, group: SyncGroup, now: Instant): void {
  finish(world, slot);
  for (const member of group.members) {
    if (member === slot.instance) continue;
    const sibling = slotOf(world, member);
    announceAfterLower(member, now, sibling.out);
    finish(world, sibling);
  }
}

function slotOf(world: World, member: Instance): Slot {
  const slot = world.slots.get(member.plan.name);
  if (slot === undefined) throw new Error(`No slot for ${member.plan.name}`);
  return slot;
}
