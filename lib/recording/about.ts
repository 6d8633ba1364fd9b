/**
 * Which steps of a recording are about one virtual router: adverts with its VRID on its interface,
 * its addresses, and what is told of it or of its group.
 */
import { equalIp, type IfIndex } from "../base/mod.ts";
import type { Model } from "../config/mod.ts";
import { type Effect, type EngineEvent, isAbout } from "../engine/mod.ts";
import type { InstancePlan } from "../vrrp/mod.ts";
import { decodeIpv4 } from "../wire/mod.ts";
import type { NameOf } from "./plain_words.ts";

/** Follows which plan an instance has. */
export class Subject {
  readonly name: string;
  #plan: InstancePlan | undefined;
  #group: string | undefined;
  #known = false;

  constructor(name: string) {
    this.name = name;
  }

  /** Whether any configuration had it. */
  get known(): boolean {
    return this.#known;
  }

  /** Takes note of configurations. */
  learn(event: EngineEvent): void {
    if (event.kind === "configure") this.#learn(event.model);
  }

  #learn({ instances, syncGroups }: Model): void {
    this.#plan = instances.find(({ name }) => name === this.name);
    this.#group = syncGroups.find(({ members }) => members.some((one) => one === this.name))?.name;
    if (this.#plan !== undefined) this.#known = true;
  }

  /** Whether an event is a packet of the virtual router, or brings its configuration. */
  hears(event: EngineEvent, nameOf: NameOf): boolean {
    if (event.kind === "configure") return this.#plan !== undefined;
    if (event.kind !== "packet") return false;
    const { ifIndex, family, bytes } = event.packet;
    return this.#isRouter(ifIndex, nameOf) && this.#hasVrid(family, bytes);
  }

  /** Whether an effect is for it. */
  wants(effect: Effect, nameOf: NameOf): boolean {
    switch (effect.kind) {
      case "tell": {
        const { kind: event, ...rest } = effect.tell;
        const record = { id: 0, time: "", level: "info", message: "", event, ...rest } as const;
        return isAbout(record, this.name) ||
          (this.#group !== undefined && isAbout(record, this.#group));
      }
      case "send-vrrp":
        return this.#isRouter(effect.ifIndex, nameOf) &&
          this.#hasVrid(effect.family, effect.bytes);
      case "add-address":
      case "delete-address": {
        const { addresses = [], excludedAddresses = [] } = this.#plan ?? {};
        return [...addresses, ...excludedAddresses].some(({ address }) =>
          equalIp(address, effect.plan.address)
        );
      }
      default:
        return false;
    }
  }

  /** Sockets may be bound to no interface, and a virtual link has any name. */
  #isRouter(index: IfIndex, nameOf: NameOf): boolean {
    const { interfaceName, virtualLink } = this.#plan ?? {};
    return index === 0 || virtualLink !== undefined || interfaceName === nameOf(index);
  }

  #hasVrid(family: "ipv4" | "ipv6", bytes: Uint8Array): boolean {
    if (this.#plan?.family !== family) return false;
    if (family === "ipv6") return bytes[1] === this.#plan.vrid;
    const packet = decodeIpv4(bytes);
    return packet.ok && packet.value.payload[1] === this.#plan.vrid;
  }
}
