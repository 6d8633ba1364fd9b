/**
 * The firewall in the words of nft: whole tables, or the elements that changed in the sets of
 * tables that stay. The tables, chains and sets have keepalived's names, so that what people and
 * scripts know of them stays true. One text is one transaction.
 */
import type { Family } from "../../base/mod.ts";
import type { FirewallState, FirewallTable, OnInterface } from "../../engine/mod.ts";

const familyWord: Readonly<Record<Family, string>> = { ipv4: "ip", ipv6: "ip6" };
const families = ["ipv4", "ipv6"] as const;

/** A set or map by name, with its type and elements. */
interface ElementSet {
  readonly name: string;
  readonly kind: "set" | "map";
  readonly type: string;
  readonly elements: readonly string[];
}

/** What leads from one state to the next; empty when nothing is to be done. */
export function renderFirewall(
  before: FirewallState | undefined,
  after: FirewallState | undefined,
  canDuplicate: boolean,
): string {
  return families.map((family) => {
    const name = after?.table ?? before?.table ?? "";
    const old = before?.table === name ? before[family] : undefined;
    const [from, to] = [old, after?.[family]];
    const renamed = before !== undefined && before.table !== name
      ? removal(familyWord[family], before.table)
      : "";
    const table = `${familyWord[family]} ${name}`;
    if (to === undefined || after === undefined) {
      return renamed + (from === undefined ? "" : removal(familyWord[family], name));
    }
    const whole = renderTable(after, to, family, canDuplicate);
    const same = before !== undefined && from !== undefined &&
      shapeOf(before, from) === shapeOf(after, to);
    if (same) {
      return renderChanges(
        table,
        setsOf(from, family, canDuplicate),
        setsOf(to, family, canDuplicate),
      );
    }
    return `${renamed}${removal(familyWord[family], name)}${whole}`;
  }).join("");
}

/** Removes a table, whether it is there or not. */
export function removal(family: string, name: string): string {
  return `table ${family} ${name}\ndelete table ${family} ${name}\n`;
}

/** Removes both tables. */
export function removeTables(name: string): string {
  return families.map((family) => removal(familyWord[family], name)).join("");
}

/** Whatever makes other rules than before. */
function shapeOf(
  { priority, counters = false }: FirewallState,
  { drops, macvlans, byName, byIndex, baseAddresses }: FirewallTable,
): string {
  const named = [byName, byIndex, macvlans, baseAddresses].map(({ length }) => length > 0);
  return JSON.stringify([priority, counters, drops, ...named]);
}

function setsOf(table: FirewallTable, family: Family, canDuplicate: boolean): ElementSet[] {
  const address = family === "ipv4" ? "ipv4_addr" : "ipv6_addr";
  const { drops, addresses, byIndex, byName, macvlans, baseAddresses } = table;
  const sets: ElementSet[] = [];
  const index = "iface_index";
  if (macvlans.length > 0) {
    const pairs = macvlans.map(([own, base]) => `${own} : ${base}`);
    sets.push({ name: "vmac_map", kind: "map", type: `${index} : ${index}`, elements: pairs });
  }
  if (macvlans.length > 0 && (family === "ipv6" || !canDuplicate)) {
    const own = macvlans.map(([link]) => `${link}`);
    sets.push({ name: "vmac_set", kind: "set", type: index, elements: own });
  }
  if (baseAddresses.length > 0) {
    sets.push({ name: "parent_link_local", kind: "set", type: address, elements: baseAddresses });
  }
  if (drops) sets.push({ name: "vips", kind: "set", type: address, elements: addresses });
  const scoped = (
    name: string,
    type: string,
    members: readonly OnInterface[],
    quote: string,
  ): void => {
    if (members.length === 0) return;
    const elements = members.map((one) => `${one.address} . ${quote}${one.interface}${quote}`);
    sets.push({ name, kind: "set", type: `${address} . ${type}`, elements });
  };
  scoped("vips_link_local", index, byIndex, "");
  scoped("vips_link_local_name", "ifname", byName, '"');
  return sets;
}

function renderTable(
  { table, priority, counters = false }: FirewallState,
  state: FirewallTable,
  family: Family,
  canDuplicate: boolean,
): string {
  const sets = setsOf(state, family, canDuplicate).map(({ kind, name, type, elements }) => {
    const inside = elements.length === 0 ? "" : ` elements = { ${elements.join(", ")} }`;
    return `${kind} ${name} { type ${type};${inside} }`;
  });
  const chains = chainsOf(state, family, canDuplicate);
  const hooks: Readonly<Record<string, string>> = { in: "input", out: "output" };
  const counted = (rule: string): string =>
    counters ? rule.replace(/ (drop|accept|goto \S+)$/, " counter $1") : rule;
  const blocks = Object.entries(chains).map(([name, rules]) => {
    const hook = hooks[name];
    const base = hook === undefined
      ? []
      : [`type filter hook ${hook} priority ${priority}; policy accept;`];
    return `chain ${name} {\n${[...base, ...rules.map(counted)].join("\n")}\n}`;
  });
  const fixed = family === "ipv6" ? constantSets(state) : [];
  const body = [...sets, ...fixed, ...blocks].join("\n");
  return `table ${familyWord[family]} ${table} {\n${body}\n}\n`;
}

function constantSets({ drops, macvlans }: FirewallTable): string[] {
  const type = "type icmpv6_type; flags constant;";
  const discovery = "nd-neighbor-solicit, nd-neighbor-advert";
  const reports = "mld-listener-report, mld-listener-done, mld2-listener-report";
  return [
    ...(drops ? [`set neighbor-discovery { ${type} elements = { ${discovery} } }`] : []),
    ...(macvlans.length > 0 ? [`set mld-report { ${type} elements = { ${reports} } }`] : []),
  ];
}

function chainsOf(
  { drops, macvlans, byName, byIndex, baseAddresses }: FirewallTable,
  family: Family,
  canDuplicate: boolean,
): Record<string, string[]> {
  const word = familyWord[family];
  const incoming: string[] = [];
  const outgoing: string[] = [];
  const chains: Record<string, string[]> = {};
  if (macvlans.length > 0) {
    const report = family === "ipv4" ? "ip protocol igmp" : "icmpv6 type @mld-report";
    outgoing.push(
      canDuplicate
        ? `${report} meta oifkind "macvlan" dup to ${word} daddr device oif map @vmac_map drop`
        : `${report} oif @vmac_set drop`,
    );
    if (family === "ipv6") {
      outgoing.push(`icmpv6 type nd-router-solicit meta oifkind "macvlan" oif @vmac_set drop`);
    }
  }
  if (baseAddresses.length > 0) {
    outgoing.push(
      "icmpv6 type nd-neighbor-advert oif @vmac_set ip6 saddr @parent_link_local drop",
    );
  }
  if (drops && family === "ipv6") {
    for (
      const [chain, rules, address, link] of [
        ["in_link_local", incoming, "daddr", "iif"],
        ["out_link_local", outgoing, "saddr", "oif"],
      ] as const
    ) {
      rules.push("icmpv6 type @neighbor-discovery accept");
      if (byIndex.length + byName.length === 0) continue;
      rules.push(`ip6 ${address} fe80::/10 goto ${chain}`);
      chains[chain] = [
        ...(byIndex.length > 0 ? [`ip6 ${address} . ${link} @vips_link_local drop`] : []),
        ...(byName.length > 0 ? [`ip6 ${address} . ${link}name @vips_link_local_name drop`] : []),
      ];
    }
  }
  if (drops) {
    incoming.push(`${word} daddr @vips drop`);
    outgoing.push(`${word} saddr @vips drop`);
    chains["in"] = incoming;
  }
  // A chain must be known before a rule goes to it.
  return { ...chains, out: outgoing };
}

/** The elements that came and went. */
function renderChanges(
  table: string,
  before: readonly ElementSet[],
  after: readonly ElementSet[],
): string {
  return after.map(({ name, elements, kind }) => {
    const old = before.find((one) => one.name === name)?.elements ?? [];
    const gone = old.filter((element) => !elements.includes(element));
    const fresh = elements.filter((element) => !old.includes(element));
    const keys = kind === "map" ? gone.map((element) => element.split(" : ")[0]) : gone;
    return (keys.length === 0 ? "" : `delete element ${table} ${name} { ${keys.join(", ")} }\n`) +
      (fresh.length === 0 ? "" : `add element ${table} ${name} { ${fresh.join(", ")} }\n`);
  }).join("");
}
