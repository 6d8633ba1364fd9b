/**
 * What IPVS knows of a service and of a destination, in the words of linux/ip_vs.h.
 */
import type { Family, IpAddress } from "../base/mod.ts";

/** What tells a service from others. */
export type IpvsServiceId =
  | {
    readonly kind: "address";
    /** Number of the IP protocol: TCP 6, UDP 17, SCTP 132. */
    readonly protocol: number;
    readonly address: IpAddress;
    /** 0 for all ports, which needs persistence. */
    readonly port: number;
  }
  | { readonly kind: "mark"; readonly mark: number; readonly family: Family };

/** One service. */
export interface IpvsService {
  readonly id: IpvsServiceId;
  readonly scheduler: string;
  /** Of `serviceFlag`; `hashed` is the kernel's own. */
  readonly flags: number;
  /** How long a client stays with its server; 0 without persistence. */
  readonly timeoutSeconds: number;
  /** Clients of one network count as one: a mask for IPv4, a prefix length for IPv6. */
  readonly netmask: number;
  /** Persistence engine, such as `sip`. */
  readonly engine?: string;
}

/** One destination of a service. */
export interface IpvsDestination {
  readonly address: IpAddress;
  readonly port: number;
  /** Of `forwarding`. */
  readonly method: number;
  readonly weight: number;
  /** Connections at which no more come; 0 for no limit. */
  readonly upperThreshold: number;
  /** Connections at which more may come again. */
  readonly lowerThreshold: number;
  /** Of method tunnel. */
  readonly tunnel?: { readonly type: number; readonly port: number; readonly flags: number };
}
