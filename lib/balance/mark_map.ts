/**
 * `nftables_ipvs`: the addresses of a group get one mark, and IPVS has one service of that mark in
 * place of one for each address. The tables, maps and chains are named and ordered as keepalived
 * has them; addresses with all of their ports have a map of their own, as a port of 0 is none.
 */
import { type Family, formatIp } from "../base/mod.ts";
import type { IpvsServiceId } from "../netlink/mod.ts";
import type { VirtualServerPlan } from "./plan.ts";

/** The tables that give marks to packets, `ip NAME` and `ip6 NAME`. */
export interface MarkMapPlan {
  readonly table: string;
  /** Priority of their chains. */
  readonly priority: number;
}

/** keepalived's. */
export const defaultMarkMap = { table: "keepalived_ipvs", priority: -1, firstMark: 1000 } as const;

type AddressId = Extract<IpvsServiceId, { kind: "address" }>;

const words: Readonly<Record<Family, string>> = { ipv4: "ip", ipv6: "ip6" };
const protocols = [[6, "tcp"], [17, "udp"], [132, "sctp"]] as const;

/** Removes the tables, whether they are there or not. */
export function renderMarkRemoval({ table }: Pick<MarkMapPlan, "table">): string {
  return Object.values(words).map((word) =>
    `table ${word} ${table}\ndelete table ${word} ${table}\n`
  )
    .join("");
}

/** The whole tables, in place of whatever is there; empty when no virtual server needs them. */
export function renderMarkMap(plan: MarkMapPlan, servers: readonly VirtualServerPlan[]): string {
  const entries = servers.flatMap(({ services, marked = [] }) =>
    services.flatMap(({ id }): Entry[] => {
      const mark = marked.find((one) => one.id.kind === "mark" && one.id.family === familyOf(id));
      if (id.kind !== "address" || mark?.id.kind !== "mark") return [];
      return [{ id, mark: mark.id.mark }];
    })
  );
  if (entries.length === 0) return "";
  const tables = (["ipv4", "ipv6"] as const).flatMap((family) => {
    const own = entries.filter(({ id }) => id.address.family === family);
    return own.length === 0 ? [] : [renderTable(plan, family, own)];
  });
  return `${renderMarkRemoval(plan)}${tables.join("")}`;
}

interface Entry {
  readonly id: AddressId;
  readonly mark: number;
}

function familyOf(id: IpvsServiceId): Family {
  return id.kind === "mark" ? id.family : id.address.family;
}

function renderTable(
  { table, priority }: MarkMapPlan,
  family: Family,
  entries: readonly Entry[],
): string {
  const maps: string[] = [];
  const rules: string[] = [];
  const word = words[family];
  for (const [number, protocol] of protocols) {
    const own = entries.filter(({ id }) => id.protocol === number);
    const [ports, hosts] = [own.filter(({ id }) => id.port > 0), own.filter(({ id }) => !id.port)];
    if (ports.length > 0) {
      maps.push(mapOf(`${protocol}_map`, `${family}_addr . inet_service`, ports));
      const key = `${word} daddr . ${protocol} dport`;
      rules.push(`meta mark set ${key} map @${protocol}_map return`);
    }
    if (hosts.length > 0) {
      maps.push(mapOf(`${protocol}_hosts`, `${family}_addr`, hosts));
      const key = `meta l4proto ${protocol} meta mark set ${word} daddr`;
      rules.push(`${key} map @${protocol}_hosts return`);
    }
  }
  const hook = `type filter hook input priority ${priority}; policy accept;`;
  const chain = `chain in {\n${[hook, ...rules].join("\n")}\n}`;
  return `table ${word} ${table} {\n${maps.join("\n")}\n${chain}\n}\n`;
}

function mapOf(name: string, key: string, entries: readonly Entry[]): string {
  const elements = rangesOf(entries).map(({ first, last, port, mark }) => {
    const addresses = first === last ? first : `${first}-${last}`;
    return `${addresses}${port === 0 ? "" : ` . ${port}`} : ${mark}`;
  });
  return `map ${name} {\ntype ${key} : mark; flags interval;\n` +
    `elements = { ${elements.join(", ")} }\n}`;
}

interface Range {
  readonly first: string;
  readonly last: string;
  readonly port: number;
  readonly mark: number;
}

/** Addresses in a row become one element. */
function rangesOf(entries: readonly Entry[]): Range[] {
  const sorted = entries.map(({ id: { address, port }, mark }) => ({
    at: address.bytes.reduce((sum, octet) => sum << 8n | BigInt(octet), 0n),
    address,
    port,
    mark,
  })).sort((a, b) => a.port - b.port || (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const ranges: (Range & { end: bigint })[] = [];
  for (const { at, address, port, mark } of sorted) {
    const text = formatIp(address);
    const before = ranges.at(-1);
    const goesOn = before?.port === port && before.mark === mark && before.end + 1n === at;
    if (before !== undefined && goesOn) {
      ranges[ranges.length - 1] = { ...before, last: text, end: at };
    } else ranges.push({ first: text, last: text, port, mark, end: at });
  }
  return ranges;
}
