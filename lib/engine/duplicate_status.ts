/**
 * Duplicates of virtual addresses as people read them: in the log and in the snapshot.
 */
import { formatIp, formatMac, type Instant, unreachable } from "../base/mod.ts";
import type { DuplicateCause } from "./duplicate_watch.ts";
import type { Slot } from "./slot.ts";
import type { DuplicateStatus } from "./snapshot.ts";
import type { Tell } from "./tell.ts";
import type { World } from "./world.ts";

/** The sentence for the log. */
export function renderDuplicate(tell: Extract<Tell, { kind: "duplicate-address" }>): string {
  const { instance, address, interfaceName, hardwareAddress, claims, cause } = tell;
  const who = hardwareAddress ?? "somebody else";
  const often = claims === 1 ? "" : ` (${claims} times)`;
  return `${instance}: ${formatIp(address)} is used by ${who}, too, on ${interfaceName}${often}; ` +
    renderDuplicateCause(cause);
}

/** The likely cause in words. */
export function renderDuplicateCause(cause: DuplicateCause): string {
  switch (cause.kind) {
    case "second-master":
      return `it is ${formatIp(cause.source)}, which is master, too`;
    case "virtual-router":
      return `it is a VRRP router with VRID ${cause.vrid} that is master for it, and whose ` +
        "adverts do not come here as ours";
    case "announced":
      return "it announces the address, as another VRRP master does whose adverts do not come " +
        "here (a firewall, another VRID, one-way multicast), or a host that was given it";
    case "host":
      return "a host was given the address, or a real server answers ARP for it";
    default:
      return unreachable(cause);
  }
}

/** Those of a router that are more than a suspicion. */
export function describeDuplicates(
  world: World,
  { duplicates }: Slot,
  at: (instant: Instant) => string,
): DuplicateStatus[] {
  return duplicates.filter(({ told }) => told).map((duplicate) => ({
    address: formatIp(duplicate.address),
    interface: world.kernel.link(duplicate.ifIndex)?.name ?? `#${duplicate.ifIndex}`,
    hardwareAddress: duplicate.mac === undefined ? null : formatMac(duplicate.mac),
    since: at(duplicate.since),
    lastAt: at(duplicate.heardAt),
    claims: duplicate.claims,
    likelyCause: renderDuplicateCause(duplicate.cause),
  }));
}
