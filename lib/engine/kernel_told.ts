/**
 * What the kernel tells: what somebody else did, its whole tables, and what it refused.
 */
import type { Instant } from "../base/mod.ts";
import type { EngineEvent } from "./event.ts";
import { linksRead } from "./links.ts";
import {
  addressChanged,
  addressGone,
  examine,
  linkChanged,
  linkGone,
  listenRefused,
} from "./network.ts";
import { addressRefused } from "./refused_address.ts";
import { compareRouting, routeGone, ruleGone } from "./routing_watch.ts";
import { tell } from "./slot.ts";
import { staticAddressRefused } from "./static.ts";
import type { World } from "./world.ts";

/** The kernel tells what somebody else did. */
export function kernelChanged(
  world: World,
  event: Extract<
    EngineEvent,
    {
      kind:
        | "link"
        | "link-gone"
        | "forwarding"
        | "address"
        | "address-gone"
        | "route-gone"
        | "rule-gone";
    }
  >,
  now: Instant,
): void {
  switch (event.kind) {
    case "link":
      return linkChanged(world, event.link, now);
    case "link-gone":
      return linkGone(world, event.ifIndex, now);
    case "forwarding":
      return world.kernel.setForwarding(event.ifIndex, event.forwards);
    case "address":
      return addressChanged(world, event.address, now);
    case "address-gone":
      return addressGone(world, event.address, now);
    case "route-gone":
      return routeGone(world, event.route, now);
    case "rule-gone":
      return ruleGone(world, event.rule, now);
  }
}

/** The whole tables, at the start or after events were lost: every router is looked at again. */
export function tablesRead(
  world: World,
  tables: Extract<EngineEvent, { kind: "kernel-tables" }>,
  now: Instant,
): void {
  world.kernel.replace(tables.links, tables.addresses);
  linksRead(world, now);
  for (const slot of world.slots.values()) {
    examine(world, slot, now);
    // A copy: the first loss that makes the router step down empties the list.
    for (const { ifIndex, plan: { address, prefixLength } } of [...slot.held]) {
      if (world.kernel.find(ifIndex, address) !== undefined) continue;
      const gone = { ifIndex, address, prefixLength, secondary: false, tentative: false };
      addressGone(world, gone, now);
    }
  }
  if (tables.routing !== undefined) compareRouting(world, tables.routing, now);
}

/** The kernel did not do what it was asked for: told once for each interface and error. */
export function refused(
  world: World,
  event: Extract<EngineEvent, { kind: "refused" }>,
  now: Instant,
): void {
  const { operation, ifIndex, address, refusal } = event;
  const interfaceName = world.kernel.link(ifIndex)?.name ?? `#${ifIndex}`;
  if (operation === "listen" || operation === "send") {
    // That the interface is down is said already; the last word to its peers can not leave.
    if (operation === "send" && world.kernel.link(ifIndex)?.up === false) return;
    const key = `${operation} ${ifIndex} ${refusal.errno}`;
    if (!world.toldRefusals.has(key)) {
      world.toldRefusals.add(key);
      tell(world, { kind: "network-refused", operation, interfaceName, refusal });
    }
    if (operation === "listen") listenRefused(world, ifIndex, event.family, now);
    return;
  }
  if (address === undefined) return;
  if (operation === "add-address") staticAddressRefused(world, ifIndex, address, now);
  addressRefused(world, event, now);
}
