/**
 * Watches for an address that two running nodes hold at once, longer than the routers that it
 * belongs to may need to agree.
 */
import { equalIp, formatPrefix, type IpAddress } from "../base/mod.ts";
import { AgreementWatch, type Disagreement, type Masters, type SimNode } from "../host/sim/mod.ts";

/** Watches addresses. */
export function watchAddresses(): AgreementWatch {
  return new AgreementWatch((_key, masters) => sharedBy(masters));
}

/** An address of the virtual router that two of its nodes hold. */
function sharedBy({ all }: Masters): Disagreement | undefined {
  const holders = all.filter(({ node }) =>
    node.kernel.addresses().some(({ byDaemon }) => byDaemon)
  );
  for (const [place, { node, plan }] of holders.entries()) {
    const others = holders.slice(place + 1).map((one) => one.node);
    for (const { address, prefixLength } of others.length === 0 ? [] : plan.addresses) {
      if (!holds(node, address)) continue;
      const other = others.find((one) => holds(one, address));
      if (other === undefined) continue;
      const text = formatPrefix({ address, prefixLength });
      const plans = all.map((one) => one.plan);
      return { words: `${text} is on ${node.name} and ${other.name}`, plans };
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
