/**
 * Routers that leave the role together. Each says so itself before a sync group takes the others
 * along: whoever is taken along says nothing, and the other node would wait for its silence.
 */
import type { Instant } from "../base/mod.ts";
import { handOver, type Reason, standBack } from "../vrrp/mod.ts";
import { settle } from "./settle.ts";
import { standsBackUntil } from "./standing_back.ts";
import type { Slot } from "./slot.ts";
import type { World } from "./world.ts";

/** All masters among them hand over. */
export function handOverTogether(world: World, slots: readonly Slot[], now: Instant): void {
  const masters = slots.filter(({ instance: { state } }) => state.kind === "MASTER");
  for (const { instance, out } of masters) handOver(instance, now, out);
  for (const slot of masters) settle(world, slot, now);
}

/** All of them take no part, for as long as there is a reason. */
export function standBackTogether(
  world: World,
  slots: readonly Slot[],
  now: Instant,
  reason: Reason = { kind: "maintenance" },
): void {
  for (const slot of slots) {
    standBack(slot.instance, standsBackUntil(world, slot), now, slot.out, reason);
  }
  for (const slot of slots) settle(world, slot, now);
}
