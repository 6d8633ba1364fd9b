/**
 * Drafts: what a file said, block by block, before anything is decided. A field is absent when
 * nobody wrote it, because most rules ask exactly that: whether a value was given, and where. The
 * builders turn drafts into plans.
 */
import type { Duration, Family, IpAddress } from "../base/mod.ts";
import type { BalancerChoice } from "../balance/mod.ts";
import type { AddressPlan, HmacKey, HmacPlan, PeerPlan, RoutePlan, RulePlan } from "../vrrp/mod.ts";
import type { VirtualLinkDraft } from "./draft_link.ts";
import type { StaticPlan } from "./model.ts";
import type { ProcessDraft } from "./process_plan.ts";
import type { DumpDraft, ReloadDraft } from "./reload_plan.ts";
import type { Statement } from "./parse.ts";
import type { Place } from "./source.ts";

/** Stands for a `virtual_router_id` of no use, which has been told. */
export const uselessVrid = 0;

/** A value and where it was written. */
export interface Given<T> {
  readonly value: T;
  readonly place: Place;
}

/** Settings that `global_defs` gives a default for and an instance may say again. */
export interface SharedDraft {
  garpMasterDelay?: Duration;
  garpMasterRepeat?: number;
  garpMasterRefresh?: Duration;
  garpMasterRefreshRepeat?: number;
  garpLowerPriorityDelay?: Given<Duration>;
  garpLowerPriorityRepeat?: Given<number>;
  /** `garp_extra_if`. */
  garpOthers?: { readonly interval: Duration; readonly all: boolean };
  downTimerAdverts?: Given<number>;
  lowerPriorityNoAdvert?: Given<boolean>;
  higherPrioritySendAdvert?: Given<boolean>;
  ownerIgnoreAdverts?: Given<boolean>;
  skipCheckAdvertAddresses?: boolean;
  checksumAsV2?: boolean;
  strict?: boolean;
  onExternalDelete?: "backup" | "restore";
}

/** `global_defs` and standin's own keywords outside of all blocks. */
export interface GlobalDraft extends SharedDraft {
  routerId?: string;
  version?: 2 | 3;
  multicastGroup4?: IpAddress;
  multicastGroup6?: IpAddress;
  checkUnicastSource?: boolean;
  minimalGarp?: boolean;
  startupDelay?: Duration;
  delayAfterBoot?: Duration;
  garpInterval?: Duration;
  gnaInterval?: Duration;
  logUnknownVrids?: boolean;
  dynamicInterfaces?: boolean;
  disableLocalIgmp?: true;
  vmacPrefix?: string;
  vmacAddressPrefix?: string;
  defaultInterface?: string;
  firewallTable?: Given<string>;
  firewallPriority?: number;
  firewallCounters?: true;
  firewallByIndex?: true;
  /** `script_user`. */
  scriptUser?: { readonly user: string; readonly group?: string };
  /** `enable_script_security`. */
  scriptSecurity?: boolean;
  /** `use_symlink_paths`. */
  useSymlinkPaths?: boolean;
  /** `set_supplementary_groups`. */
  supplementaryGroups?: boolean;
  /** `process_monitor_rcv_bufs`. */
  processBuffer?: number;
  processBufferForce?: boolean;
  /** `linkbeat_use_polling` outside of all blocks. */
  linkPolling?: boolean;
  /** The lines that say what is told, and to whom. */
  notify?: Statement[];
  /** The lines about IPVS as a whole. */
  balance?: Statement[];
  /** `checker_alpha`. */
  checkerAlpha?: boolean;
  /** `webhook` blocks. */
  webhooks?: Statement[];
  /** `notify_timeout`. */
  notifyTimeout?: Duration;
  /** `address_lease`, in seconds. */
  addressLease?: number;
  /** `balancer`. */
  balancer?: BalancerChoice;
  statusListen?: { readonly address: string; readonly port: number } | "off";
  /** `status_token_file`. */
  statusTokenFile?: string;
  process?: ProcessDraft;
  reload?: ReloadDraft;
  dump?: DumpDraft;
}

/** One `garp_group`. */
export interface GapDraft {
  garpInterval?: Duration;
  gnaInterval?: Duration;
  readonly interfaces: string[];
}

/** One line of an address block. */
export interface AddressDraft {
  readonly plan: AddressPlan;
  readonly place: Place;
  /** Where its `dev` is named. */
  readonly device?: Place;
  /** `use_vmac` on the line: it goes to a macvlan of its device. */
  readonly onMacvlan?: boolean;
}

/** One `auth_hmac` block, its keys read. */
export interface HmacDraft {
  readonly place: Place;
  readonly keys: HmacKey[];
  activeKey?: number;
  windowSeconds?: number;
  antiReplay?: HmacPlan["antiReplay"];
  mode?: Given<HmacPlan["mode"]>;
}

/** What an instance says of unicast. */
export interface UnicastDraft {
  readonly peers: Given<PeerPlan>[];
  ttl?: number;
  checkSource?: boolean;
  faultWithoutPeers?: boolean;
  oldChecksum?: "always" | "never";
  vrf?: Given<string>;
}

/** One `vrrp_instance`. */
export interface InstanceDraft extends SharedDraft {
  readonly name: string;
  readonly place: Place;
  /** Set by the first item that has a family; later items must agree. */
  family?: Family;
  nativeIpv6?: boolean;
  state?: Given<"MASTER" | "BACKUP">;
  interfaceName?: Given<string>;
  /** `uselessVrid` when what was written is none. */
  vrid?: Given<number>;
  version?: Given<2 | 3>;
  priority?: Given<number>;
  advertInterval?: Given<Duration>;
  nopreempt?: Given<boolean>;
  preemptDelay?: Given<Duration>;
  timerExpiredBackup?: Given<number>;
  sourceAddress?: Given<IpAddress>;
  multicastGroup?: Given<IpAddress>;
  /** Password of version 2. */
  password?: Given<string>;
  /** `auth_hmac`. */
  hmac?: HmacDraft;
  /** `auth_type`. */
  authType?: "PASS" | "AH";
  /** What was said of unicast. */
  readonly unicast: UnicastDraft;
  trackSourceAddress?: boolean;
  dontTrackPrimary?: boolean;
  /** `accept` or `no_accept`. */
  accept?: Given<boolean>;
  promoteSecondaries?: true;
  /** `use_vmac` or `use_ipvlan`. */
  virtualLink?: VirtualLinkDraft;
  /** `use_vmac_addr`. */
  macvlansForAddresses?: Given<true>;
  /** `vmac_xmit_base`. */
  transmitOnBase?: Given<true>;
  noVirtualAddress?: Given<boolean>;
  /** `lvs_sync_daemon_interface`. */
  syncInterface?: string;
  readonly addresses: AddressDraft[];
  readonly excludedAddresses: AddressDraft[];
  /** Its blocks of routes and rules. */
  readonly blocks: Statement[];
  readonly routes: RoutePlan[];
  readonly rules: RulePlan[];
  /** Blocks such as `track_script`. */
  readonly tracks: Statement[];
  /** `witness`. */
  witness?: { readonly probe: string; readonly keeps: boolean };
  /** The lines of `notify` and its like. */
  notify?: Statement[];
  /** Its blocks of resources. */
  resources?: Statement[];
  /** How many blocks that define trackers stood before it. */
  trackersBefore: number;
  linkPolling?: boolean;
  /** How it is like another. */
  readonly twin?: TwinDraft;
}

/** An instance that says the same as another, but for its name, its number and its addresses. */
export interface TwinDraft {
  readonly of: InstanceDraft;
  /** Its draft as if there were no other, with places of its own. */
  whole(): InstanceDraft;
}

/** One `vrrp_sync_group`. */
export interface GroupDraft {
  readonly name: string;
  readonly place: Place;
  readonly members: Given<string>[];
  /** Blocks such as `track_script`. */
  readonly tracks: Statement[];
  /** The lines of `notify` and its like. */
  notify?: Statement[];
  /** Its blocks of resources. */
  resources?: Statement[];
  /** How many blocks that define trackers stood before it. */
  readonly trackersBefore: number;
  /** `sync_group_tracking_weight`: members may have weights of their own. */
  trackingWeight?: boolean;
}

/** One `bfd_instance`. */
export interface SessionDraft {
  readonly name: string;
  readonly place: Place;
  neighbor?: Given<IpAddress>;
  source?: IpAddress;
  minRx?: Duration;
  minTx?: Duration;
  idleTx?: Duration;
  multiplier?: number;
  passive?: boolean;
  ttl?: number;
  maxHops?: number;
  multihop?: boolean;
}

/** Everything that a configuration said. */
export interface Draft {
  readonly global: GlobalDraft;
  readonly instances: InstanceDraft[];
  readonly groups: GroupDraft[];
  readonly sessions: SessionDraft[];
  readonly statics: StaticPlan;
  readonly gaps: GapDraft[];
  /** Blocks that define something to track, in the order of the file. */
  readonly trackers: Statement[];
  /** Blocks about the links of interfaces. */
  readonly links: Statement[];
  /** Blocks `virtual_server`. */
  readonly virtualServers: Statement[];
  /** Blocks `virtual_server_group`. */
  readonly serverGroups: Statement[];
  /** Blocks `SSL`. */
  readonly tlsBlocks: Statement[];
}

/** A draft in which nothing was said. */
export function newDraft(): Draft {
  return {
    global: {},
    instances: [],
    groups: [],
    sessions: [],
    gaps: [],
    statics: { addresses: [], routes: [], rules: [], groups: [] },
    trackers: [],
    links: [],
    virtualServers: [],
    serverGroups: [],
    tlsBlocks: [],
  };
}

/** An instance of which only the name is known. */
export function newInstanceDraft(name: string, place: Place): InstanceDraft {
  return {
    name,
    place,
    unicast: { peers: [] },
    addresses: [],
    excludedAddresses: [],
    blocks: [],
    routes: [],
    rules: [],
    tracks: [],
    trackersBefore: 0,
  };
}
