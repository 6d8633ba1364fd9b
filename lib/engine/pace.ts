/**
 * Gaps between announcements: where an interface, or a set of interfaces together, may only send so
 * many gratuitous ARPs or neighbour advertisements in a time, the others wait in a queue. Nothing
 * is left out, except what is no longer true when its turn comes: an address that was given up.
 */
import { after, type Duration, type Family, type IfIndex, type Instant } from "../base/mod.ts";
import { type Holding, sameHolding } from "./holding.ts";
import type { Slot } from "./slot.ts";
import type { World } from "./world.ts";

/** One announcement. */
export interface Announcement {
  readonly slot: Slot;
  readonly holding: Holding;
  readonly bytes: Uint8Array;
}

/** A limit and what waits for it. */
export interface Pacer {
  readonly gap: Duration;
  nextAt: Instant;
  queue: Announcement[];
}

/** Sends announcements, now or as soon as the limit of their interface lets them. */
export function sendPaced(world: World, announcements: readonly Announcement[]): void {
  for (const announcement of announcements) {
    const { ifIndex, plan: { address: { family } } } = announcement.holding;
    const pacer = pacerFor(world, ifIndex, family);
    if (pacer === undefined) send(world, announcement);
    else if (pacer.queue.length === 0 && pacer.nextAt <= world.steppedAt) {
      sendOne(world, pacer, announcement, world.steppedAt);
    } else {
      pacer.queue.push(announcement);
      world.pacing.set(pacer, pacer.nextAt);
    }
  }
}

/** How many announcements of an address wait. */
export function waiting(world: World, slot: Slot, holding: Holding): number {
  const { ifIndex, plan: { address: { family } } } = holding;
  const queue = pacerFor(world, ifIndex, family)?.queue ?? [];
  return queue.filter((one) => one.slot === slot && sameHolding(one.holding, holding)).length;
}

/** Sends what may go now, one of each limit. */
export function passPaced(world: World, now: Instant): void {
  for (let pacer = world.pacing.takeDue(now); pacer; pacer = world.pacing.takeDue(now)) {
    const next = takeTrue(pacer);
    if (next === undefined) continue;
    sendOne(world, pacer, next, now);
    if (pacer.queue.length > 0) world.pacing.set(pacer, pacer.nextAt);
  }
}

/** Forgets what a router that gave its addresses up still had to say. */
export function forgetPaced(world: World, slot: Slot): void {
  for (const pacer of world.pacers.values()) {
    pacer.queue = pacer.queue.filter((one) => one.slot !== slot);
  }
}

function takeTrue(pacer: Pacer): Announcement | undefined {
  for (let next = pacer.queue.shift(); next !== undefined; next = pacer.queue.shift()) {
    const { slot, holding } = next;
    if (slot.held.some((held) => sameHolding(held, holding))) return next;
  }
  return undefined;
}

function sendOne(world: World, pacer: Pacer, announcement: Announcement, now: Instant): void {
  pacer.nextAt = after(now, pacer.gap);
  send(world, announcement);
}

function send(world: World, { slot, holding, bytes }: Announcement): void {
  const { ifIndex, plan: { address: { family } } } = holding;
  const { counters } = slot.instance;
  counters[family === "ipv4" ? "gratuitousArpSent" : "neighborAdvertisementSent"]++;
  world.effects.push({ kind: "send-frame", ifIndex, bytes });
}

/** The limit of an interface; that of the one below counts for a macvlan. */
function pacerFor(world: World, ifIndex: IfIndex, family: Family): Pacer | undefined {
  const gaps = world.model?.global.announceGaps ?? [];
  if (gaps.length === 0) return undefined;
  const link = world.kernel.link(ifIndex);
  const base = link?.virtual === undefined ? link : world.kernel.link(link.virtual.base) ?? link;
  const name = base?.name ?? "";
  const plan = gaps.find(({ interfaces }) => interfaces.includes(name)) ??
    gaps.find(({ interfaces }) => interfaces.length === 0);
  const gap = plan?.[family] ?? 0;
  if (plan === undefined || gap === 0) return undefined;
  const who = plan.interfaces.length === 0 ? name : plan.interfaces.join(" ");
  const key = `${family} ${gap} ${who}`;
  let pacer = world.pacers.get(key);
  if (pacer === undefined) {
    pacer = { gap, nextAt: world.steppedAt, queue: [] };
    world.pacers.set(key, pacer);
  }
  return pacer;
}
