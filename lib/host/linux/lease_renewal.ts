/**
 * Gives many addresses lifetimes anew with few system calls: the requests of a batch go to the
 * kernel as one datagram, and only what it refuses is answered.
 */
import type { Effect, EngineEvent } from "../../engine/mod.ts";
import { encodeReplaceAddress } from "../../netlink/mod.ts";
import { toAddressRequest } from "./address_request.ts";
import type { RouteNetlink } from "./route_netlink.ts";

/** So many requests are far less than the kernel takes in one datagram. */
const batchSize = 128;

/** Carries a renewal out; answers what the kernel refused. */
export function renewAddresses(
  requests: RouteNetlink,
  { holdings, leaseSeconds }: Extract<Effect, { kind: "renew-addresses" }>,
): EngineEvent[] {
  const refused: EngineEvent[] = [];
  for (let from = 0; from < holdings.length; from += batchSize) {
    const batch = holdings.slice(from, from + batchSize);
    const answers = requests.batch(
      batch.map(({ ifIndex, plan }) => (sequence) =>
        encodeReplaceAddress(toAddressRequest(ifIndex, plan, leaseSeconds), sequence)
      ),
    );
    for (const [index, refusal] of answers) {
      const holding = batch[index];
      // The interface is gone, and what was on it: its own event says so.
      if (holding === undefined || refusal.errno === "ENODEV") continue;
      const { ifIndex, plan: { address } } = holding;
      refused.push({ kind: "refused", operation: "add-address", ifIndex, address, refusal });
    }
  }
  return refused;
}
