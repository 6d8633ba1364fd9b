/**
 * From the draft of a `bfd_instance` to its plan. What is missing or does not go together has been
 * told by then (`cross_check.ts`); such a session is left out. keepalived has one session with each
 * neighbour; here one beside the multihop session of the same neighbour is another session.
 */
import { formatIp, milliseconds } from "../base/mod.ts";
import type { BfdPlan } from "../bfd/mod.ts";
import type { SessionDraft } from "./draft.ts";
import type { Report } from "./report.ts";

/** keepalived's TTL for each family. */
const usualTtl = { ipv4: 255, ipv6: 64 } as const;

/** The plans of all sessions that can run. */
export function buildSessions(drafts: readonly SessionDraft[], report: Report): BfdPlan[] {
  const owners = new Map<string, string>();
  return drafts.flatMap((draft): BfdPlan[] => {
    const { name, source } = draft;
    const neighbor = draft.neighbor?.value;
    if (neighbor === undefined) return [];
    if (source !== undefined && source.family !== neighbor.family) return [];
    const multihop = draft.multihop ?? false;
    const ends = `${formatIp(neighbor)} ${multihop}`;
    const owner = owners.get(ends);
    if (owner !== undefined) {
      const message = `Cannot use bfd_instance "${name}": "${owner}" has the same neighbor_ip`;
      report.error("duplicate-neighbor", draft.neighbor?.place, message);
      return [];
    }
    owners.set(ends, name);
    return [{
      name,
      neighbor,
      ...(source === undefined ? {} : { source }),
      minRx: draft.minRx ?? milliseconds(10),
      minTx: draft.minTx ?? milliseconds(10),
      idleTx: draft.idleTx ?? milliseconds(1000),
      multiplier: draft.multiplier ?? 5,
      passive: draft.passive ?? false,
      ttl: draft.ttl ?? usualTtl[neighbor.family],
      maxHops: draft.maxHops ?? 0,
      multihop,
    }];
  });
}
