/**
 * Services that a reload moves from one virtual server to another, such as an address or a mark of
 * a group: what the kernel has of them goes with them, so nobody deletes what the other one made.
 */
import { serviceKey } from "../balance/mod.ts";
import { placedPlan } from "./balance_marks.ts";
import type { BalanceSlot } from "./balance_world.ts";
import type { World } from "./world.ts";

/** Gives what is present to whoever wants it now, also what those have that are `gone`. */
export function handOver(world: World, gone: readonly BalanceSlot[]): void {
  // In nftables the table is one whole.
  if (world.balance.backend !== "ipvs") return;
  const slots = [...world.balance.slots.values()];
  const owners = new Map<string, BalanceSlot>();
  for (const slot of slots) {
    for (const { id } of placedPlan(world, slot.plan).services) owners.set(serviceKey(id), slot);
  }
  const moved = [...gone, ...slots].flatMap((slot) =>
    [...slot.present].flatMap(([key, table]) => {
      const owner = owners.get(key);
      return owner === undefined || owner === slot ? [] : [{ from: slot, to: owner, key, table }];
    })
  );
  for (const { from, key } of moved) {
    from.present = new Map([...from.present].filter(([other]) => other !== key));
  }
  for (const { to, key, table } of moved) to.present = new Map([...to.present, [key, table]]);
}
