/**
 * What the words of a virtual server can not mean in nftables, which changes addresses and counts
 * turns, but does not know how many connections a server has.
 */
import { forwarding, serviceFlag } from "../netlink/mod.ts";
import type { VirtualServerPlan } from "./plan.ts";

/** Schedulers that nftables can be: in turn, by weight, by source, the heaviest. */
export const nftSchedulers = ["rr", "wrr", "sh", "fo"] as const;

/** Something that needs IPVS. */
export interface NftObjection {
  /** The keyword with its argument. */
  readonly what: string;
  /** What to write instead. */
  readonly instead: string;
}

/** What is nearest to a scheduler that needs to know of connections, or of destinations. */
const nearest: Readonly<Record<string, string>> = {
  lc: "rr",
  wlc: "wrr",
  sed: "wrr",
  nq: "wrr",
  twos: "wrr",
  ovf: "fo",
  mh: "sh",
};

/** All that keeps a virtual server from being one of nftables. */
export function nftObjections(
  { services, servers, sorryServer }: VirtualServerPlan,
): NftObjection[] {
  // Those of a group differ in their addresses only.
  const [service] = services;
  if (service === undefined) return [];
  const { scheduler, flags, engine } = service;
  const found: NftObjection[] = [];
  if (!nftSchedulers.some((known) => known === scheduler)) {
    const instead = `lvs_sched ${nearest[scheduler] ?? "rr, wrr or sh"}`;
    found.push({ what: `lvs_sched ${scheduler}`, instead });
  }
  const methods = [...servers, ...sorryServer === undefined ? [] : [sorryServer]]
    .map(({ forwarding: { method } }) => method);
  const nat = "lvs_method NAT";
  if (methods.includes(forwarding.direct)) found.push({ what: "lvs_method DR", instead: nat });
  if (methods.includes(forwarding.tunnel)) found.push({ what: "lvs_method TUN", instead: nat });
  if ((flags & serviceFlag.onePacket) !== 0) {
    found.push({ what: "ops", instead: "no ops: a client's packets go to one server" });
  }
  if (engine !== undefined) {
    const instead = "persistence_timeout alone, which looks at addresses";
    found.push({ what: `persistence_engine ${engine}`, instead });
  }
  if (servers.some(({ upperThreshold }) => upperThreshold > 0)) {
    found.push({ what: "uthreshold", instead: "weights" });
  }
  return found;
}
