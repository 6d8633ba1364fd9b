/**
 * Watches for an address that two running nodes hold at once on a segment that works, longer than
 * the routers that it belongs to may need to agree.
 */
import { equalIp, formatPrefix, type Instant, instant, type IpAddress } from "../base/mod.ts";
import {
  type Masters,
  type Network,
  type SimNode,
  timeToAgree,
  type Watcher,
} from "../host/sim/mod.ts";

/** Watches addresses. */
export class AddressWatch implements Watcher {
  readonly #since = new Map<string, Instant>();
  #disturbedAt: Instant = instant(0);

  /** One step says nothing about two nodes. */
  stepped(): readonly string[] {
    return [];
  }

  /** Gives the routers time. */
  disturbed(now: Instant): void {
    this.#disturbedAt = now;
  }

  /** Looks who holds what. */
  looked({ routers, now }: Network): readonly string[] {
    const objections: string[] = [];
    for (const [segment, found] of routers) {
      for (const [key, { all }] of found) {
        const shared = segment.healthy() ? sharedBy(all) : undefined;
        if (shared === undefined) {
          this.#since.delete(key);
          continue;
        }
        const allowed = timeToAgree(segment, all.map(({ plan }) => plan));
        const since = this.#since.get(key) ?? now;
        const late = Math.max(since, this.#disturbedAt) + allowed < now;
        if (late) objections.push(shared);
        this.#since.set(key, late ? now : since);
      }
    }
    return objections;
  }
}

/** An address of the virtual router that two of its nodes hold, in words. */
function sharedBy(all: Masters["all"]): string | undefined {
  const holders = all.filter(({ node }) =>
    node.kernel.addresses().some(({ byDaemon }) => byDaemon)
  );
  for (const [place, { node, plan }] of holders.entries()) {
    const others = holders.slice(place + 1).map((one) => one.node);
    for (const { address, prefixLength } of others.length === 0 ? [] : plan.addresses) {
      if (!holds(node, address)) continue;
      const other = others.find((one) => holds(one, address));
      if (other === undefined) continue;
      return `${formatPrefix({ address, prefixLength })} is on ${node.name} and ${other.name}`;
    }
  }
  return undefined;
}

function holds({ kernel, faults }: SimNode, address: IpAddress): boolean {
  return kernel.addresses().some((held) =>
    held.byDaemon && equalIp(held.address, address) &&
    (faults.refusedAddresses.size === 0 ||
      !faults.refusedAddresses.has(`${held.ifIndex} ${formatPrefix(held)}`))
  );
}
