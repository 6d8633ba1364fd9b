/**
 * The addresses of an instance as a whole: having none is only right when it is said, an advert has
 * room for so many, and what does not fit moves with the state without being advertised.
 */
import { formatPrefix, isLinkLocal } from "../base/mod.ts";
import type { AddressPlan, InstancePlan } from "../vrrp/mod.ts";
import type { Building } from "./build_instance.ts";
import { withDevices } from "./build_unicast.ts";
import type { AddressDraft } from "./draft.ts";
import { ADDRESSES_MAX } from "./limits.ts";

/** What an instance has of addresses. */
export type Addresses = Pick<InstancePlan, "addresses" | "excludedAddresses">;

/** The addresses of an instance; `undefined` when it can not run with those it has. */
export function addressesOf(building: Building, version: 2 | 3): Addresses | undefined {
  const { draft, report, owner, strict } = building;
  const intended = draft.noVirtualAddress;
  if (intended !== undefined && (strict || draft.addresses.length > 0)) {
    const why = strict ? "strict mode does not allow it" : "there are addresses";
    const message = `Cannot use no_virtual_ipaddress for ${owner}: ${why}`;
    report.error("no-virtual-address", intended.place, message);
  }
  if (draft.addresses.length === 0 && (strict || intended === undefined)) {
    const message = `${owner} has no virtual_ipaddress`;
    const hint = "no_virtual_ipaddress says that this is meant";
    if (strict || version === 3) {
      report.error(
        "no-addresses",
        draft.place,
        `Cannot run: ${message}`,
        strict ? undefined : hint,
      );
      return undefined;
    }
    report.warning("no-addresses", draft.place, message, hint);
  }
  const ipv6 = draft.hmac === undefined ? ADDRESSES_MAX.ipv6 : ADDRESSES_MAX.signedIpv6;
  const most = draft.family === "ipv6" ? ipv6 : ADDRESSES_MAX.ipv4;
  const excess = draft.addresses[most];
  if (excess !== undefined) {
    const message = `${owner} has more than ${most} addresses: the others are not advertised`;
    report.error("too-many-addresses", excess.place, message);
  }
  const seen = new Set<string | number>();
  const plans = withoutRepeats(withDevices(building, draft.addresses), seen, building);
  const excluded = withoutRepeats(withDevices(building, draft.excludedAddresses), seen, building);
  const [first] = draft.addresses;
  if (strict && first?.plan.address.family === "ipv6" && !isLinkLocal(first.plan.address)) {
    const message = `The first IPv6 address of ${owner} must be link-local in strict mode`;
    report.error("not-link-local", first.place, message);
  }
  if (plans.length <= most) return { addresses: plans, excludedAddresses: excluded };
  return {
    addresses: plans.slice(0, most),
    excludedAddresses: [...plans.slice(most), ...excluded],
  };
}

/** What no two may have in common. Most are of IPv4, and a number is quicker than a text. */
function keyOf(plan: AddressPlan): string | number {
  const { address: { family, bytes }, prefixLength, device } = plan;
  if (family === "ipv6" || device !== undefined) return `${formatPrefix(plan)} ${device ?? ""}`;
  const low = (bytes[2] ?? 0) * 256 + (bytes[3] ?? 0);
  const number = ((bytes[0] ?? 0) * 256 + (bytes[1] ?? 0)) * 65_536 + low;
  return number * 64 + prefixLength;
}

/** The kernel has an address of one length on one interface only once. */
function withoutRepeats(
  addresses: readonly AddressDraft[],
  seen: Set<string | number>,
  { report, owner }: Building,
): AddressPlan[] {
  if (addresses.length === 0) return [];
  const plans: AddressPlan[] = [];
  for (const address of addresses) {
    const { plan } = address;
    const key = keyOf(plan);
    if (seen.has(key)) {
      const message = `${formatPrefix(plan)} stands twice in ${owner}: the first one counts`;
      report.warning("duplicate-address", address.place, message);
    } else {
      seen.add(key);
      plans.push(plan);
    }
  }
  return plans;
}
