/**
 * What the stories configure: one virtual router in a few words, from which the file for standin
 * and keepalived is written; it is the same file for both.
 */

/** The protocols that every pairing is tried with. */
export const protocols = [
  { name: "v2 over IPv4", version: 2, family: "ipv4", intervalMs: 1000 },
  { name: "v3 over IPv4", version: 3, family: "ipv4", intervalMs: 200 },
  { name: "v3 over IPv6", version: 3, family: "ipv6", intervalMs: 200 },
] as const;

/** One of them, perhaps at another pace. */
export interface Protocol {
  readonly name: string;
  readonly version: 2 | 3;
  readonly family: "ipv4" | "ipv6";
  readonly intervalMs: number;
}

/** A virtual router as a story wants it. */
export interface RouterPlan {
  readonly protocol: Protocol;
  readonly priority: number;
  readonly nopreempt?: boolean;
  /** More lines of `global_defs`. */
  readonly globals?: readonly string[];
  /** More lines before the instance. */
  readonly roots?: readonly string[];
  /** More lines of the instance. */
  readonly lines?: readonly string[];
  /** Other addresses than the usual ones. */
  readonly addresses?: readonly string[];
}

/** The virtual router of all stories; FRR takes it from the link-layer address. */
export const vrid = 51;

const usualAddresses = {
  ipv4: ["10.77.0.100/24", "10.77.0.101/24"],
  ipv6: ["fe80::77:100/64", "2001:db8:77::100/64"],
} as const;

/** The addresses that the router moves. */
export function addressesOf(plan: Pick<RouterPlan, "protocol" | "addresses">): readonly string[] {
  return plan.addresses ?? usualAddresses[plan.protocol.family];
}

/** The file for standin and for keepalived. */
export function renderConfiguration(plan: RouterPlan, name = "VI_1"): string {
  const globals = renderGlobals(plan.protocol.version, plan.globals);
  const roots = (plan.roots ?? []).map((line) => `${line}\n`).join("");
  return `${globals}${roots}${renderInstance(plan, { name })}`;
}

/** The first block of a file. */
export function renderGlobals(version: 2 | 3, lines: readonly string[] = []): string {
  return `\
global_defs {
    router_id lab
    vrrp_version ${version}
${lines.map((line) => `    ${line}\n`).join("")}\
}
@standin status_listen off
`;
}

/** The block of one instance. */
export function renderInstance(
  plan: RouterPlan,
  place: { readonly name: string; readonly link?: string; readonly vrid?: number },
): string {
  const { protocol, priority, nopreempt = false, lines = [] } = plan;
  return `\
vrrp_instance ${place.name} {
    state BACKUP
    interface ${place.link ?? "eth0"}
    virtual_router_id ${place.vrid ?? vrid}
    priority ${priority}
    advert_int ${protocol.intervalMs / 1000}
${nopreempt ? "    nopreempt\n" : ""}${lines.map((line) => `    ${line}\n`).join("")}\
    virtual_ipaddress {
${addressesOf(plan).map((address) => `        ${address}\n`).join("")}\
    }
}
`;
}
