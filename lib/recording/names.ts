/**
 * The names of interfaces as a recording goes on: the kernel told them then.
 */
import { anyInterface, type IfIndex } from "../base/mod.ts";
import type { EngineEvent } from "../engine/mod.ts";

/** Names by index. */
export class Names {
  readonly #names = new Map<IfIndex, string>([[anyInterface, "any"]]);

  /** Takes note of links; one that is gone keeps its name for what follows. */
  learn(event: EngineEvent): void {
    if (event.kind === "link") this.#names.set(event.link.ifIndex, event.link.name);
    if (event.kind !== "kernel-tables") return;
    for (const { ifIndex, name } of event.links) this.#names.set(ifIndex, name);
  }

  /** The name, or the number of what has none. */
  readonly of = (ifIndex: IfIndex): string => this.#names.get(ifIndex) ?? `#${ifIndex}`;
}
