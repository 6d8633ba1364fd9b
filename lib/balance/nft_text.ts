/**
 * The table of virtual servers in the words of nft: the whole, or what leads from one state to the
 * next. One text is one transaction. Chains of servers that stay are not touched, so their counters
 * and the clients that they remember stay, too.
 */
import type { NftServer, NftService } from "./nft_service.ts";

/** All services by their chains. */
export type NftState = ReadonlyMap<string, NftService>;

/** Nobody else has a table of this name. */
export const nftName = "standin_balance";

/** The same with its family. */
export const nftTable: string = `inet ${nftName}`;

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
    first.push(...[...service.servers.values()].flatMap(flowRemoval));
    last.push(...[...service.servers].flatMap(serverRemoval), `delete chain ${nftTable} ${chain}`);
  }
  for (const [chain, service] of after) {
    const old = before.get(chain);
    if (old === service) continue;
    for (const [name, server] of service.servers) {
      const known = old?.servers.get(name);
      if (known !== undefined && equalServers(known, server)) continue;
      if (known !== undefined) first.push(`flush chain ${nftTable} ${name}`);
      block.push(serverBlock(name, server));
      if (known?.flow?.key !== server.flow?.key) {
        if (known !== undefined) first.push(...flowRemoval(known));
        then.push(...flowAddition(name, server));
      }
      if (known?.clients !== undefined && server.clients === undefined) {
        last.push(`delete set ${nftTable} ${name}`);
      }
    }
    const gone = [...old?.servers ?? []].filter(([name]) => !service.servers.has(name));
    first.push(...gone.flatMap(([, server]) => flowRemoval(server)));
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
  const [counted, counting] = [countedMaps(), countingChains()];
  return [...maps, ...counted, chainBlock("choose", choose), ...hooks, ...counting].join("\n");
}

/** Directions, each with the words that lead to what clients ask for. */
const directions = [["in", "original", "daddr", "dport"], [
  "out",
  "reply",
  "saddr",
  "sport",
]] as const;

function countedMaps(): string[] {
  return (["ipv4", "ipv6"] as const).flatMap((family) =>
    directions.flatMap(([direction]) => {
      const type = `${family}_addr . inet_proto`;
      return [
        `map ${family}_services_${direction} { ` +
        `type ${type} . inet_service . ${family}_addr : counter; }`,
        `map ${family}_hosts_${direction} { type ${type} . ${family}_addr : counter; }`,
      ];
    })
  );
}

/**
 * Before addresses are changed, and after they are changed back. The first packet of a connection
 * is counted where it is led to its server.
 */
function countingChains(): string[] {
  const chains = directions.map(([direction, way, address, port]) => {
    const rules = ([["ipv4", "ip"], ["ipv6", "ip6"]] as const).flatMap(([family, word]) => {
      const place = `${word} ${address} . meta l4proto`;
      const server = `ct reply ${word} saddr`;
      const head = `ct direction ${way} counter name`;
      return [
        `${head} ${place} . th ${port} . ${server} map @${family}_services_${direction}`,
        `${head} ${place} . ${server} map @${family}_hosts_${direction}`,
      ];
    });
    return chainBlock(`count_${direction}`, rules);
  });
  const hooks = [["prerouting", -150, "in"], ["output", -150, "in"], ["postrouting", 150, "out"]]
    .map(([hook, priority, direction]) =>
      chainBlock(`${hook}_count`, [
        `type filter hook ${hook} priority ${priority}; policy accept;`,
        `ct status dnat jump count_${direction}`,
      ])
    );
  return [...chains, ...hooks];
}

function flowAddition(name: string, { flow }: NftServer): string[] {
  if (flow === undefined) return [];
  return directions.map(([way]) =>
    `add element ${nftTable} ${flow.maps}_${way} { ${flow.key} : "${way}/${name}" }`
  );
}

function flowRemoval({ flow }: NftServer): string[] {
  if (flow === undefined) return [];
  return directions.map(([way]) =>
    `delete element ${nftTable} ${flow.maps}_${way} { ${flow.key} }`
  );
}

function serverBlock(name: string, { rules, clients, flow }: NftServer): string {
  const counters = flow === undefined ? [name] : [name, `in/${name}`, `out/${name}`];
  const set = clients === undefined
    ? []
    : [`set ${name} { type ${clients}; flags dynamic,timeout; size ${mostClients}; }`];
  return [...counters.map((one) => `counter ${one} { }`), ...set, chainBlock(name, rules)]
    .join("\n");
}

function chainBlock(name: string, rules: readonly string[]): string {
  return `chain ${name} {\n${rules.join("\n")}\n}`;
}

function serverRemoval([name, { clients, flow }]: readonly [string, NftServer]): string[] {
  const counters = flow === undefined ? [] : [`in/${name}`, `out/${name}`];
  return [
    `flush chain ${nftTable} ${name}`,
    `delete chain ${nftTable} ${name}`,
    ...(clients === undefined ? [] : [`delete set ${nftTable} ${name}`]),
    ...[name, ...counters].map((one) => `delete counter ${nftTable} ${one}`),
  ];
}

function equalServers(a: NftServer, b: NftServer): boolean {
  return equalRules(a, b) && a.flow?.key === b.flow?.key;
}

function equalRules(
  a: { readonly rules: readonly string[] },
  b: { readonly rules: readonly string[] },
): boolean {
  return a.rules.length === b.rules.length && a.rules.every((rule, at) => rule === b.rules[at]);
}
