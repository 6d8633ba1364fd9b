/**
 * Somebody who watches a history while it happens, and objects to what must not be.
 */
import type { Instant } from "../../base/mod.ts";
import type { Effect, EngineEvent } from "../../engine/mod.ts";
import type { Masters } from "./agreement.ts";
import type { Segment } from "./segment.ts";
import type { SimNode } from "./sim_node.ts";

/** One step of a daemon. */
export interface Step {
  readonly node: SimNode;
  readonly event: EngineEvent;
  readonly effects: readonly Effect[];
  /** What the clock of the node says. */
  readonly now: Instant;
}

/** The whole network at one instant. */
export interface Network {
  readonly nodes: ReadonlyMap<string, SimNode>;
  /** By segment, who takes part in which virtual router, and who is its master. */
  readonly routers: ReadonlyMap<Segment, ReadonlyMap<string, Masters>>;
  readonly now: Instant;
}

/** Looks at every step; answers what is wrong, in words. */
export interface Watcher {
  /** A running daemon took an event; the effects are not carried out yet. */
  stepped(step: Step): readonly string[];
  /** The network is looked at as a whole: after changes, and when nothing happens for a while. */
  looked?(network: Network): readonly string[];
  /** Something was done to the network. */
  disturbed?(now: Instant): void;
}
