/**
 * `keepalived_check.data`: virtual servers and their real servers.
 */
import { section } from "./data.ts";
import type { DumpView } from "./view.ts";

/** The whole file; empty where there are no virtual servers. */
export function renderCheckData({ model, snapshot }: DumpView): string {
  const lines = model.virtualServers.flatMap((plan) => {
    const status = snapshot.virtualServers.find(({ name }) => name === plan.name);
    if (status === undefined) return [];
    return [
      " ------< Virtual server >------",
      ` VS VIP = ${plan.name}`,
      `   lvs_sched = ${status.scheduler}`,
      `   protocol = ${status.protocol === "" ? "none" : status.protocol}`,
      `   quorum = ${plan.quorum}, hysteresis = ${plan.hysteresis}`,
      ...(status.sorryServer === null ? [] : [`   sorry server = ${status.sorryServer.address}`]),
      `   quorum_state_up = ${status.up ? 1 : 0}`,
      ...status.realServers.flatMap((server) => [
        "   ------< Real server >------",
        `   RIP = ${server.address}, RPORT = ${server.port}, WEIGHT = ${server.weight}`,
        `   alive = ${server.up ? 1 : 0}`,
        `   num failed checkers = ${server.checks.filter(({ up }) => !up).length}`,
      ]),
    ];
  });
  const text = section("LVS Topology", lines);
  return text.length === 0 ? "" : `${text.join("\n")}\n`;
}
