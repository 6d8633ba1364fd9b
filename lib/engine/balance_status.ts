/**
 * Virtual servers in the snapshot.
 */
import { destinationName, type ServerOverride, type VirtualServerPlan } from "../balance/mod.ts";
import { formatCommand, formatIp, inSeconds, type Instant } from "../base/mod.ts";
import type { Standing, SubjectPlan } from "../check/mod.ts";
import type { IpvsCounters } from "../netlink/mod.ts";
import { countersOf, type ServerCounters, serverCountersOf } from "./balance_statistics.ts";
import { isUp, weighted } from "./balance_table.ts";
import type { CheckSlot } from "./balance_world.ts";
import type { KernelRefusal } from "./event.ts";
import { risen } from "./slow_start.ts";
import type { World } from "./world.ts";

/** One check as shown to people. */
export interface CheckStatus {
  readonly kind: SubjectPlan["kind"];
  /** Where it connects to. */
  readonly target: string;
  readonly up: boolean;
  /** Since when it is so. */
  readonly since: string;
  /** Why the last run failed; null when it did not. */
  readonly failure: string | null;
  /** What an agent says of connections; null when it says nothing, and for other checks. */
  readonly standing: Standing | null;
  /** Runs that ended since the check is there, and those of them that failed. */
  readonly runs: number;
  readonly failures: number;
  /** How long the last run took; null before one ended, and for checks that follow others. */
  readonly lastDurationMs: number | null;
}

/** One real server as shown to people. */
export interface RealServerStatus {
  readonly address: string;
  readonly port: number;
  readonly up: boolean;
  /** The configured one, as changed by its checks and by people. */
  readonly weight: number;
  /** What a person said of it while the daemon runs; null when nothing. */
  readonly override: ServerOverride | null;
  /** What the kernel counts; null where nothing is known. */
  readonly statistics: ServerCounters | null;
  readonly checks: readonly CheckStatus[];
}

/** One virtual server as shown to people. */
export interface VirtualServerStatus {
  readonly name: string;
  /** Address and port, or the mark, or the group. */
  readonly address: string;
  /** `TCP`, `UDP` or `SCTP`; empty for a mark. */
  readonly protocol: string;
  /** Whether it has its quorum. */
  readonly up: boolean;
  readonly scheduler: string;
  readonly quorum: number;
  readonly sorryServer: { readonly address: string; readonly active: boolean } | null;
  /** Whether the kernel leads clients to its servers: not when it refused all of it. */
  readonly balanced: boolean;
  /** What the kernel refused; null when it did as it was told. */
  readonly problem: string | null;
  /** What the kernel counts of all its services; null where nothing is known. */
  readonly statistics: IpvsCounters | null;
  readonly realServers: readonly RealServerStatus[];
}

/** All virtual servers as shown to people. */
export function describeBalance(
  { balance }: World,
  at: (instant: Instant) => string,
): VirtualServerStatus[] {
  const missing = typeof balance.table === "object" ? balance.table : balance.nft.refusal;
  return Array.from(balance.slots.values(), (slot): VirtualServerStatus => {
    const { plan, quorum } = slot;
    const { sorryServer: sorry } = plan;
    const refusal = missing ?? slot.refusal;
    const { servers } = risen(weighted(slot), slot);
    return {
      name: plan.name,
      ...placeOf(plan),
      up: quorum,
      scheduler: plan.services[0]?.scheduler ?? "",
      quorum: plan.quorum,
      sorryServer: sorry === undefined
        ? null
        : { address: destinationName(sorry), active: !quorum },
      balanced: refusal === undefined || (missing === undefined && slot.present.size > 0),
      problem: refusal === undefined ? null : problemOf(refusal, balance.backend),
      statistics: countersOf(balance, slot),
      realServers: servers.map((server) => ({
        address: formatIp(server.address),
        port: server.port,
        up: isUp(slot, server.name),
        weight: server.weight,
        override: slot.overrides.get(server.name) ?? null,
        statistics: serverCountersOf(balance, slot, server),
        checks: (slot.checkers.get(server.name) ?? []).map((check) => describeCheck(check, at)),
      })),
    };
  });
}

/** What nftables says is a sentence of its own; numbers of errors are from IPVS. */
function problemOf({ message, errno }: KernelRefusal, backend: "ipvs" | "nftables"): string {
  return backend === "nftables" ? message : `${message} (${errno})`;
}

const protocols: ReadonlyMap<number, string> = new Map([[6, "TCP"], [17, "UDP"], [132, "SCTP"]]);

function placeOf(
  { name, services: [first, ...more] }: VirtualServerPlan,
): Pick<VirtualServerStatus, "address" | "protocol"> {
  const id = first?.id;
  if (id === undefined || id.kind === "mark") return { address: name, protocol: "" };
  const protocol = protocols.get(id.protocol) ?? "";
  return { address: more.length > 0 ? name : destinationName(id), protocol };
}

function describeCheck({ checker }: CheckSlot, at: (instant: Instant) => string): CheckStatus {
  const { plan: { subject }, up, changedAt, failure, standing, took } = checker;
  const target = "connection" in subject
    ? destinationName(subject.connection)
    : subject.kind === "misc"
    ? formatCommand(subject.command)
    : subject.tracker;
  return {
    kind: subject.kind,
    target,
    up,
    since: at(changedAt),
    failure: failure ?? null,
    standing: standing ?? null,
    runs: checker.runs,
    failures: checker.failures,
    lastDurationMs: took === undefined ? null : inSeconds(took) * 1000,
  };
}
