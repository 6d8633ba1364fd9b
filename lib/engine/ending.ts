/**
 * The end of the daemon: each gives back what it holds. What waits for it first, such as resources,
 * has ended by then.
 */
import { type Instant, never } from "../base/mod.ts";
import { stop } from "../vrrp/mod.ts";
import { dropBalance } from "./balance.ts";
import { closeBfd } from "./bfd.ts";
import { settleFirewall } from "./firewall.ts";
import { endAfterScripts } from "./notified.ts";
import { flush, tell } from "./slot.ts";
import { dropStatic } from "./static.ts";
import { stopTrackers } from "./tracking.ts";
import { dropLinks } from "./virtual_link.ts";
import type { World } from "./world.ts";

/** Everything ends: masters say so with priority 0, and all that was put anywhere goes. */
export function stopAll(world: World, keepIpvs: boolean, now: Instant): void {
  world.stopping = true;
  for (const slot of world.slots.values()) {
    stop(slot.instance, { kind: "shutdown" }, now, slot.out);
    flush(world, slot);
    world.deadlines.set(slot, never);
  }
  stopGroups(world);
  for (const thing of world.statics.toReversed()) dropStatic(world, thing);
  dropLinks(world);
  closeBfd(world, now);
  dropBalance(world, keepIpvs, now);
  settleFirewall(world);
  stopTrackers(world);
  endAfterScripts(world, now);
}

/** keepalived: a group is told of the end like its members, whatever state it is in. */
function stopGroups(world: World): void {
  for (const group of world.groups.values()) {
    if (group.state === "STOPPED") continue;
    group.state = "STOPPED";
    tell(world, { kind: "group-transition", group: group.name, to: "STOPPED" });
  }
}
