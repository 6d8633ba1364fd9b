/**
 * `keepalived_bfd.data`: the BFD sessions.
 */
import { formatIp } from "../base/mod.ts";
import { each, section } from "./section.ts";
import type { DumpView } from "./view.ts";

/** The file, a piece for each session; none where there are no sessions. */
export function bfdDataPieces({ model, snapshot }: DumpView): Generator<string, void> {
  return section(
    "BFD Topology",
    each(model.bfdSessions, (plan) => {
      const status = snapshot.bfdSessions.find(({ name }) => name === plan.name);
      return [
        ` BFD Instance = ${plan.name}`,
        `   Neighbor IP = ${formatIp(plan.neighbor)}`,
        ...(plan.source === undefined ? [] : [`   Source IP = ${formatIp(plan.source)}`]),
        `   Required min RX interval = ${plan.minRx} us`,
        `   Desired min TX interval = ${plan.minTx} us`,
        `   Desired idle TX interval = ${plan.idleTx} us`,
        `   Detection multiplier = ${plan.multiplier}`,
        `   passive = ${plan.passive}`,
        `   max_hops = ${plan.maxHops}`,
        ...(status === undefined ? [] : [
          `   local state = ${status.state}`,
          `   remote state = ${status.remoteState}`,
          `   local discriminator = 0x${status.discriminator.toString(16)}`,
          `   remote discriminator = 0x${status.remoteDiscriminator.toString(16)}`,
          `   local diag = ${status.diagnostic ?? "No Diagnostic"}`,
          `   remote diag = ${status.remoteDiagnostic ?? "No Diagnostic"}`,
        ]),
      ];
    }),
  );
}
