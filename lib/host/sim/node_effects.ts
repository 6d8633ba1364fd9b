/**
 * The effects of the daemon of a simulated node, carried out: packets leave by its links, its fake
 * kernel gets addresses, links, routes and settings, and what other fakes do goes to them.
 */
import { anyInterface, type IfIndex, Random } from "../../base/mod.ts";
import type { Effect, EngineEvent, FirewallState, Tell } from "../../engine/mod.ts";
import { routeLine, ruleLine } from "../../vrrp/mod.ts";
import { BfdLinks } from "./bfd_links.ts";
import { toFrame } from "./frame.ts";
import { type AddressEffect, HeldAddresses } from "./held_addresses.ts";
import { NodeEars } from "./node_ears.ts";
import type { SimNode, Surroundings } from "./sim_node.ts";

/** What the daemon of one node has of its machine. */
export class NodeEffects {
  /** Settings below net/ipv4/conf that the daemon wrote. */
  readonly settings: Map<string, number> = new Map();
  /** The firewall as the daemon last wanted it. */
  firewall: FirewallState | undefined;
  readonly #node: SimNode;
  readonly #around: Surroundings;
  readonly #ears: NodeEars;
  readonly #bfd: BfdLinks;
  readonly #held: HeldAddresses;
  readonly #heldLinks = new Set<string>();

  constructor(node: SimNode, around: Surroundings) {
    const { kernel, faults, name } = node;
    this.#node = node;
    this.#around = around;
    this.#ears = new NodeEars(kernel);
    // Each node has a sequence of its own, so that sessions do not move when others send.
    const seed = [...name].reduce((sum, letter) => sum * 31 + (letter.codePointAt(0) ?? 0), 7);
    this.#bfd = new BfdLinks(kernel, new Random(seed));
    this.#held = new HeldAddresses({
      kernel,
      faults,
      later: (delay, act) => around.later(delay, act),
      record: (change) => around.record({ at: around.now(), node: name, ...change }),
      lost: (events) => node.feedAll(events),
    });
  }

  /** Carries an effect out; what is known at once is put to the answers. */
  perform(effect: Exclude<Effect, { kind: "stopped" }>, answers: EngineEvent[]): void {
    switch (effect.kind) {
      case "send-vrrp":
      case "send-frame":
        return this.#send(effect);
      case "listen":
      case "unlisten":
      case "admit":
      case "watch-claims":
        return this.#ears.perform(effect);
      case "add-address":
      case "delete-address":
        return this.#changeAddress(effect, answers);
      case "renew-addresses":
        return this.#held.renew(effect);
      case "add-link":
        return this.#addLink(effect, answers);
      case "delete-link":
        return this.#deleteLink(effect.name);
      case "read-sysctl":
      case "set-sysctl":
        return this.#setting(effect, answers);
      case "open-bfd":
        return void answers.push(this.#bfd.open(effect));
      case "close-bfd":
        return this.#bfd.close(effect.session);
      case "send-bfd":
        return this.#sendBfd(effect);
      case "add-route":
        return this.#node.kernel.addRouting(`route ${routeLine(effect.route)}`);
      case "delete-route":
        return this.#node.kernel.deleteRouting(`route ${routeLine(effect.route)}`);
      case "add-rule":
        return this.#node.kernel.addRouting(`rule ${ruleLine(effect.rule)}`);
      case "delete-rule":
        return this.#node.kernel.deleteRouting(`rule ${ruleLine(effect.rule)}`);
      case "firewall":
        return void (this.firewall = effect.state);
      case "run-command":
      case "signal-command":
      case "keep-stops":
      case "watch-file":
      case "unwatch-file":
      case "watch-processes":
      case "poll-links":
      case "open-fifo":
      case "write-fifo":
      case "close-fifo":
      case "send-mail":
      case "call-webhook":
        return this.#node.machine.perform(effect, (late) => this.#node.feed(late));
      case "track-probe":
      case "cancel-track-probe":
        return this.#node.probes.perform(effect, (late) => this.#node.feed(late));
      case "tell":
        return this.#told(effect.tell);
      default:
        return this.#node.balancer.perform(effect, (late) => this.#node.feed(late), answers);
    }
  }

  /** What the daemon hears of a frame that arrives at a link. */
  hear(ifIndex: IfIndex, frame: Uint8Array): EngineEvent[] {
    const packet = this.#bfd.packet(frame);
    return packet === undefined
      ? this.#ears.hear(ifIndex, frame)
      : [{ kind: "bfd-packet", packet }];
  }

  /** What an earlier run left behind; it is forgotten. */
  leftovers(): EngineEvent[] {
    return this.#held.leftovers()
      .map(({ ifIndex, plan }) => ({ kind: "leftover", ifIndex, plan }));
  }

  /** Removes what the daemon has put on the machine, as the guard does. */
  clearAway(): void {
    this.#held.clear();
    for (const name of this.#heldLinks) this.#node.kernel.removeLink(name);
    this.#heldLinks.clear();
  }

  /** The daemon is gone, and its sockets with it. */
  closeSockets(): void {
    this.#ears.clear();
    this.#bfd.clear();
  }

  #sendBfd(effect: Extract<Effect, { kind: "send-bfd" }>): void {
    const frame = this.#bfd.frame(effect);
    const up = frame !== undefined && this.#node.kernel.linkAt(frame.ifIndex)?.up === true;
    if (up) this.#around.transmit(this.#node, frame.ifIndex, frame.bytes);
  }

  #told(tell: Tell): void {
    this.#around.record({ kind: "told", at: this.#around.now(), node: this.#node.name, tell });
  }

  #addLink(
    { name, plan, base, present }: Extract<Effect, { kind: "add-link" }>,
    answers: EngineEvent[],
  ): void {
    this.#heldLinks.add(name);
    if (present !== undefined) return;
    const below = this.#node.kernel.linkAt(base);
    const mac = plan.kind === "macvlan" ? plan.mac : below?.mac;
    const link = mac === undefined ? "ENODEV" : this.#node.kernel.addVirtualLink(name, plan, mac);
    if (typeof link === "string") {
      const refusal = { errno: link, message: link };
      answers.push({ kind: "link-refused", operation: "add-link", name, refusal });
      return;
    }
    this.#around.stack(this.#node, base, link.ifIndex);
    answers.push({ kind: "link", link });
  }

  #deleteLink(name: string): void {
    this.#node.kernel.removeLink(name);
    this.#heldLinks.delete(name);
  }

  #setting(
    effect: Extract<Effect, { kind: "read-sysctl" | "set-sysctl" }>,
    answers: EngineEvent[],
  ): void {
    const { scope, name } = effect;
    const key = `${scope}/${name}`;
    const before = this.settings.get(key) ?? 0;
    if (effect.kind === "read-sysctl") {
      answers.push({ kind: "sysctl", scope, name, before, restore: false });
      return;
    }
    const { value, restore } = effect;
    const after = effect.onlyRaise === true ? Math.max(before, value) : value;
    this.settings.set(key, after);
    answers.push({ kind: "sysctl", scope, name, before, after, restore });
  }

  #send(effect: Extract<Effect, { kind: "send-vrrp" | "send-frame" }>): void {
    const index = effect.kind === "send-vrrp" && effect.ifIndex === anyInterface
      ? this.#node.kernel.route(effect.destination)
      : effect.ifIndex;
    const link = index === undefined ? undefined : this.#node.kernel.linkAt(index);
    if (link === undefined || !link.up || link.mac === undefined) return;
    const { ifIndex, mac } = link;
    const frame = effect.kind === "send-frame"
      ? effect.bytes.slice()
      : toFrame(effect, mac, (address) => this.#around.resolve(this.#node, ifIndex, address));
    if (frame !== undefined) this.#around.transmit(this.#node, ifIndex, frame);
  }

  #changeAddress(effect: AddressEffect, answers: EngineEvent[]): void {
    const refused = this.#held.perform(effect);
    if (refused !== undefined) this.#answer(refused, answers);
  }

  #answer(event: EngineEvent, answers: EngineEvent[]): void {
    const { answersAfter } = this.#node.faults;
    if (answersAfter > 0) this.#around.later(answersAfter, () => this.#node.feed(event));
    else answers.push(event);
  }
}
