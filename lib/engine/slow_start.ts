/**
 * `slow_start` in the engine: servers that came up get the rest of their weight as time passes. The
 * quorum counts them whole.
 */
import {
  beginRise,
  nextTenthAt,
  rise,
  risingWeight,
  type VirtualServerPlan,
} from "../balance/mod.ts";
import { earlier, type Instant, never } from "../base/mod.ts";
import type { BalanceSlot } from "./balance_world.ts";
import type { World } from "./world.ts";

/** A server came up, or went down. */
export function noteRise(world: World, slot: BalanceSlot, server: string, up: boolean): void {
  const duration = slot.plan.servers.find(({ name }) => name === server)?.slowStart;
  if (up && duration !== undefined) slot.rising.set(server, beginRise(world.steppedAt, duration));
  else slot.rising.delete(server);
  schedule(world, slot);
}

/** Takes the tenths of weight that are due. */
export function passRises(world: World, now: Instant): void {
  const { rises, unsettled } = world.balance;
  for (let slot = rises.takeDue(now); slot !== undefined; slot = rises.takeDue(now)) {
    for (const [name, server] of [...slot.rising]) {
      if (!rise(server, now)) slot.rising.delete(name);
    }
    unsettled.add(slot);
    schedule(world, slot);
  }
}

/** The plan with the weights that rising servers have by now. */
export function risen(plan: VirtualServerPlan, { rising }: BalanceSlot): VirtualServerPlan {
  if (rising.size === 0) return plan;
  const servers = plan.servers.map((server) => (
    { ...server, weight: risingWeight(server.weight, rising.get(server.name)) }
  ));
  return { ...plan, servers };
}

function schedule({ balance }: World, slot: BalanceSlot): void {
  const next = [...slot.rising.values()].map(nextTenthAt).reduce(earlier, never);
  balance.rises.set(slot, next);
}
