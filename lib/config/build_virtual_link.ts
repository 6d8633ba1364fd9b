/**
 * The interfaces that standin makes for an instance: which it needs, what they are called, which
 * Ethernet address they have. Names that are made up have several candidates, because what is
 * taken on the machine is only known when it runs.
 */
import { type Family, type MacAddress, macFromBytes, type Vrid } from "../base/mod.ts";
import type {
  AddressPlan,
  InstanceLinkPlan,
  InstancePlan,
  IpvlanPlan,
  MacvlanPlan,
  VirtualLinkPlan,
} from "../vrrp/mod.ts";
import type { Building } from "./build_instance.ts";
import { isUnicast } from "./build_unicast.ts";
import type { InstanceDraft } from "./draft.ts";
import type { VirtualLinkDraft } from "./draft_link.ts";
import { INTERFACE_NAME_MAX } from "./limits.ts";
import type { Report } from "./report.ts";

/** keepalived's prefix of the names that it makes up. */
const defaultPrefix = "vrrp";
/** How many names are tried before an instance stays without its interface. */
const candidates = 16;

/** What an instance says of itself before its interface is known. */
interface Router {
  readonly interfaceName: string;
  readonly family: Family;
  readonly vrid: Vrid;
}

/** The virtual link of an instance; nothing when it runs on its interface itself. */
export function instanceLinkOf(
  building: Building,
  router: Router,
): { readonly virtualLink?: InstanceLinkPlan } {
  const given = building.draft.virtualLink;
  if (given === undefined) {
    transmitsOnBase(building, given);
    return {};
  }
  const link = linkPlan(building, given, router);
  if (link === undefined) return {};
  return { virtualLink: { link, transmitOnBase: transmitsOnBase(building, given) } };
}

/** keepalived: unicast can not be sent from a macvlan. */
function transmitsOnBase(
  { draft, report, owner, strict }: Building,
  given: VirtualLinkDraft | undefined,
): boolean {
  const asked = draft.transmitOnBase;
  if (given?.kind !== "macvlan") {
    if (asked === undefined) return false;
    const message = `Cannot use vmac_xmit_base for ${owner}: it has no use_vmac`;
    report.error("no-vmac", asked.place, message);
    return false;
  }
  if (asked !== undefined && strict) {
    const message = `Cannot use vmac_xmit_base in strict mode for ${owner}`;
    report.error("strict-mode", asked.place, message);
  }
  return (asked !== undefined && !strict) || isUnicast(draft);
}

function linkPlan(
  building: Building,
  given: VirtualLinkDraft,
  router: Router,
): VirtualLinkPlan | undefined {
  const { global, report, owner } = building;
  const { interfaceName: base, family } = router;
  const prefix = global.vmacPrefix ?? defaultPrefix;
  const names = given.name === undefined ? namesOf(prefix, router) : [given.name.value];
  const { group } = given;
  const shared = { base, family, names, ...(group === undefined ? {} : { group }) };
  if (given.kind === "macvlan") {
    const notify = given.notify === true ? { notify: true as const } : {};
    return { kind: "macvlan", ...shared, mac: macOf(building, given, router), ...notify };
  }
  const address = given.address?.value;
  if (address !== undefined && address.address.family !== router.family) {
    const message = `Cannot use the address of use_ipvlan for ${owner}: it is of another family`;
    report.error("family-mismatch", given.address?.place, message);
    return undefined;
  }
  if (address === undefined && router.family === "ipv4") return undefined;
  const flag = given.flag ?? "bridge";
  return { kind: "ipvlan", ...shared, flag, ...(address === undefined ? {} : { address }) };
}

/**
 * Addresses of an instance, those with a macvlan of their own told which. keepalived: "dev" with
 * the interface of the instance says nothing, so that address, too, goes to the virtual link.
 */
export function withMacvlans(
  { draft, global }: Building,
  plans: readonly AddressPlan[],
  asked: ReadonlySet<AddressPlan>,
  router: Router,
): AddressPlan[] {
  const all = draft.macvlansForAddresses !== undefined;
  const prefix = global.vmacAddressPrefix ?? global.vmacPrefix ?? defaultPrefix;
  return plans.map((plan) => {
    const { device: base } = plan;
    const other = base !== undefined && base !== router.interfaceName;
    if (!other && draft.virtualLink !== undefined && !asked.has(plan)) {
      const { device: _, ...rest } = plan;
      return rest;
    }
    if (base === undefined || !(asked.has(plan) || (all && other))) return plan;
    const virtualLink: MacvlanPlan = {
      kind: "macvlan",
      base,
      family: router.family,
      names: namesOf(prefix, router),
      mac: virtualMac(router),
    };
    return { ...plan, virtualLink };
  });
}

/** keepalived: `vrrp.51`, for IPv6 `vrrp6.51`, then `vrrp1.51`…; the prefix gives way. */
function namesOf(prefix: string, { family, vrid }: Router): string[] {
  const numbers = Array.from({ length: candidates }, (_, number) => String(number + 1));
  const middles = ["", ...(family === "ipv6" ? ["6"] : []), ...numbers];
  return [...new Set(middles)].map((middle) => {
    const rest = `${middle}.${vrid}`;
    return `${prefix.slice(0, INTERFACE_NAME_MAX - rest.length)}${rest}`;
  });
}

function macOf(
  { report, owner, strict }: Building,
  { octets }: VirtualLinkDraft,
  router: Router,
): MacAddress {
  if (octets === undefined) return virtualMac(router);
  if (strict) {
    const message = `Cannot use another MAC address in strict mode for ${owner}`;
    report.error("strict-mode", octets.place, message);
    return virtualMac(router);
  }
  const whole = macFromBytes(Uint8Array.of(...octets.value, router.vrid).subarray(0, 6));
  return whole ?? virtualMac(router);
}

/** RFC 9568 §7.3: 00-00-5e-00-01-VRID, for IPv6 00-00-5e-00-02-VRID. */
function virtualMac({ family, vrid }: Router): MacAddress {
  const version = family === "ipv4" ? 1 : 2;
  return Uint8Array.of(0, 0, 0x5e, 0, version, vrid) as MacAddress;
}

/**
 * The kernel has one flag for all ipvlans of an interface, and the last one that is made sets it:
 * the first instance decides, the others are told. `flags` are those of the interfaces so far.
 */
export function withFlagOf(
  plan: InstancePlan,
  flags: Map<string, IpvlanPlan["flag"]>,
  draft: InstanceDraft,
  report: Report,
): InstancePlan {
  const { virtualLink } = plan;
  if (virtualLink?.link.kind !== "ipvlan") return plan;
  const own = virtualLink.link;
  const flag = flags.get(own.base) ?? own.flag;
  flags.set(own.base, flag);
  if (own.flag === flag) return plan;
  const message = `Cannot use ${own.flag} for the ipvlan of vrrp_instance "${plan.name}": ` +
    `others on ${own.base} are ${flag}, which is used`;
  report.error("ipvlan-flag", draft.virtualLink?.place, message);
  return { ...plan, virtualLink: { ...virtualLink, link: { ...own, flag } } };
}
