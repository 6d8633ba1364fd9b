/**
 * The resources of one engine: each set with whose it is, what runs for it, and why it leaves.
 */
import { earlier, type Instant, never } from "../base/mod.ts";
import type { ResourceSet, ResourcesPlan, Run } from "../resource/mod.ts";
import { Deadlines } from "./deadlines.ts";
import type { EngineEvent } from "./event.ts";
import type { Slot } from "./slot.ts";
import type { World } from "./world.ts";

/** What somebody asked for that takes a role away. */
export type LeavingOnPurpose = "reload" | "hand-over" | "maintenance" | "shutdown";

/** Why the role is given away as soon as the resources are stopped. */
export type Leaving =
  | { readonly kind: LeavingOnPurpose }
  /** A resource failed too often. */
  | { readonly kind: "gave-up"; readonly resource: string; readonly detail: string };

/** The resources of an instance or a sync group. */
export interface ResourceOwner {
  readonly set: ResourceSet;
  /** The role stays until the resources are stopped, then this is why it goes. */
  leaving: Leaving | undefined;
  /** The role was given away because of a failure, and is not taken before. */
  heldOff:
    | { readonly until: Instant; readonly resource: string; readonly detail: string }
    | undefined;
  /** Once it was known who has the role; what is found active before then is left alone. */
  decided: boolean;
  /** No longer in the configuration: gone as soon as everything is stopped. */
  retired: boolean;
  /** What undoes everything that is there, as the host has it; compared as text. */
  kept: string;
}

/** A configuration to be applied. */
export type Configure = Extract<EngineEvent, { kind: "configure" }>;

/** All resources of a node. */
export interface Resourced {
  readonly owners: Map<string, ResourceOwner>;
  readonly runs: Map<number, { readonly owner: ResourceOwner; readonly run: Run }>;
  readonly deadlines: Deadlines<ResourceOwner>;
  /** The daemon ends as soon as everything is stopped. */
  ending: { readonly keepIpvs: boolean } | undefined;
  /** What takes masters away, and is in effect as soon as their resources are stopped. */
  reload: Configure | undefined;
}

/** No resources. */
export function newResourced(): Resourced {
  return {
    owners: new Map(),
    runs: new Map(),
    deadlines: new Deadlines(),
    ending: undefined,
    reload: undefined,
  };
}

/** The key of an owner. */
export function ownerKey({ kind, name }: Pick<ResourcesPlan, "kind" | "name">): string {
  return `${kind} ${name}`;
}

/** Looks at an owner again when its set has something to do, or its hold-off is over. */
export function armOwner({ resourced: { deadlines } }: World, owner: ResourceOwner): void {
  deadlines.set(owner, earlier(owner.set.deadline, owner.heldOff?.until ?? never));
}

/** The routers whose role an owner follows. */
export function slotsOfOwner(world: World, { set: { plan } }: ResourceOwner): Slot[] {
  if (plan.kind === "INSTANCE") return [world.slots.get(plan.name) ?? []].flat();
  const members = world.groups.get(plan.name)?.members ?? [];
  return members.flatMap((member) => world.slots.get(member.plan.name) ?? []);
}

/** The routers that have the role together with these: a sync group has it as a whole. */
export function slotsTogether(world: World, slots: readonly Slot[]): Slot[] {
  const all = slots.flatMap((slot) =>
    slot.group?.members.flatMap(({ plan }) => world.slots.get(plan.name) ?? []) ?? slot
  );
  return [...new Set(all)];
}

/** All whose resources go with these routers: a group has some, and each of its members. */
export function ownersTogether(world: World, slots: readonly Slot[]): ResourceOwner[] {
  const all = slotsTogether(world, slots).flatMap((slot) => ownersOfSlot(world, slot));
  return [...new Set(all)];
}

/** Whose resources go with a router: its own, and those of its group. */
export function ownersOfSlot({ resourced: { owners } }: World, slot: Slot): ResourceOwner[] {
  const { instance: { plan: { name } }, group } = slot;
  const found = [
    owners.get(ownerKey({ kind: "INSTANCE", name })),
    group === undefined ? undefined : owners.get(ownerKey({ kind: "GROUP", name: group.name })),
  ];
  return found.filter((owner) => owner !== undefined);
}
