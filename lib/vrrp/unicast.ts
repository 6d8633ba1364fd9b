/**
 * Unicast: adverts go to named routers, one copy to each, instead of to a multicast group. A copy
 * may cross routers, so nobody demands a TTL of 255; what is demanded instead is that the sender is
 * one of the peers and not too far away, where the configuration says so.
 */
import { equalIp, type Family, type IpAddress } from "../base/mod.ts";

/** One line of `unicast_peer`. */
export interface PeerPlan {
  readonly address: IpAddress;
  /** Lowest and highest TTL, or Hop Limit, that its adverts may arrive with. */
  readonly minTtl: number;
  readonly maxTtl: number;
}

/**
 * How the version 3 checksum of a unicast advert over IPv4 is made. keepalived up to 1.3.5 took the
 * multicast group for the destination of the pseudo header: `always` does so, too; `detect` begins
 * when a packet is heard that is only right in that way; `never` does not look for that.
 */
export type OldChecksum = "always" | "detect" | "never";

/** What an instance that speaks unicast has beside the others. */
export interface UnicastPlan {
  /** The other routers, as the file names them; this node itself may be among them. */
  readonly peers: readonly PeerPlan[];
  /** TTL or Hop Limit of adverts; 255 over IPv4 and the kernel's own over IPv6 when absent. */
  readonly ttl?: number;
  /** Drop adverts of routers that are no peers. */
  readonly checkSource: boolean;
  readonly oldChecksum: OldChecksum;
  /** VRF device of an instance without an interface. */
  readonly vrf?: string;
}

/** The peer with this address. */
export function peerWith(plan: UnicastPlan, source: IpAddress): PeerPlan | undefined {
  return plan.peers.find(({ address }) => equalIp(address, source));
}

/** Whether two instances of unicast with one VRID on one interface would hear the same router. */
export function sharePeers(a: UnicastPlan, b: UnicastPlan): boolean {
  return a.peers.some(({ address }) => peerWith(b, address) !== undefined);
}

/** Why a peer's advert is refused; `undefined` when it is not. */
export function refuseSender(
  plan: UnicastPlan,
  sender: { readonly source: IpAddress; readonly ttl: number; readonly family: Family },
): { readonly counter: "ipTtlErrors" | "unknownPeer"; readonly detail: string } | undefined {
  if (!plan.checkSource) return undefined;
  const peer = peerWith(plan, sender.source);
  if (peer === undefined) {
    return { counter: "unknownPeer", detail: "the sender is no unicast peer" };
  }
  const { minTtl, maxTtl } = peer;
  if (sender.ttl >= minTtl && sender.ttl <= maxTtl) return undefined;
  const expected = minTtl === maxTtl ? `${minTtl}` : `${minTtl} to ${maxTtl}`;
  return { counter: "ipTtlErrors", detail: `TTL ${sender.ttl}, expected ${expected}` };
}
