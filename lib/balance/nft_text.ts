/**
 * The table of virtual servers in the words of nft: the whole, or what leads from one state to the
 * next. One text is one transaction. Chains of servers that stay are not touched, so their counters
 * and the clients that they remember stay, too.
 */
import type { NftServer, NftService } from "./nft_service.ts";

/** All services by their chains. */
export type NftState = ReadonlyMap<string, NftService>;

/** Nobody else has a table of this name. */
export const nftTable: string = "inet standin_balance";

/** Clients that are remembered for each server at most. */
const mostClients = 1_048_576;

/** Removes the table, whether it is there or not. */
export const nftRemoval: string = `table ${nftTable}\ndelete table ${nftTable}\n`;

/** The whole table, in place of whatever is there. */
export function renderNft(state: NftState): string {
  const change = renderNftChange(new Map(), state);
  return `${nftRemoval}table ${nftTable} {\n${skeleton()}\n}\n${change}`;
}

/** What leads from one state to the next; empty when they are the same. */
export function renderNftChange(before: NftState, after: NftState): string {
  const first: string[] = [];
  const block: string[] = [];
  const then: string[] = [];
  const last: string[] = [];
  for (const [chain, service] of before) {
    if (after.has(chain)) continue;
    first.push(`delete element ${nftTable} ${service.map} { ${service.key} }`);
    first.push(`flush chain ${nftTable} ${chain}`);
    last.push(...[...service.servers].flatMap(serverRemoval), `delete chain ${nftTable} ${chain}`);
  }
  for (const [chain, service] of after) {
    const old = before.get(chain);
    if (old === service) continue;
    for (const [name, server] of service.servers) {
      const known = old?.servers.get(name);
      if (known !== undefined && equalRules(known, server)) continue;
      if (known !== undefined) first.push(`flush chain ${nftTable} ${name}`);
      block.push(serverBlock(name, server));
      if (known?.clients !== undefined && server.clients === undefined) {
        last.push(`delete set ${nftTable} ${name}`);
      }
    }
    const gone = [...old?.servers ?? []].filter(([name]) => !service.servers.has(name));
    last.push(...gone.flatMap(serverRemoval));
    if (old === undefined || !equalRules(old, service)) {
      if (old !== undefined) first.push(`flush chain ${nftTable} ${chain}`);
      block.push(chainBlock(chain, service.rules));
    }
    if (old === undefined) {
      const { map, key } = service;
      then.push(`add element ${nftTable} ${map} { ${key} : goto ${chain} }`);
    }
  }
  const blocks = block.length === 0 ? [] : [`table ${nftTable} {\n${block.join("\n")}\n}`];
  const lines = [...first, ...blocks, ...then, ...last];
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

/** Maps that say where a packet goes, most particular first as in IPVS, and who asks them. */
function skeleton(): string {
  const maps = (["ipv4", "ipv6"] as const).flatMap((family) => [
    `map ${family}_marks { type mark : verdict; }`,
    `map ${family}_services { type ${family}_addr . inet_proto . inet_service : verdict; }`,
    `map ${family}_hosts { type ${family}_addr . inet_proto : verdict; }`,
  ]);
  const choose = ([["ipv4", "ip"], ["ipv6", "ip6"]] as const).flatMap(([family, word]) => [
    `meta nfproto ${family} meta mark vmap @${family}_marks`,
    `${word} daddr . meta l4proto . th dport vmap @${family}_services`,
    `${word} daddr . meta l4proto vmap @${family}_hosts`,
  ]);
  const hooks = ["prerouting", "output"].map((hook) =>
    chainBlock(hook, [`type nat hook ${hook} priority -100; policy accept;`, "jump choose"])
  );
  return [...maps, chainBlock("choose", choose), ...hooks].join("\n");
}

function serverBlock(name: string, { rules, clients }: NftServer): string {
  const set = clients === undefined
    ? []
    : [`set ${name} { type ${clients}; flags dynamic,timeout; size ${mostClients}; }`];
  return [`counter ${name} { }`, ...set, chainBlock(name, rules)].join("\n");
}

function chainBlock(name: string, rules: readonly string[]): string {
  return `chain ${name} {\n${rules.join("\n")}\n}`;
}

function serverRemoval([name, { clients }]: readonly [string, NftServer]): string[] {
  return [
    `flush chain ${nftTable} ${name}`,
    `delete chain ${nftTable} ${name}`,
    ...(clients === undefined ? [] : [`delete set ${nftTable} ${name}`]),
    `delete counter ${nftTable} ${name}`,
  ];
}

function equalRules(
  a: { readonly rules: readonly string[] },
  b: { readonly rules: readonly string[] },
): boolean {
  return a.rules.length === b.rules.length && a.rules.every((rule, at) => rule === b.rules[at]);
}
