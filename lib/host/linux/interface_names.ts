/**
 * What the kernel calls its interfaces, by what it tells of them: sockets are bound by name, and
 * people say names, where packets and requests have numbers.
 */
import type { IfIndex } from "../../base/mod.ts";
import type { EngineEvent } from "../../engine/mod.ts";

/** The interfaces of one network namespace. */
export class InterfaceNames {
  readonly #names = new Map<IfIndex, string>();

  /** Takes from an event what it says of interfaces; most say nothing. */
  learn(event: EngineEvent): void {
    if (event.kind === "link") this.#names.set(event.link.ifIndex, event.link.name);
    else if (event.kind === "link-gone") this.#names.delete(event.ifIndex);
    else if (event.kind === "kernel-tables") {
      this.#names.clear();
      for (const { ifIndex, name } of event.links) this.#names.set(ifIndex, name);
    }
  }

  /** The name of the interface, if the kernel told of it. */
  nameOf(ifIndex: IfIndex): string | undefined {
    return this.#names.get(ifIndex);
  }

  /** The interface with this name, if the kernel told of it. */
  indexOf(interfaceName: string): IfIndex | undefined {
    for (const [index, name] of this.#names) if (name === interfaceName) return index;
    return undefined;
  }
}
