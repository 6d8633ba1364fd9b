/**
 * A node that was away for longer than its addresses were leased: the kernel has dropped them. That
 * is nobody's doing, so it is no deletion by somebody else. Where another router may have taken
 * over, this one is a backup from the moment it wakes up: it says nothing and listens for a whole
 * Master_Down_Interval before it takes part again. Where nobody can have, because the lease is
 * shorter than that, the mail is read and the addresses are put back and announced.
 */
import { after, between, formatPrefix, type Instant, milliseconds } from "../base/mod.ts";
import { loseLease } from "../vrrp/mod.ts";
import { renew } from "./lease.ts";
import { addRouting } from "./routing.ts";
import { settle } from "./settle.ts";
import { announce, tell } from "./slot.ts";
import type { World } from "./world.ts";

/** How long to wait before looking again whether what arrived was read, and how long in all. */
const [unreadPause, patience] = [milliseconds(1), milliseconds(50)];

/** Notices that leases are over; called before anything else is looked at. */
export function noticeLapse(world: World, now: Instant): void {
  const { lease } = world;
  if (now < lease.overAt || lease.lapsedAt !== undefined || world.stopping) return;
  lease.lapsedAt = now;
  lease.renewAt = now;
  for (const slot of world.slots.values()) {
    if (slot.held.length > 0 && loseLease(slot.instance, now, slot.out)) settle(world, slot, now);
  }
}

/** Renews what is due; after a lapse only on read mail, and it is announced. */
export function passLease(world: World, unread: boolean, now: Instant): void {
  const { lease } = world;
  if (now < lease.renewAt) return;
  const { lapsedAt } = lease;
  if (lapsedAt === undefined) return void renew(world, now);
  if (unread && between(lapsedAt, now) < patience) {
    lease.renewAt = after(now, unreadPause);
    return;
  }
  renew(world, now);
  for (const slot of world.slots.values()) {
    const { routing, instance: { plan } } = slot;
    const held = slot.held.filter((one) => world.holdings.ownKey(one) !== undefined);
    if (held.length === 0) continue;
    for (const one of routing) addRouting(world, one);
    announce(world, slot, held, plan.announce.masterRepeat);
    for (const holding of held) {
      const line = formatPrefix(holding.plan);
      tell(world, { kind: "put-back", instance: plan.name, what: "address", line, lapsed: true });
    }
  }
}
