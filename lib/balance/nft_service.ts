/**
 * One service of IPVS as chains of nftables: one that chooses, and one for each server, which
 * remembers the client, counts, and changes the destination. What is established stays with its
 * server without any of this: conntrack knows it.
 */
import { type Family, formatIp, type IpAddress, ipFromBytes, viewOf } from "../base/mod.ts";
import {
  type IpvsDestination,
  type IpvsService,
  type IpvsServiceId,
  serviceFlag,
} from "../netlink/mod.ts";
import { bySource, byWeight, inTurn } from "./nft_share.ts";
import type { ServiceTable } from "./wanted.ts";

/** The chain of a server, with its counter and, where clients are remembered, its set. */
export interface NftServer {
  readonly rules: readonly string[];
  /** The type of the set of clients that has the name of the chain. */
  readonly clients?: "ipv4_addr" | "ipv6_addr";
  /** Where its packets are counted: the maps are this with `_in` and `_out`. */
  readonly flow?: { readonly maps: string; readonly key: string };
}

/** The chains of a service. */
export interface NftService {
  readonly chain: string;
  /** The map and the element that lead to the chain. */
  readonly map: string;
  readonly key: string;
  readonly rules: readonly string[];
  /** By their chains. */
  readonly servers: ReadonlyMap<string, NftServer>;
}

const protocolNames: Readonly<Record<number, string>> = { 6: "tcp", 17: "udp", 132: "sctp" };
const words: Readonly<Record<Family, string>> = { ipv4: "ip", ipv6: "ip6" };

/** The chains of a service with these destinations. */
export function nftServiceOf({ service, destinations }: ServiceTable): NftService {
  const chain = chainOf(service.id);
  const family = familyOf(service.id);
  const servers = new Map<string, NftServer>();
  const shares: { chain: string; weight: number }[] = [];
  const counted = new Set<string>();
  for (const destination of destinations.values()) {
    const name = nftServerName(service.id, destination);
    const flow = flowOf(service.id, destination);
    const isFirst = flow !== undefined && !counted.has(flow.key);
    if (isFirst) counted.add(flow.key);
    const counting = isFirst ? { flow } : {};
    servers.set(name, { ...serverOf(name, destination, service), ...counting });
    if (destination.weight > 0) shares.push({ chain: name, weight: destination.weight });
  }
  const remembered = service.timeoutSeconds === 0
    ? []
    : shares.map(({ chain: server }) => `${clientOf(service)} @${server} goto ${server}`);
  // As IPVS answers when it has nobody to send a packet to.
  const choice = shares.length === 0 ? "reject" : choiceOf(service, shares);
  const place = elementOf(service.id, family);
  return { chain, ...place, rules: [...remembered, choice], servers };
}

/** The name of the chain of a server, and of the counter of its connections. */
export function nftServerName(id: IpvsServiceId, destination: Endpoint): string {
  return `${chainOf(id)}/${placeOf(destination)}`;
}

type Endpoint = Pick<IpvsDestination, "address" | "port">;

/**
 * Packets are told apart by what clients ask for and the address of the server, which conntrack
 * knows in both directions: servers of one service on one address are counted together, by the
 * first of them. What a mark means is known of packets from clients only.
 */
function flowOf(id: IpvsServiceId, { address }: Endpoint): NftServer["flow"] {
  if (id.kind === "mark") return undefined;
  const { map, key } = elementOf(id, familyOf(id));
  return { maps: map, key: `${key} . ${formatIp(address)}` };
}

function choiceOf(
  service: IpvsService,
  shares: readonly { readonly chain: string; readonly weight: number }[],
): string {
  const word = words[familyOf(service.id)];
  switch (service.scheduler) {
    case "rr":
      return inTurn(shares);
    case "sh": {
      const port = (service.flags & serviceFlag.scheduler2) === 0 ? "" : " . th sport";
      return bySource(shares, `${word} saddr${port}`);
    }
    case "fo": {
      const heaviest = Math.max(...shares.map(({ weight }) => weight));
      return inTurn(shares.filter(({ weight }) => weight === heaviest).slice(0, 1));
    }
    default:
      return byWeight(shares);
  }
}

function serverOf(
  chain: string,
  { address, port }: IpvsDestination,
  service: IpvsService,
): NftServer {
  const { id, timeoutSeconds } = service;
  const family = familyOf(id);
  const word = words[family];
  const counted = `counter name "${chain}"`;
  const host = formatIp(address);
  // A port is understood only behind a protocol that has ports.
  const protocol = id.kind === "mark"
    ? "meta l4proto { tcp, udp, sctp }"
    : `meta l4proto ${protocolNames[id.protocol] ?? id.protocol}`;
  const change = port === 0
    ? `dnat ${word} to ${host}`
    : `${protocol} dnat ${word} to ${family === "ipv6" ? `[${host}]` : host}:${port}`;
  if (timeoutSeconds === 0) return { rules: [`${counted} ${change}`] };
  // A rule of its own: a set that is full must not keep the connection from its server.
  const remember = `update @${chain} { ${clientOf(service)} timeout ${timeoutSeconds}s }`;
  return { rules: [remember, `${counted} ${change}`], clients: `${family}_addr` };
}

/** What of a client's address is remembered. */
function clientOf({ id, netmask }: IpvsService): string {
  const family = familyOf(id);
  const source = `${words[family]} saddr`;
  if (family === "ipv4") {
    if (netmask === 0xffff_ffff) return source;
    const mask = new Uint8Array(4);
    viewOf(mask).setUint32(0, netmask, false);
    return `${source} & ${formatIp(ipFromBytes(mask))}`;
  }
  return netmask >= 128 ? source : `${source} & ${formatIp(prefixMask(netmask))}`;
}

function prefixMask(length: number): IpAddress {
  const bytes = Uint8Array.from({ length: 16 }, (_, index) => {
    const ones = Math.min(8, Math.max(0, length - 8 * index));
    return (0xff00 >> ones) & 0xff;
  });
  return ipFromBytes(bytes);
}

function familyOf(id: IpvsServiceId): Family {
  return id.kind === "mark" ? id.family : id.address.family;
}

function elementOf(id: IpvsServiceId, family: Family): Pick<NftService, "map" | "key"> {
  if (id.kind === "mark") return { map: `${family}_marks`, key: `${id.mark}` };
  const host = `${formatIp(id.address)} . ${protocolNames[id.protocol] ?? id.protocol}`;
  return id.port === 0
    ? { map: `${family}_hosts`, key: host }
    : { map: `${family}_services`, key: `${host} . ${id.port}` };
}

/** Names of nft begin with a letter and have no colons. */
function chainOf(id: IpvsServiceId): string {
  if (id.kind === "mark") return `mark${id.family === "ipv6" ? "6" : ""}/${id.mark}`;
  return `${protocolNames[id.protocol] ?? `protocol${id.protocol}`}/${placeOf(id)}`;
}

function placeOf({ address, port }: Pick<IpvsDestination, "address" | "port">): string {
  return `${formatIp(address).replaceAll(":", "_")}/${port}`;
}
