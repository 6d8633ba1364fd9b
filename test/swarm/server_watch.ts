/**
 * Watches the virtual servers of every node: when for long enough nothing has happened to the node
 * and to its servers, IPVS has every server that answers and none that does not. It is for the
 * virtual servers of the swarm, whose servers have one check each and no weights.
 */
import { formatIp, type Instant } from "../../lib/base/mod.ts";
import type { Network, SimNode, Step, Watcher } from "../../lib/host/sim/mod.ts";

/** Two attempts of a second each, the pause between them, and the interval of the checks. */
const patience = 5_000_000;

/** What is known of a node: how it was when it last changed, and when that was. */
interface Memory {
  readonly state: string;
  readonly model: SimNode["model"];
  readonly since: Instant;
}

/** Watches virtual servers. */
export class ServerWatch implements Watcher {
  readonly #nodes = new Map<string, Memory>();

  /** A daemon that ends takes its servers along, and then waits for scripts. */
  stepped({ node, event }: Step): readonly string[] {
    if (event.kind === "stop") this.#nodes.delete(node.name);
    return [];
  }

  /** Looks at the nodes that had time enough. */
  looked({ nodes, now }: Network): readonly string[] {
    return [...nodes.values()].flatMap((node) => {
      const { model, balancer } = node;
      if (model === undefined || model.virtualServers.length === 0) return [];
      const state = `${node.starts} ${node.awake()} ${[...balancer.servers].join(" ")}`;
      const before = this.#nodes.get(node.name);
      if (before?.state !== state || before.model !== model) {
        this.#nodes.set(node.name, { state, model, since: now });
        return [];
      }
      if (!node.awake() || now - before.since < patience) return [];
      const [wanted, there] = [wantedLines(node), balancer.lines()];
      if (wanted.join() === there.join()) return [];
      return [
        `${node.name}: servers are ${there.join(", ")}; those that answer ${wanted.join(", ")}`,
      ];
    });
  }
}

/** IPVS as it has to be. */
function wantedLines({ model, balancer }: SimNode): string[] {
  return (model?.virtualServers ?? []).flatMap(({ services, servers }) =>
    services.flatMap(({ id, scheduler }) => {
      const name = id.kind === "mark" ? "" : `${formatIp(id.address)}:${id.port}`;
      const well = servers.map(({ address, port }) => `${formatIp(address)}:${port}`)
        .filter((server) => (balancer.servers.get(server) ?? "open") === "open");
      return [`${name} ${scheduler}`, ...well.map((server) => `${name} > ${server} weight 1`)];
    })
  ).sort();
}
