/**
 * The model: what a whole configuration file means, resolved and checked. It is plain data; two
 * models can be compared to find what a reload changes. Rooms own the types of their parts.
 */
import type { Duration } from "../base/mod.ts";
import type { BalancerChoice, BalanceSettings, VirtualServerPlan } from "../balance/mod.ts";
import type { BfdPlan } from "../bfd/mod.ts";
import type { CheckPlan } from "../check/mod.ts";
import type {
  DaemonScriptPlans,
  FifoPlan,
  MailPlan,
  NotifyPlan,
  WebhookPlan,
} from "../notify/mod.ts";
import type {
  AddressPlan,
  AnnounceGapPlan,
  InstancePlan,
  RoutePlan,
  RulePlan,
  SyncGroupPlan,
} from "../vrrp/mod.ts";
import type { ResourcesPlan } from "../resource/mod.ts";
import type { LinkPlan, TrackerPlan, TrackingPlan } from "../track/mod.ts";
import type { ProcessPlan } from "./process_plan.ts";
import type { DumpPlan, ReloadPlan } from "./reload_plan.ts";

/** Settings of `global_defs` and of standin's own root keywords. */
export interface GlobalPlan {
  /** The name of this node: `router_id`, else the host's name. */
  readonly routerId: string;
  /** Where the read-only status endpoint listens (`status_listen`); `undefined` when off. */
  readonly statusListen?: { readonly address: string; readonly port: number };
  /** `status_token_file`: with its token the status endpoint takes commands, too. */
  readonly statusTokenFile?: string;
  /** `dynamic_interfaces`: an absent interface is waited for. */
  readonly dynamicInterfaces: boolean;
  /** Hold all VRRP timers this long after the start. */
  readonly startupDelay: Duration;
  /** `vrrp_delay_after_boot`: hold them until the machine is up this long. */
  readonly delayAfterBoot: Duration;
  readonly logUnknownVrids: boolean;
  /** `garp_group`, and what `global_defs` says for all other interfaces. */
  readonly announceGaps: readonly AnnounceGapPlan[];
  /** Said when it is not as usual: tables `keepalived` at priority -1. */
  readonly firewall?: FirewallPlan;
  /** Where mail about changes goes; absent where none is sent. */
  readonly mail?: MailPlan;
  /** Programs that are told of changes; absent when there are none. */
  readonly webhooks?: readonly WebhookPlan[];
  /** Said when there are any. */
  readonly daemonScripts?: DaemonScriptPlans;
  /** `notify_timeout`: how long a script may hold up the next one about the same. */
  readonly notifyTimeout: Duration;
  /** `address_lease`, in whole seconds: lifetimes of virtual addresses; absent is no end. */
  readonly addressLease?: number;
  /** `balancer`: where virtual servers are; absent is `auto`. */
  readonly balancer?: BalancerChoice;
  /** `disable_local_igmp`: the kernel reports no groups of 224.0.0.0/24 while the daemon runs. */
  readonly disableLocalIgmp?: true;
  /** `fifo_write_vrrp_states_on_reload`: what did not change is told to FIFOs again. */
  readonly repeatsStatesOnReload: boolean;
  /** `process_monitor_rcv_bufs`: octets that process events may wait in. */
  readonly processBuffer?: { readonly octets: number; readonly force: boolean };
  /** Said when the file says anything of it. */
  readonly process?: ProcessPlan;
  readonly reload?: ReloadPlan;
  readonly dump?: DumpPlan;
  /** IPVS as a whole, when anything is said of it. */
  readonly balance?: BalanceSettings;
}

/** What is there for as long as the daemon, whatever state its instances are in. */
export interface StaticPlan {
  /** Every one has a device. */
  readonly addresses: readonly AddressPlan[];
  readonly routes: readonly RoutePlan[];
  readonly rules: readonly RulePlan[];
  /** `track_group`: the instances that go to FAULT while something of the group is missing. */
  readonly groups: readonly { readonly name: string; readonly members: readonly string[] }[];
}

/** How the firewall looks when one is needed. */
export interface FirewallPlan {
  /** Name of the tables `ip NAME` and `ip6 NAME`. */
  readonly table: string;
  /** Priority of the chains. */
  readonly priority: number;
  readonly counters?: boolean;
  /** `nftables_ifindex`: link-local addresses always stand beside the index of the interface. */
  readonly byIndex?: boolean;
}

/** keepalived's. */
export const defaultFirewall: FirewallPlan = { table: "keepalived", priority: -1 };

/** A whole configuration. */
export interface Model {
  readonly global: GlobalPlan;
  readonly instances: readonly InstancePlan[];
  readonly syncGroups: readonly SyncGroupPlan[];
  readonly bfdSessions: readonly BfdPlan[];
  readonly statics: StaticPlan;
  /** Scripts, files and processes that can be tracked. */
  readonly trackers: readonly TrackerPlan[];
  /** Which instance tracks what; those that track nothing are not in it. */
  readonly tracking: readonly TrackingPlan[];
  /** Links that are not simply what the kernel says. */
  readonly links: readonly LinkPlan[];
  /** The scripts of instances and groups; those of which nobody is told are not in it. */
  readonly notified: readonly NotifyPlan[];
  readonly fifos: readonly FifoPlan[];
  /** The resources of instances and groups; those that have none are not in it. */
  readonly resources: readonly ResourcesPlan[];
  readonly virtualServers: readonly VirtualServerPlan[];
  /** The checks of all real servers. */
  readonly checks: readonly CheckPlan[];
}
