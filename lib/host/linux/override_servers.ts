/**
 * What holds for the servers that a person meant, read from the snapshot.
 */
import { describeOverride, serversMeant, type Snapshot } from "../../engine/mod.ts";
import type { ServerReport, ServerRequest } from "../port.ts";

/** One line for each server of that address. */
export function serversAfter(snapshot: Snapshot, request: ServerRequest): ServerReport[] {
  return snapshot.virtualServers.flatMap(({ name: virtualServer, realServers }) => {
    const servers = realServers.map(({ address, port, override }) => ({
      name: address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`,
      state: override === null ? "as configured" : describeOverride(override),
    }));
    const meant = serversMeant({ name: virtualServer, servers }, request);
    return servers.filter(({ name }) => meant.includes(name)).map(({ name, state }) => (
      { virtualServer, server: name, state }
    ));
  });
}
