/**
 * `keepalived_bfd.data`: the BFD sessions.
 */
import { formatIp } from "../base/mod.ts";
import { section } from "./data.ts";
import type { DumpView } from "./view.ts";

/** The whole file; empty where there are no sessions. */
export function renderBfdData({ model, snapshot }: DumpView): string {
  const lines = model.bfdSessions.flatMap((plan) => {
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
  });
  const text = section("BFD Topology", lines);
  return text.length === 0 ? "" : `${text.join("\n")}\n`;
}
