/**
 * What a simulated node hears: the VRRP sockets that its daemon has opened, with their groups and
 * the routers that their filters let through, and the ARP and ND frames in which others claim its
 * addresses.
 */
import { anyInterface, type IfIndex, type IpAddress } from "../../base/mod.ts";
import type { Effect, EngineEvent } from "../../engine/mod.ts";
import { toClaim } from "./claims.ts";
import type { FakeKernel } from "./fake_kernel.ts";
import { type Ears, isAdmitted, isReceived, toPacket } from "./frame.ts";

type Listening = Extract<
  Effect,
  { kind: "listen" | "unlisten" | "admit" | "watch-claims" }
>;

/** The sockets of one node for VRRP and for claims. */
export class NodeEars {
  readonly #kernel: FakeKernel;
  readonly #ears = new Map<string, Ears>();
  /** Whose adverts the daemon wants, by interface and family. */
  readonly #admitted = new Map<string, readonly number[] | undefined>();
  /** Addresses that nobody else is to use, by interface. */
  readonly #watched = new Map<IfIndex, readonly IpAddress[]>();

  constructor(kernel: FakeKernel) {
    this.#kernel = kernel;
  }

  /** Opens, closes or restricts a socket. */
  perform(effect: Listening): void {
    switch (effect.kind) {
      case "listen":
        return this.#listen(effect);
      case "unlisten":
        return void this.#ears.delete(`${effect.ifIndex} ${effect.family}`);
      case "admit":
        return void this.#admitted.set(`${effect.ifIndex} ${effect.family}`, effect.vrids);
      case "watch-claims":
        return void this.#watched.set(effect.ifIndex, effect.addresses);
    }
  }

  /** What the sockets give the daemon of a frame; a packet comes by each that it is for. */
  hear(ifIndex: IfIndex, frame: Uint8Array): EngineEvent[] {
    const watched = this.#watched.get(ifIndex);
    const claim = watched === undefined ? undefined : toClaim(frame, ifIndex, watched);
    if (claim !== undefined) return [{ kind: "claim", claim }];
    const packet = toPacket(frame, ifIndex);
    if (packet === undefined) return [];
    return [ifIndex, anyInterface].flatMap((bound) => {
      const ears = this.#ears.get(`${bound} ${packet.family}`);
      if (ears === undefined || !isReceived(packet, ears, this.#kernel.addresses())) return [];
      const received = { ...packet, ifIndex: bound };
      return isAdmitted(received, this.#admitted) ? [{ kind: "packet", packet: received }] : [];
    });
  }

  /** The daemon is gone, and its sockets with it. */
  clear(): void {
    this.#ears.clear();
    this.#admitted.clear();
    this.#watched.clear();
  }

  #listen({ ifIndex, family, group, ah }: Extract<Effect, { kind: "listen" }>): void {
    const key = `${ifIndex} ${family}`;
    const before = this.#ears.get(key) ?? { groups: [], ah: false };
    const groups = group === undefined ? before.groups : [...before.groups, group];
    this.#ears.set(key, { groups, ah: before.ah || ah === true });
  }
}
