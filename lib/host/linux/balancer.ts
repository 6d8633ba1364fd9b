/**
 * What the engine asks for virtual servers: the kernel's IPVS, and connections of checks. Loaded
 * when the first of it is asked for; until then what is asked waits in order.
 */
import type { Libc, Poller } from "../../../ffi/mod.ts";
import type { Effect, EngineEvent } from "../../engine/mod.ts";
import type { Ipvs } from "./ipvs.ts";
import type { TcpConnections } from "./tcp_connections.ts";

/** The effects that are carried out here. */
export type BalanceEffect = Extract<
  Effect,
  { kind: "read-ipvs" | "ipvs" | "connect" | "cancel-connect" }
>;

/** What the parts need. */
export interface BalancerParts {
  readonly libc: Libc;
  readonly poller: Poller;
  /** Gives the engine an event in a turn of its own. */
  feed(event: EngineEvent): void;
}

interface Loaded {
  readonly ipvs: Ipvs;
  readonly connections: TcpConnections;
}

/** The load balancer of one node. */
export class Balancer {
  readonly #parts: BalancerParts;
  readonly #waiting: BalanceEffect[] = [];
  #loaded: Loaded | undefined;
  #loading = false;
  #closed = false;

  constructor(parts: BalancerParts) {
    this.#parts = parts;
  }

  /** Carries an effect out, now or when everything is loaded. */
  perform(effect: BalanceEffect): void {
    const loaded = this.#loaded;
    if (loaded !== undefined) return this.#carryOut(loaded, effect);
    this.#waiting.push(effect);
    if (this.#loading) return;
    this.#loading = true;
    void this.#load();
  }

  /** Whatever happens from now on is not told. */
  close(): void {
    this.#closed = true;
    this.#loaded?.ipvs[Symbol.dispose]();
    this.#loaded?.connections[Symbol.dispose]();
    this.#loaded = undefined;
  }

  async #load(): Promise<void> {
    const [{ Ipvs }, { TcpConnections }] = await Promise.all([
      import("./ipvs.ts"),
      import("./tcp_connections.ts"),
    ]);
    if (this.#closed) return;
    const { libc, poller } = this.#parts;
    const told = (event: EngineEvent): void => this.#feed(event);
    this.#loaded = { ipvs: new Ipvs(libc), connections: new TcpConnections(libc, poller, told) };
    for (const effect of this.#waiting.splice(0)) this.#carryOut(this.#loaded, effect);
  }

  #carryOut({ ipvs, connections }: Loaded, effect: BalanceEffect): void {
    switch (effect.kind) {
      case "read-ipvs":
        return this.#feed(ipvs.read());
      case "ipvs": {
        const refused = ipvs.change(effect.change);
        return refused === undefined ? undefined : this.#feed(refused);
      }
      case "connect":
        return connections.open(effect.run, effect.connection);
      case "cancel-connect":
        return connections.close(effect.run);
    }
  }

  /** The engine is not given an event while it waits for its effects to be carried out. */
  #feed(event: EngineEvent): void {
    queueMicrotask(() => {
      if (!this.#closed) this.#parts.feed(event);
    });
  }
}
