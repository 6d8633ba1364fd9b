/**
 * The words of one virtual router's life: its states, what it counts, and why it changed.
 */
import {
  type Duration,
  formatDuration,
  formatIp,
  type IpAddress,
  unreachable,
} from "../base/mod.ts";

/** The states that people see (contract). */
export type StateName = "INIT" | "BACKUP" | "MASTER" | "FAULT" | "STOPPED";

/** What is counted for each instance; the names of keepalived's statistics, in camelCase. */
export const counterNames = [
  "advertReceived",
  "advertSent",
  "becomeMaster",
  "releaseMaster",
  "packetLengthErrors",
  "advertIntervalErrors",
  "ipTtlErrors",
  "invalidTypeReceived",
  "versionErrors",
  "checksumErrors",
  "addressListErrors",
  "invalidAuthType",
  "authTypeMismatch",
  "authFailure",
  "authExtMissing",
  "authExtMalformed",
  "authExtUnknownKey",
  "authExtInvalidHmac",
  "authExtStale",
  "authExtReplay",
  "priorityZeroReceived",
  "priorityZeroSent",
  "ownerAdvertIgnored",
  "ownAdvertReceived",
  "unknownPeer",
  "gratuitousArpSent",
  "neighborAdvertisementSent",
  "nearFailovers",
  "contenderAdverts",
  "externalDeletions",
  "duplicateClaims",
] as const;

/** The name of one counter. */
export type CounterName = typeof counterNames[number];

/** All counters of one instance; they only grow, until somebody clears them. */
export type Counters = { [Name in CounterName]: number };

/** Counters that start at zero. */
export function newCounters(): Counters {
  return Object.fromEntries(counterNames.map((name) => [name, 0])) as Counters;
}

/** Begins to count anew. */
export function clearCounters(counters: Counters): void {
  Object.assign(counters, newCounters());
}

/** Something that keeps an instance in FAULT until it is over. */
export type Fault =
  | { readonly kind: "interface-missing"; readonly interfaceName: string }
  | { readonly kind: "interface-down"; readonly interfaceName: string }
  | { readonly kind: "no-source-address"; readonly interfaceName: string }
  | { readonly kind: "cannot-listen"; readonly interfaceName: string }
  | { readonly kind: "no-peers" }
  /** An interface of a tracked address, route or rule is missing or down. */
  | { readonly kind: "device-down"; readonly interfaceName: string }
  /** Something static that a track_group watches is gone and can not be put back. */
  | { readonly kind: "static-lost"; readonly group: string; readonly line: string }
  | {
    readonly kind: "sync-group";
    readonly group: string;
    readonly member: string;
    /** The member only waits for first results. */
    readonly waiting?: true;
  }
  /** Trackers with weight 0 are bad; each as its kind and name. */
  | { readonly kind: "tracked"; readonly trackers: readonly string[] }
  /** Trackers with weight 0 have no result yet: it has not left INIT. */
  | { readonly kind: "untested"; readonly trackers: readonly string[] };

/** Whether nothing is wrong yet: trackers have not spoken. keepalived tells nobody of that. */
export function isWaiting(fault: Fault): boolean {
  return fault.kind === "untested" || (fault.kind === "sync-group" && fault.waiting === true);
}

/** Why a state was left or entered. */
export type Reason =
  | { readonly kind: "startup" }
  | { readonly kind: "owner" }
  | {
    readonly kind: "master-down";
    /** The master that fell silent; absent when none was ever heard. */
    readonly master?: IpAddress;
    readonly silentFor: Duration;
  }
  | { readonly kind: "master-released"; readonly master: IpAddress }
  | { readonly kind: "preempted-lower"; readonly master: IpAddress; readonly priority: number }
  | { readonly kind: "higher-priority"; readonly source: IpAddress; readonly priority: number }
  | { readonly kind: "higher-address"; readonly source: IpAddress; readonly priority: number }
  | { readonly kind: "fault"; readonly fault: Fault }
  | { readonly kind: "fault-cleared" }
  | { readonly kind: "sync-group"; readonly group: string; readonly member: string }
  | { readonly kind: "stalled"; readonly lateBy: Duration }
  /** The kernel dropped the addresses of a master that did not renew their lease. */
  | { readonly kind: "lease-over"; readonly lateBy: Duration }
  | { readonly kind: "address-deleted"; readonly address: IpAddress }
  | {
    readonly kind: "routing-deleted";
    readonly what: "route" | "rule";
    /** In the words of `ip`. */
    readonly line: string;
  }
  /** A master no longer reaches its witness. */
  | { readonly kind: "witness-lost"; readonly probe: string }
  /** Somebody asked for it. */
  | { readonly kind: "handed-over" }
  | { readonly kind: "maintenance" }
  /** A resource could not be kept active here. */
  | { readonly kind: "resource-failed"; readonly resource: string; readonly detail: string }
  | { readonly kind: "reload" }
  | { readonly kind: "shutdown" };

/** A fault in words. */
export function renderFault(fault: Fault): string {
  switch (fault.kind) {
    case "interface-missing":
      return `waiting for interface ${fault.interfaceName}`;
    case "interface-down":
      return `interface ${fault.interfaceName} is down`;
    case "no-source-address":
      return `interface ${fault.interfaceName} has no address to send from`;
    case "device-down":
      return `interface ${fault.interfaceName} of its addresses or routes is down`;
    case "static-lost":
      return `${fault.line} of track_group ${fault.group} is missing`;
    case "cannot-listen":
      return `adverts on interface ${fault.interfaceName} can not be received`;
    case "no-peers":
      return "it has no unicast peers";
    case "sync-group":
      return `${fault.member} of sync group ${fault.group} ${
        fault.waiting === true ? "waits for first results" : "is in FAULT"
      }`;
    case "tracked":
      return `tracked ${fault.trackers.join(", ")}`;
    case "untested":
      return `waiting for the first result of ${fault.trackers.join(", ")}`;
    default:
      return unreachable(fault);
  }
}

/** A reason in words, as it stands behind a transition in the log. */
export function renderReason(reason: Reason): string {
  switch (reason.kind) {
    case "startup":
      return "start";
    case "owner":
      return "address owner (priority 255)";
    case "master-down": {
      const from = reason.master === undefined ? "" : ` from ${formatIp(reason.master)}`;
      return `no advert${from} for ${formatDuration(reason.silentFor)}`;
    }
    case "master-released":
      return `${formatIp(reason.master)} gave the role away (priority 0)`;
    case "preempted-lower":
      return `preempting ${formatIp(reason.master)} with lower priority ${reason.priority}`;
    case "higher-priority":
      return `advert with higher priority ${reason.priority} from ${formatIp(reason.source)}`;
    case "higher-address":
      return `advert with equal priority ${reason.priority} from the higher address ` +
        formatIp(reason.source);
    case "fault":
      return renderFault(reason.fault);
    case "fault-cleared":
      return "fault is over";
    case "sync-group":
      return `${reason.member} of sync group ${reason.group} changed`;
    case "stalled":
      return `held up for ${formatDuration(reason.lateBy)}, another one may be master`;
    case "lease-over":
      return `held up for ${formatDuration(reason.lateBy)}, the lease of its addresses is over`;
    case "address-deleted":
      return `address ${formatIp(reason.address)} was deleted by somebody else`;
    case "routing-deleted":
      return `${reason.what} ${reason.line} was deleted by somebody else`;
    case "witness-lost":
      return `its witness ${reason.probe} is lost`;
    case "handed-over":
      return "handed over on request";
    case "maintenance":
      return "maintenance";
    case "resource-failed":
      return `${reason.resource} failed too often (${reason.detail})`;
    case "reload":
      return "configuration reload";
    case "shutdown":
      return "shutdown";
    default:
      return unreachable(reason);
  }
}
