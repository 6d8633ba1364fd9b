/**
 * `keepalived_check.data`: virtual servers and their real servers.
 */
import type { VirtualServerStatus } from "../engine/mod.ts";
import { each, section } from "./section.ts";
import type { DumpView } from "./view.ts";

/** The file, a piece for each virtual server; none where there are no virtual servers. */
export function checkDataPieces({ model, snapshot }: DumpView): Generator<string, void> {
  const statuses = new Map(snapshot.virtualServers.map((status) => [status.name, status]));
  return section(
    "LVS Topology",
    each(model.virtualServers, (plan) => {
      const status = statuses.get(plan.name);
      return status === undefined ? [] : serverLines(plan, status);
    }),
  );
}

function serverLines(
  plan: DumpView["model"]["virtualServers"][number],
  status: VirtualServerStatus,
): string[] {
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
}
