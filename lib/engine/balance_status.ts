/**
 * Virtual servers in the snapshot.
 */
import { destinationName, type ServerOverride } from "../balance/mod.ts";
import { formatCommand, formatIp, type Instant } from "../base/mod.ts";
import type { SubjectPlan } from "../check/mod.ts";
import { isUp, weighted } from "./balance_table.ts";
import type { CheckSlot } from "./balance_world.ts";
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
  readonly checks: readonly CheckStatus[];
}

/** One virtual server as shown to people. */
export interface VirtualServerStatus {
  readonly name: string;
  /** Whether it has its quorum. */
  readonly up: boolean;
  readonly scheduler: string;
  readonly quorum: number;
  readonly sorryServer: { readonly address: string; readonly active: boolean } | null;
  /** What the kernel refused; null when it did as it was told. */
  readonly problem: string | null;
  readonly realServers: readonly RealServerStatus[];
}

/** All virtual servers as shown to people. */
export function describeBalance(
  { balance }: World,
  at: (instant: Instant) => string,
): VirtualServerStatus[] {
  const missing = typeof balance.table === "object" ? balance.table : undefined;
  return Array.from(balance.slots.values(), (slot): VirtualServerStatus => {
    const { plan, quorum } = slot;
    const { sorryServer: sorry } = plan;
    const refusal = missing ?? slot.refusal;
    const { servers } = weighted(slot);
    return {
      name: plan.name,
      up: quorum,
      scheduler: plan.services[0]?.scheduler ?? "",
      quorum: plan.quorum,
      sorryServer: sorry === undefined
        ? null
        : { address: destinationName(sorry), active: !quorum },
      problem: refusal === undefined ? null : `${refusal.message} (${refusal.errno})`,
      realServers: servers.map(({ name, address, port, weight }) => ({
        address: formatIp(address),
        port,
        up: isUp(slot, name),
        weight,
        override: slot.overrides.get(name) ?? null,
        checks: (slot.checkers.get(name) ?? []).map((check) => describeCheck(check, at)),
      })),
    };
  });
}

function describeCheck({ checker }: CheckSlot, at: (instant: Instant) => string): CheckStatus {
  const { plan: { subject }, up, changedAt, failure } = checker;
  const target = "connection" in subject
    ? destinationName(subject.connection)
    : subject.kind === "misc"
    ? formatCommand(subject.command)
    : subject.tracker;
  return { kind: subject.kind, target, up, since: at(changedAt), failure: failure ?? null };
}
