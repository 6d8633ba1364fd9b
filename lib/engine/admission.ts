/**
 * Whose adverts are wanted on an interface: those for the virtual routers that run there. The host
 * need not bring the others at all, unless people want to be told of them. Said once at the end of
 * a step, however many routers it concerns.
 */
import type { Family, IfIndex } from "../base/mod.ts";
import { routerKey, type World } from "./world.ts";

/** Where adverts of a family are received. */
export interface ListenPlace {
  readonly ifIndex: IfIndex;
  readonly family: Family;
}

/** The routers there have changed. */
export function admitAnew(world: World, place: ListenPlace): void {
  world.unadmitted.set(routerKey(place.ifIndex, place.family, 0), place);
}

/** It is to be said again everywhere: `log_unknown_vrids` has changed. */
export function admitAllAnew(world: World): void {
  for (const { ifIndex, instance: { plan: { family } } } of world.slots.values()) {
    if (ifIndex !== undefined) admitAnew(world, { ifIndex, family });
  }
}

/** Says whose adverts are wanted wherever that has changed. */
export function settleAdmission(world: World): void {
  const all = world.model?.global.logUnknownVrids === true;
  for (const place of world.unadmitted.values()) {
    const vrids = vridsAt(world, place);
    if (vrids.length === 0) continue;
    world.effects.push({ kind: "admit", ...place, ...(all ? {} : { vrids }) });
  }
  world.unadmitted.clear();
}

function vridsAt(world: World, { ifIndex, family }: ListenPlace): number[] {
  const first = routerKey(ifIndex, family, 0);
  const vrids: number[] = [];
  for (let vrid = 1; vrid <= 255; vrid++) if (world.routers.has(first + vrid)) vrids.push(vrid);
  return vrids;
}
