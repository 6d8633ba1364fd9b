/**
 * keepalived's `-a`: a log line for every address that comes to an interface or leaves it, and at
 * the start for those that are there. What the daemon itself adds and deletes is not among them.
 */
import { formatPrefix, type IfIndex } from "../../base/mod.ts";
import type { EngineEvent, InterfaceAddress } from "../../engine/mod.ts";

/** The lines about what the kernel said; most events say nothing of addresses. */
export function reportAddresses(
  event: EngineEvent,
  nameOf: (ifIndex: IfIndex) => string | undefined,
): string[] {
  switch (event.kind) {
    case "kernel-tables":
      return event.addresses.map((one) => line(one, "is on"));
    case "address":
      return [line(event.address, "came to")];
    case "address-gone":
      return [line(event.address, "left")];
    default:
      return [];
  }

  function line(one: InterfaceAddress, what: string): string {
    return `address ${formatPrefix(one)} ${what} ${nameOf(one.ifIndex) ?? `#${one.ifIndex}`}`;
  }
}
