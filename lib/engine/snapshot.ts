/**
 * The snapshot: the answer to "how is it?", as `GET /status` gives it (contract: camelCase,
 * ISO 8601 times with milliseconds, durations with their unit in the name).
 */
import type { BfdCounters } from "../bfd/mod.ts";
import type { VirtualServerStatus } from "./balance_status.ts";
import type { BfdState } from "../wire/mod.ts";
import type { Counters, StateName } from "../vrrp/mod.ts";
import type { MaintenanceStatus } from "./maintenance.ts";
import type { ResourceSetStatus } from "./resource_status.ts";
import type { TrackerStatus, TrackUseStatus } from "./track_status.ts";

/** One unicast peer as shown to people. */
export interface PeerStatus {
  readonly address: string;
  /** Whether it is this node itself, which is left out. */
  readonly self: boolean;
}

/** Another user of a virtual address as shown to people. */
export interface DuplicateStatus {
  readonly address: string;
  readonly interface: string;
  /** Its Ethernet address; null where it did not say. */
  readonly hardwareAddress: string | null;
  readonly since: string;
  readonly lastAt: string;
  /** How many packets of it said so. */
  readonly claims: number;
  readonly likelyCause: string;
}

/** One virtual router as shown to people. */
export interface InstanceStatus {
  readonly name: string;
  readonly interface: string;
  readonly family: "ipv4" | "ipv6";
  readonly version: 2 | 3;
  readonly vrid: number;
  readonly state: StateName;
  readonly basePriority: number;
  readonly effectivePriority: number;
  /** Where its adverts come from; null while there is no such address. */
  readonly sourceAddress: string | null;
  /** What trackers do to it, in the order of the file. */
  readonly tracking: readonly TrackUseStatus[];
  readonly preempt: boolean;
  readonly preemptDelayMs: number;
  readonly advertIntervalMs: number;
  /** Between becoming master and announcing the addresses once more. */
  readonly gratuitousArpDelayMs: number;
  /** Who is master as far as this node knows; null when nobody was heard. */
  readonly master: { readonly address: string; readonly priority: number } | null;
  /** Where adverts go when they are unicast; null when they are multicast. */
  readonly unicastPeers: readonly PeerStatus[] | null;
  /** It gave the role away on request, and leaves it to whoever has it until that one fails. */
  readonly handedOver: boolean;
  /** The interface that is missing and waited for; null when there is none. */
  readonly waitingFor: string | null;
  /** Null when it has none. */
  readonly witness: {
    readonly probe: string;
    readonly state: "good" | "bad" | "unknown";
    /** It would be master if the witness were good. */
    readonly awaited: boolean;
  } | null;
  readonly addresses: readonly string[];
  readonly excludedAddresses: readonly string[];
  /** Routes and rules that the master has, in the words of `ip`. */
  readonly routes: readonly string[];
  readonly rules: readonly string[];
  readonly syncGroup: string | null;
  /** What keeps the instance in FAULT, in words; empty otherwise. */
  readonly faults: readonly string[];
  readonly lastTransition: {
    readonly from: StateName;
    readonly to: StateName;
    readonly at: string;
    readonly reason: string;
  };
  /** Another master that this one hears and that has to yield; null when there is none. */
  readonly twoMasters: {
    readonly address: string;
    readonly priority: number;
    readonly since: string;
    readonly adverts: number;
    readonly likelyCause: string;
  } | null;
  /** Others on the segment that use an address of this master as if it were theirs. */
  readonly duplicateAddresses: readonly DuplicateStatus[];
  /** The other router advertises another list of addresses; null when both are the same. */
  readonly addressDifference: {
    /** Whose advert it was. */
    readonly peer: string;
    readonly since: string;
    readonly onlyHere: readonly string[];
    readonly onlyThere: readonly string[];
  } | null;
  readonly counters: Counters;
}

/** One sync group as shown to people. */
export interface SyncGroupStatus {
  readonly name: string;
  readonly state: StateName;
  readonly members: readonly string[];
}

/** One BFD session as shown to people. */
export interface BfdSessionStatus {
  readonly name: string;
  readonly neighbor: string;
  /** Null: the kernel chooses. */
  readonly source: string | null;
  readonly multihop: boolean;
  readonly passive: boolean;
  readonly state: BfdState;
  /** Why the session last left Up, in words of RFC 5880 §4.1; null when nothing did. */
  readonly diagnostic: string | null;
  readonly remoteState: BfdState;
  readonly remoteDiagnostic: string | null;
  readonly discriminator: number;
  /** 0 while the neighbour is not heard. */
  readonly remoteDiscriminator: number;
  /** What is agreed on; null while nothing is sent, or nobody is heard. */
  readonly transmitIntervalMs: number | null;
  readonly detectionTimeMs: number | null;
  /** When the state last changed. */
  readonly since: string;
  readonly counters: Readonly<BfdCounters>;
}

/** A static address, route or rule as shown to people. */
export interface StaticStatus {
  readonly kind: "address" | "route" | "rule";
  /** In the words of `ip`. */
  readonly line: string;
  /** Whether the kernel has it, as far as this node knows. */
  readonly present: boolean;
  readonly trackGroup: string | null;
}

/** The configuration in effect as shown to people. */
export interface ConfigStatus {
  readonly file: string;
  readonly loadedAt: string;
  readonly reloads: number;
  /** The latest reload, when it was refused: what stands in the file is not what runs. */
  readonly refused: {
    readonly at: string;
    readonly errors: number;
    /** The first of the errors, with its place. */
    readonly first: string;
  } | null;
}

/** The whole daemon as shown to people. */
export interface Snapshot {
  readonly version: string;
  readonly node: string;
  readonly pid: number;
  readonly startedAt: string;
  readonly config: ConfigStatus;
  readonly instances: readonly InstanceStatus[];
  readonly syncGroups: readonly SyncGroupStatus[];
  readonly bfdSessions: readonly BfdSessionStatus[];
  readonly statics: readonly StaticStatus[];
  readonly trackers: readonly TrackerStatus[];
  readonly resources: readonly ResourceSetStatus[];
  readonly virtualServers: readonly VirtualServerStatus[];
  /** While the node takes no part on request; null otherwise. */
  readonly maintenance: MaintenanceStatus | null;
  /** How often the node did not get to run for so long that its routers had to listen first. */
  readonly stalls: {
    readonly count: number;
    readonly longestMs: number;
    readonly lastAt: string | null;
  };
  /** Packets that belong to no instance of ours. */
  readonly unmatchedPackets: {
    readonly malformed: number;
    readonly unknownVrid: number;
  };
  /** VRRP packets that the kernel dropped because nobody read them in time. */
  readonly lostPackets: number;
  /** BFD packets that belong to no session of ours. */
  readonly unmatchedBfdPackets: {
    readonly malformed: number;
    readonly unknownSession: number;
  };
}
