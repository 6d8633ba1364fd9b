/**
 * Rules as `nft -j list ruleset` prints them (libnftables-json(5)), as far as they can be about
 * VRRP. A match that is not understood may hold or not.
 */
import { fieldOf, has, listOf, textOf } from "./json.ts";
import { matchExpression, type NftSets } from "./nft_match.ts";
import { allOf } from "./packet.ts";
import type { Chain, Rule, Ruleset, Verdict } from "./verdict.ts";

/** The rules for packets of a family: those of `inet` and `netdev` are for both. */
export function readNft(json: unknown, family: "ipv4" | "ipv6"): Ruleset[] {
  const entries = listOf(json, "nftables");
  const tables = new Set(entries.flatMap((entry) => {
    const table = fieldOf(entry, "table");
    const kind = textOf(table, "family");
    const fits = ["inet", "netdev", family === "ipv4" ? "ip" : "ip6"].includes(kind);
    return fits ? [`${kind} ${textOf(table, "name")}`] : [];
  }));
  return [...tables].map((table) => readTable(entries, table));
}

function readTable(entries: readonly unknown[], table: string): Ruleset {
  const inside = (kind: string): unknown[] =>
    entries.map((entry) => fieldOf(entry, kind)).filter((one) =>
      one !== undefined && `${textOf(one, "family")} ${textOf(one, "table")}` === table
    );
  const sets: NftSets = new Map(
    [...inside("set"), ...inside("map")].map((set) => [textOf(set, "name"), listOf(set, "elem")]),
  );
  const rules = inside("rule");
  return {
    chains: new Map(
      inside("chain").map((chain) => {
        const name = textOf(chain, "name");
        const own = rules.filter((rule) => textOf(rule, "chain") === name);
        return [name, readChain(chain, own, { table, sets })];
      }),
    ),
  };
}

interface Place {
  readonly table: string;
  readonly sets: NftSets;
}

function readChain(chain: unknown, rules: readonly unknown[], { table, sets }: Place): Chain {
  const place = `chain ${table} ${textOf(chain, "name")}`;
  const hook = textOf(chain, "hook");
  const device = textOf(chain, "dev");
  const base = hook === "" || textOf(chain, "type") === "nat" ? {} : {
    base: {
      hook,
      priority: Number(fieldOf(chain, "prio") ?? 0),
      policy: textOf(chain, "policy") === "drop" ? "drop" as const : "accept" as const,
      ...(device === "" ? {} : { device }),
    },
  };
  return { ...base, place, rules: rules.map((rule) => readRule(rule, place, sets)) };
}

function readRule(rule: unknown, chain: string, sets: NftSets): Rule {
  const expressions = listOf(rule, "expr");
  const comment = textOf(rule, "comment");
  const said = comment === "" ? "" : ` "${comment}"`;
  return {
    place: `rule ${String(fieldOf(rule, "handle") ?? "?")}${said} of ${chain}`,
    decide: (packet) => {
      const matches = expressions.map((one) => matchExpression(one, packet, sets));
      const holds = allOf(matches);
      return expressions.flatMap((one) => {
        const map = fieldOf(one, "vmap");
        if (map === undefined) {
          const verdict = verdictOf(one);
          return verdict === undefined ? [] : [[holds, verdict] as const];
        }
        return elementsOf(fieldOf(map, "data"), sets).flatMap((element) => {
          if (!Array.isArray(element)) return [];
          const match = { match: { op: "==", left: fieldOf(map, "key"), right: element[0] } };
          const verdict = verdictOf(element[1]);
          if (verdict === undefined) return [];
          return [[allOf([holds, matchExpression(match, packet, sets)]), verdict] as const];
        });
      });
    },
  };
}

function verdictOf(expression: unknown): Verdict | undefined {
  for (const kind of ["accept", "drop", "return"] as const) {
    if (has(expression, kind)) return { kind };
  }
  if (has(expression, "reject")) return { kind: "drop" };
  for (const kind of ["jump", "goto"] as const) {
    if (has(expression, kind)) return { kind, chain: textOf(fieldOf(expression, kind), "target") };
  }
  return undefined;
}

function elementsOf(data: unknown, sets: NftSets): readonly unknown[] {
  if (typeof data === "string") return sets.get(data.replace(/^@/, "")) ?? [];
  return listOf(data, "set");
}
