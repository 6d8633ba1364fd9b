/**
 * What is said of IPVS as a whole, in `global_defs`.
 */
import type { MarkMapPlan } from "./mark_map.ts";
import type { IpvsTimeouts, SyncDaemon, SyncRole } from "../netlink/mod.ts";

/** `lvs_sync_daemon`. */
export interface SyncPlan {
  readonly daemon: SyncDaemon;
  /** The instance whose state says which daemon runs; without one both do. */
  readonly instance?: string;
}

/** Settings of IPVS as a whole. */
export interface BalanceSettings {
  /** `lvs_timeouts`; what they were is put back at the end. */
  readonly timeouts?: IpvsTimeouts;
  /** `lvs_flush`: at the start everything goes that is there. */
  readonly flush?: true;
  /** `lvs_flush_on_stop`: at the end everything goes, or our services with all that is in them. */
  readonly flushAtEnd?: "everything" | "services";
  readonly sync?: SyncPlan;
  /** `nftables_ipvs`: groups are services by marks, which these tables give. */
  readonly marks?: MarkMapPlan;
  /** `net_namespace_ipvs`: where virtual servers are; empty for that of the machine. */
  readonly namespace?: string;
}

/** A step that is about IPVS as a whole. */
export type IpvsSetting =
  | { readonly kind: "flush" }
  | { readonly kind: "set-timeouts"; readonly timeouts: IpvsTimeouts }
  | { readonly kind: "start-sync"; readonly role: SyncRole; readonly daemon: SyncDaemon }
  | { readonly kind: "stop-sync"; readonly role: SyncRole };
