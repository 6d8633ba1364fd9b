/**
 * Virtual addresses that will not answer as meant: outside of every network of their interface,
 * with a length in one line and without in the next, or IPv6 without a link-local address first.
 */
import {
  equalIp,
  formatIp,
  formatPrefix,
  inNetwork,
  type IpPrefix,
  isLinkLocal,
  parsePrefix,
} from "../../base/mod.ts";
import type { AddressPlan } from "../../vrrp/mod.ts";
import type { Statement } from "../parse.ts";
import type { Place } from "../source.ts";
import { isHost } from "./machine.ts";
import type { Rule } from "./rule.ts";
import { linesOf } from "./statement.ts";
import { type InstanceView, sourceOf, type Subject, titleOf } from "./view.ts";

/** An address in a network in which its interface has no address. */
export const addressOutsideSubnet: Rule = {
  code: "address-outside-subnet",
  finds: "a virtual address in a network in which neither the source nor the interface is",
  check(subject, say): void {
    for (const instance of subject.instances) {
      for (const { plan, place } of linesWithPlans(instance)) {
        const found = strangerTo(plan, instance, subject);
        if (found === undefined) continue;
        const message = `${formatPrefix(plan)} of ${
          titleOf(instance)
        } is in no network of ${found}`;
        say(place, message, "check the address and its prefix length");
      }
    }
  },
};

/** An address of host length among addresses that say their network. */
export const mixedPrefixLengths: Rule = {
  code: "mixed-prefix-lengths",
  finds: "an address without a prefix length beside one of the same network that has it",
  check(subject, say): void {
    for (const instance of subject.instances) {
      const lines = linesWithPlans(instance);
      const networks = lines.filter(({ plan }) => !isHost(plan));
      for (const { plan, place, statement } of lines) {
        if (!isHost(plan) || statement.name.includes("/")) continue;
        const near = networks.find((other) => inNetwork(plan.address, other.plan));
        if (near === undefined) continue;
        const message = `${formatIp(plan.address)} has no prefix length and gets ` +
          `/${plan.prefixLength}, ${formatPrefix(near.plan)} beside it has one`;
        const same = `${formatIp(plan.address)}/${near.plan.prefixLength}`;
        say(place, message, `write "${same}", or /${plan.prefixLength} when that is meant`);
      }
    }
  },
};

/** IPv6 adverts whose first address routers of other makes do not expect. */
export const ipv6FirstAddress: Rule = {
  code: "ipv6-first-address",
  finds: "an IPv6 instance whose first address is not link-local",
  check(subject, say): void {
    for (const instance of subject.instances) {
      const [first] = linesWithPlans(instance);
      if (first === undefined || instance.plan?.family !== "ipv6") continue;
      if (isLinkLocal(first.plan.address)) continue;
      const message =
        `The first address of ${titleOf(instance)} is not link-local: hosts have no ` +
        "next hop that moves with it, and RFC 9568 §5.2.9 asks for one";
      say(first.place, message, "put an address such as fe80::1/64 first");
    }
  },
};

interface AddressLine {
  readonly plan: AddressPlan;
  readonly place: Place;
  readonly statement: Statement;
}

/** The lines of `virtual_ipaddress` that became addresses on the instance's own interface. */
function linesWithPlans({ statement, plan }: InstanceView): AddressLine[] {
  const plans =
    plan?.addresses.filter(({ device, peer }) =>
      (device === undefined || device === plan.interfaceName) && peer === undefined
    ) ?? [];
  return linesOf(statement, "virtual_ipaddress").flatMap((line): AddressLine[] => {
    const written = parsePrefix(line.name)?.address;
    const found = plans.find(({ address }) => written !== undefined && equalIp(address, written));
    return found === undefined ? [] : [{ plan: found, place: line.place, statement: line }];
  });
}

/** Whose networks the address is a stranger to; `undefined` when it is not, or nobody knows. */
function strangerTo(
  plan: AddressPlan,
  instance: InstanceView,
  { machine }: Subject,
): string | undefined {
  if (isLinkLocal(plan.address)) return undefined;
  const { family } = plan.address;
  const name = instance.plan?.interfaceName ?? "";
  const virtual = instance.plan?.addresses ?? [];
  const own = (machine.addresses?.get(name) ?? []).filter(({ address }) =>
    address.family === family && !isLinkLocal(address) &&
    !virtual.some((one) => equalIp(one.address, address))
  );
  if (own.length > 0) {
    if (own.some((known) => meets(plan, known))) return undefined;
    return `${name}, which has ${own.map(formatPrefix).join(", ")}`;
  }
  const source = sourceOf(instance);
  if (source === undefined || isLinkLocal(source.address)) return undefined;
  // Of a host's length nothing can be told, and one address near the source shows the network.
  if (source.address.family !== family || isHost(plan)) return undefined;
  const near = virtual.some((one) => !isHost(one) && inNetwork(source.address, one));
  return near ? undefined : `its source address ${formatIp(source.address)}`;
}

function meets(address: IpPrefix, network: IpPrefix): boolean {
  return inNetwork(address.address, network) || inNetwork(network.address, address);
}
