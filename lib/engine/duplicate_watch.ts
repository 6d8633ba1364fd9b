/**
 * Which addresses are watched on which interface: those of masters. Somebody else who uses one of
 * them is heard in ARP or neighbour discovery. It begins a while after a router became master: what
 * the master before it still says is no conflict, and a takeover has more urgent things to do.
 */
import {
  after,
  type Duration,
  earlier,
  equalPlain,
  type IfIndex,
  type Instant,
  type IpAddress,
  type MacAddress,
  never,
  seconds,
} from "../base/mod.ts";
import type { InstancePlan } from "../vrrp/mod.ts";
import type { World } from "./world.ts";

/** Why somebody else may use an address of ours. */
export type DuplicateCause =
  /** Another master whose adverts are heard. */
  | { readonly kind: "second-master"; readonly source: IpAddress }
  /** The Ethernet address is that of a virtual router. */
  | { readonly kind: "virtual-router"; readonly vrid: number }
  /** It was said unasked, as masters do. */
  | { readonly kind: "announced" }
  | { readonly kind: "host" };

/** Somebody who uses an address of a master. */
export interface Duplicate {
  readonly address: IpAddress;
  readonly ifIndex: IfIndex;
  readonly mac: MacAddress | undefined;
  readonly since: Instant;
  heardAt: Instant;
  claims: number;
  /** Whether it announced the address unasked. */
  announced: boolean;
  cause: DuplicateCause;
  /** Told once at least; before that it is a suspicion. */
  told: boolean;
  /** From when on it is told, or told again. */
  tellAt: Instant;
}

/** What is watched on one interface. */
export interface DuplicateWatch {
  addresses: readonly IpAddress[];
  /** Claims since an instant: more than so many are left to the kernel to drop. */
  heard: number;
  since: Instant;
  mutedUntil: Instant;
}

/** All of it, and when there is something to do. */
export interface DuplicateWatches {
  readonly watches: Map<IfIndex, DuplicateWatch>;
  lookAt: Instant;
}

/** Nothing is watched. */
export function newDuplicateWatches(): DuplicateWatches {
  return { watches: new Map(), lookAt: never };
}

const patience = seconds(1);

/** Longer than it takes until a master that has to yield has done so. */
export function settlingTime({ advertInterval }: InstancePlan): Duration {
  return advertInterval > patience ? advertInterval : patience;
}

/** What is to be watched may have changed. */
export function watchSoon({ duplicates, steppedAt }: World): void {
  duplicates.lookAt = earlier(duplicates.lookAt, after(steppedAt, patience));
}

/** Says what is to be watched from now on, where that has changed. */
export function settleWatches(world: World, now: Instant): void {
  const { duplicates: { watches } } = world;
  const wanted = wantedAddresses(world, now);
  for (const ifIndex of wanted.keys()) {
    if (watches.has(ifIndex)) continue;
    watches.set(ifIndex, { addresses: [], heard: 0, since: now, mutedUntil: now });
  }
  for (const [ifIndex, watch] of watches) {
    const muted = watch.mutedUntil > now;
    if (muted) lookAgain(world, watch.mutedUntil);
    const addresses = muted ? [] : wanted.get(ifIndex) ?? [];
    if (!equalPlain(addresses, watch.addresses)) {
      watch.addresses = addresses;
      world.effects.push({ kind: "watch-claims", ifIndex, addresses });
    }
    if (!wanted.has(ifIndex)) watches.delete(ifIndex);
  }
}

/** Has it all looked at again at an instant. */
export function lookAgain({ duplicates }: World, at: Instant): void {
  duplicates.lookAt = earlier(duplicates.lookAt, at);
}

function wantedAddresses(world: World, now: Instant): Map<IfIndex, IpAddress[]> {
  const wanted = new Map<IfIndex, IpAddress[]>();
  for (const { instance: { plan, state, lastTransition }, held } of world.slots.values()) {
    if (state.kind !== "MASTER") continue;
    const from = after(lastTransition.at, settlingTime(plan));
    if (from > now) {
      lookAgain(world, from);
      continue;
    }
    for (const { ifIndex, plan: { address } } of held) {
      if (world.kernel.link(ifIndex)?.mac === undefined) continue;
      const known = wanted.get(ifIndex);
      if (known === undefined) wanted.set(ifIndex, [address]);
      else known.push(address);
    }
  }
  return wanted;
}
