/**
 * What is told of virtual servers and the checks of their servers.
 */
import type { IpvsChange, IpvsSetting } from "../balance/mod.ts";
import type { KernelRefusal } from "./event.ts";

/** A sentence about load balancing. */
export type BalanceTell =
  | {
    readonly kind: "server-changed";
    readonly virtualServer: string;
    readonly server: string;
    readonly up: boolean;
    readonly detail?: string;
  }
  /** A failure that is repeated before the server counts as down. */
  | {
    readonly kind: "check-failed";
    readonly virtualServer: string;
    readonly server: string;
    readonly detail: string;
    /** How many failures more take the server down. */
    readonly left: number;
    /** `log_all_failures`. */
    readonly loud: boolean;
  }
  /** An agent can not be asked any more, so what it said last holds. */
  | {
    readonly kind: "agent-silent";
    readonly virtualServer: string;
    readonly server: string;
    readonly detail: string;
  }
  /** A check changed the weight of a server. */
  | {
    readonly kind: "weight-changed";
    readonly virtualServer: string;
    readonly server: string;
    readonly weight: number;
  }
  | {
    readonly kind: "quorum-changed";
    readonly virtualServer: string;
    readonly up: boolean;
    /** Sum of the weights of the servers that are up. */
    readonly weight: number;
    readonly quorum: number;
    /** Why, when it is not the weight. */
    readonly detail?: string;
  }
  /** What a person said of a server holds, or no longer holds. */
  | {
    readonly kind: "server-overridden";
    readonly virtualServer: string;
    readonly server: string;
    /** Such as `drained`, or `as configured`. */
    readonly state: string;
    /** A person, a reload, or the agent of the server. */
    readonly by: string;
  }
  | { readonly kind: "ipvs-missing"; readonly refusal: KernelRefusal }
  /** There is no IPVS, and nftables does its work. */
  | { readonly kind: "ipvs-replaced"; readonly refusal: KernelRefusal }
  /** A virtual server that nftables can not be. */
  | { readonly kind: "needs-ipvs"; readonly virtualServer: string; readonly detail: string }
  | { readonly kind: "nft-refused"; readonly refusal: KernelRefusal }
  /** UDP clients of a server that is gone stay with it until they fall silent. */
  | { readonly kind: "flows-refused"; readonly refusal: KernelRefusal }
  /** `nftables_ipvs`. */
  | { readonly kind: "marks-refused"; readonly refusal: KernelRefusal }
  | {
    readonly kind: "ipvs-setting-refused";
    readonly setting: IpvsSetting["kind"];
    readonly refusal: KernelRefusal;
  }
  | {
    readonly kind: "ipvs-refused";
    readonly operation: IpvsChange["kind"];
    readonly virtualServer: string;
    readonly server?: string;
    readonly refusal: KernelRefusal;
  };
