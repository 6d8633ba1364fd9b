/**
 * What a person can ask of a running daemon, carried out on its host.
 */
import { after, milliseconds, never } from "../../base/mod.ts";
import type { Snapshot } from "../../engine/mod.ts";
import type { Control } from "../port.ts";
import type { LinuxHost } from "./linux_host.ts";
import type { MaintenanceFile } from "./maintenance_file.ts";
import { serversAfter } from "./override_servers.ts";
import type { Reloader } from "./reloader.ts";

/** What is controlled. */
export interface ControlledDaemon {
  readonly host: LinuxHost;
  readonly reloader: Reloader;
  readonly maintenance: MaintenanceFile;
  snapshot(): Snapshot;
  stop(): void;
}

/** The control of one daemon. */
export function controlOf(daemon: ControlledDaemon): Control {
  const { host, reloader, maintenance, snapshot } = daemon;
  return {
    reload: () => reloader.reload(),
    plan: (planned) => reloader.plan(planned),
    failover: (name) => {
      const masters = masterNames(snapshot());
      host.feed({ kind: "hand-over", names: [name] });
      const still = masterNames(snapshot());
      return masters.filter((master) => !still.includes(master));
    },
    maintenance: ({ on, forMs }) => {
      if (on) maintenance.note(forMs);
      else maintenance.clear();
      const until = forMs === undefined ? never : after(host.now(), milliseconds(forMs));
      host.feed(on ? { kind: "maintenance", until } : { kind: "maintenance" });
    },
    overrideServers: (request) => {
      host.feed({ kind: "override-server", ...request });
      return serversAfter(snapshot(), request);
    },
    stop: () => daemon.stop(),
  };
}

/** Masters that stay; those that leave have resources to stop first. */
function masterNames({ instances, resources }: Snapshot): string[] {
  const leaving = resources.filter((set) => set.leaving !== null).map(({ name }) => name);
  return instances.flatMap(({ name, state, syncGroup }) => {
    const leaves = leaving.includes(name) || (syncGroup !== null && leaving.includes(syncGroup));
    return state === "MASTER" && !leaves ? [name] : [];
  });
}
