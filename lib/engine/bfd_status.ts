/**
 * BFD sessions in the snapshot.
 */
import { type Duration, formatIp, inMilliseconds } from "../base/mod.ts";
import { detectionTime, transmitInterval } from "../bfd/mod.ts";
import { diagnosticText } from "./render_bfd.ts";
import type { BfdSessionStatus } from "./snapshot.ts";
import type { NodeFacts } from "./status.ts";
import type { World } from "./world.ts";

/** All sessions as shown to people. */
export function describeBfd({ bfd }: World, at: NodeFacts["isoTime"]): BfdSessionStatus[] {
  return Array.from(bfd.slots.values(), ({ session }) => {
    const { plan, neighbor, state, diagnostic, discriminator, changedAt, counters } = session;
    return {
      name: plan.name,
      neighbor: formatIp(plan.neighbor),
      source: plan.source === undefined ? null : formatIp(plan.source),
      multihop: plan.multihop,
      passive: plan.passive,
      state,
      diagnostic: diagnostic === 0 ? null : diagnosticText(diagnostic),
      remoteState: neighbor.state,
      remoteDiagnostic: neighbor.diagnostic === 0 ? null : diagnosticText(neighbor.diagnostic),
      discriminator,
      remoteDiscriminator: neighbor.discriminator,
      transmitIntervalMs: finite(transmitInterval(session)),
      detectionTimeMs: finite(detectionTime(session)),
      since: at(changedAt),
      counters: { ...counters },
    };
  });
}

function finite(duration: Duration): number | null {
  return Number.isFinite(duration) ? inMilliseconds(duration) : null;
}
