/**
 * IPVS and the servers of one node: a table that reads like `ipvsadm -Sn`, and servers that take
 * connections, refuse them or say nothing, as a story wants it.
 */
import { type Duration, formatIp, microseconds } from "../../base/mod.ts";
import type { BalanceEffect, EngineEvent, OverriddenServer } from "../../engine/mod.ts";
import type {
  IpvsDestination,
  IpvsService,
  IpvsServiceId,
  IpvsTimeouts,
  SyncDaemon,
} from "../../netlink/mod.ts";

interface Entry {
  service: IpvsService;
  readonly destinations: Map<string, IpvsDestination>;
}

/** IPVS of one node, and who answers it. */
export class FakeBalancer {
  /**
   * How servers answer, by address and port, or with the path of a URL behind them; those that are
   * not named answer well. One that is mute takes connections and says nothing.
   */
  readonly servers: Map<string, "open" | "refused" | "silent" | "mute"> = new Map();
  /** Steps that were taken, in order. */
  readonly steps: string[] = [];
  /** What nftables was told, in order; nothing for the removal of the table. */
  readonly texts: (string | undefined)[] = [];
  /** What gives marks: the texts, `undefined` for its removal. */
  readonly marks: (string | undefined)[] = [];
  /** Flows of clients that were forgotten: `10.0.0.1:53 > 192.0.2.1:53`. */
  readonly forgotten: string[] = [];
  /** Where virtual servers are. */
  namespace: string | undefined;
  /** How often nftables refuses before it takes a text. */
  refusals = 0;
  /** Timeouts of connections, in seconds. */
  timeouts: IpvsTimeouts = { tcp: 900, tcpFin: 120, udp: 300 };
  /** The sync daemons that run. */
  readonly syncs: Map<string, SyncDaemon> = new Map();
  /** What the next run shall know of what people said. */
  kept: readonly OverriddenServer[] = [];
  /** Whether the kernel has IPVS. */
  present = true;
  /** What the agents of servers say, by address and port. */
  readonly agents: Map<string, string> = new Map();
  readonly #later: (delay: Duration, act: () => void) => void;
  readonly #table = new Map<string, Entry>();
  readonly #running = new Set<number>();
  #memory: Extract<BalanceEffect, { kind: "remember-checks" }>["checks"] = [];
  /** Connections that were begun, by address and port. */
  readonly connections: string[] = [];

  constructor(later: (delay: Duration, act: () => void) => void) {
    this.#later = later;
  }

  /** One line for each service and destination: `10.0.0.1:80 wlc`, `10.0.0.1:80 > … weight 1`. */
  lines(): string[] {
    return [...this.#table].flatMap(([name, { service, destinations }]) => [
      `${name} ${service.scheduler}`,
      ...[...destinations].map(([server, { weight }]) => `${name} > ${server} weight ${weight}`),
    ]).sort();
  }

  /** Carries an effect out; what comes of it is told later, refusals at once. */
  perform(effect: BalanceEffect, feed: (event: EngineEvent) => void, answers: EngineEvent[]): void {
    switch (effect.kind) {
      case "read-ipvs": {
        const refusal = { errno: "ENOENT", message: "no such file or directory" };
        const tables = Array.from(this.#table.values(), ({ service, destinations }) => (
          { service, destinations: [...destinations.values()] }
        ));
        answers.push(
          this.present
            ? { kind: "ipvs-table", tables, timeouts: this.timeouts }
            : { kind: "ipvs-refused", refusal },
        );
        return;
      }
      case "keep-overrides":
        this.kept = effect.overrides;
        return;
      case "nft-table": {
        this.texts.push(effect.text);
        if (effect.text === undefined || this.refusals === 0) return;
        this.refusals--;
        const refusal = { errno: "EINVAL", message: "No such file or directory" };
        answers.push({ kind: "nft-refused", refusal });
        return;
      }
      case "mark-table":
        this.marks.push(effect.text);
        return;
      case "forget-flows":
        this.forgotten.push(...effect.flows.map(({ server, service }) => {
          const [to = "", from] = [server, service].map((end) =>
            end && `${formatIp(end.address)}:${end.port}`
          );
          return from === undefined ? to : `${from} > ${to}`;
        }));
        return;
      case "enter-balance":
        this.namespace = effect.namespace;
        return;
      case "ipvs":
        return this.#change(effect.change);
      case "ipvs-setting":
        return this.#set(effect.setting);
      case "recall-checks":
        return void answers.push({ kind: "checks-remembered", checks: this.#memory });
      case "remember-checks":
        this.#memory = effect.checks;
        return;
      case "probe":
        return this.#connect(effect, feed);
      case "cancel-probe":
        this.#running.delete(effect.run);
    }
  }

  #connect(
    { run, probe }: Extract<BalanceEffect, { kind: "probe" }>,
    feed: (event: EngineEvent) => void,
  ): void {
    const { address, port } = probe.connection;
    const server = `${formatIp(address)}:${port}`;
    const name = probe.kind === "http" ? server + probe.url.path : server;
    this.connections.push(name);
    const answer = this.servers.get(name) ?? this.servers.get(server) ?? "open";
    this.#running.add(run);
    if (answer === "silent") return;
    this.#later(microseconds(300), () => {
      if (!this.#running.has(run)) return;
      if (["http", "smtp", "agent"].includes(probe.kind)) feed({ kind: "probe-connected", run });
      if (answer === "mute") return;
      this.#running.delete(run);
      const failure = answer === "refused" ? { failure: "connect: connection refused" } : {};
      const line = probe.kind === "agent" ? { answer: this.agents.get(server) ?? "" } : {};
      feed({ kind: "probe-ended", run, ...failure, ...line });
    });
  }

  #set(setting: Extract<BalanceEffect, { kind: "ipvs-setting" }>["setting"]): void {
    if (setting.kind === "flush") this.#table.clear();
    else if (setting.kind === "set-timeouts") this.timeouts = setting.timeouts;
    else if (setting.kind === "start-sync") this.syncs.set(setting.role, setting.daemon);
    else this.syncs.delete(setting.role);
  }

  #change(change: Extract<BalanceEffect, { kind: "ipvs" }>["change"]): void {
    if (!("destination" in change)) {
      const { kind, service } = change;
      const name = nameOf(service.id);
      this.steps.push(`${kind} ${name}`);
      if (kind === "deleteService") this.#table.delete(name);
      else this.#table.set(name, { service, destinations: this.#destinations(name) });
      return;
    }
    const { kind, service, destination } = change;
    const name = nameOf(service);
    const server = `${formatIp(destination.address)}:${destination.port}`;
    this.steps.push(`${kind} ${name} ${server} ${destination.weight}`);
    if (kind === "deleteDestination") this.#destinations(name).delete(server);
    else this.#destinations(name).set(server, destination);
  }

  #destinations(name: string): Map<string, IpvsDestination> {
    return this.#table.get(name)?.destinations ?? new Map();
  }
}

function nameOf(id: IpvsServiceId): string {
  return id.kind === "mark" ? `fwmark ${id.mark}` : `${formatIp(id.address)}:${id.port}`;
}
