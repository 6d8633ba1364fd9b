/**
 * Carries effects out: each kind goes to the part of the host that knows how, in the order in which
 * the engine gave them. Parts that most nodes never need are loaded by the first effect for them.
 * What the kernel answers at once waits here until the engine can take it.
 */
import {
  AF,
  type Libc,
  linkLayerAddress,
  type Poller,
  renderOsError,
  SOCK,
  Socket,
} from "../../../ffi/mod.ts";
import type { Duration, Instant } from "../../base/mod.ts";
import type {
  BalanceEffect,
  Effect,
  EngineEvent,
  MachineEffect,
  ProbeEffect,
  Tell,
} from "../../engine/mod.ts";
import { BfdSockets } from "./bfd_sockets.ts";
import type { ClaimEffect } from "./claim_watch.ts";
import { Firewall } from "./firewall.ts";
import { firewallPath, type HeldFile } from "./held_file.ts";
import { Holdings, isHolding } from "./holdings.ts";
import type { InterfaceNames } from "./interface_names.ts";
import type { KernelWatch } from "./kernel_watch.ts";
import { LazyPart } from "./lazy_part.ts";
import { renewAddresses } from "./lease_renewal.ts";
import { changeLink } from "./link_changer.ts";
import type { RouteNetlink } from "./route_netlink.ts";
import { Routing } from "./routing.ts";
import { refusedThere, VrrpListeners } from "./vrrp_listeners.ts";

/** What effects are carried out with. */
export interface PerformerParts {
  readonly libc: Libc;
  readonly poller: Poller;
  readonly requests: RouteNetlink;
  readonly watch: KernelWatch;
  readonly names: InterfaceNames;
  readonly held: HeldFile;
  readonly tell: (tell: Tell) => void;
  readonly onStopped: () => void;
  now(): Instant;
  /** How long nothing is due. */
  quiet(): Duration;
  /** Gives the engine what arrived, within a turn. */
  take(event: EngineEvent, at?: Instant): void;
  /** Gives the engine an event in a turn of its own. */
  feed(event: EngineEvent): void;
}

/** The effects of one node. */
export class EffectPerformer {
  readonly #parts: PerformerParts;
  /** VRRP comes and goes here. */
  readonly vrrp: VrrpListeners;
  readonly #frames: Socket;
  readonly #bfd: BfdSockets;
  readonly #holdings: Holdings;
  readonly #firewall: Firewall;
  readonly #machine: LazyPart<MachineEffect>;
  readonly #balancer: LazyPart<BalanceEffect>;
  readonly #claims: LazyPart<ClaimEffect>;
  readonly #asker: LazyPart<ProbeEffect>;
  readonly #answers: EngineEvent[] = [];
  /** Absent until there are virtual servers. */
  #gather: (() => Promise<void>) | undefined;

  /** Opens the sockets; throws a sentence when one is refused. */
  constructor(parts: PerformerParts) {
    const { libc, poller, requests, watch, names, held } = parts;
    this.#parts = parts;
    const [now, take] = [parts.now, parts.take];
    const nameOf = names.nameOf.bind(names);
    const answer = (event: EngineEvent): void => void this.#answers.push(event);
    this.vrrp = new VrrpListeners({ libc, poller, now, nameOf, take, answer });
    this.#firewall = new Firewall(libc, firewallPath(held.path), held.files);
    const routing = new Routing(requests, watch, (name) => names.indexOf(name));
    this.#holdings = new Holdings({ held, requests, routing, nameOf });
    const frames = Socket.open(libc, AF.PACKET, SOCK.RAW, 0);
    if (!frames.ok) throw new Error(renderOsError(frames.error));
    this.#frames = frames.value;
    this.#bfd = new BfdSockets({ libc, poller, now, take });
    this.#machine = new LazyPart(parts, async (tools) => {
      const { Machine } = await import("./machine.ts");
      return new Machine(tools, held);
    });
    this.#balancer = new LazyPart(parts, async (tools) => {
      const { Balancer } = await import("./balancer.ts");
      const balancer = new Balancer(tools, held);
      this.#gather = () => balancer.gather();
      return balancer;
    });
    this.#claims = new LazyPart(parts, async (tools) => {
      const { ClaimWatch } = await import("./claim_watch.ts");
      return new ClaimWatch(tools, nameOf);
    });
    this.#asker = new LazyPart(parts, async (tools) => {
      const { Asker } = await import("./asker.ts");
      return new Asker(tools, names);
    });
  }

  /** Carries the effects of a step out. */
  perform(effects: readonly Effect[]): void {
    let noted = false;
    for (const effect of effects) {
      // Before the first one is there the guard must know of it, but an advert need not wait.
      if (!noted && isHolding(effect, "add")) {
        noted = true;
        this.#holdings.take(effects);
      }
      this.#performOne(effect);
    }
    this.#holdings.drop(effects);
  }

  /** The next of the kernel's answers: the engine gets them before anything else. */
  nextAnswer(): EngineEvent | undefined {
    return this.#answers.shift();
  }

  /** Has the kernel's counters of virtual servers told; resolves when they were. */
  async gather(): Promise<void> {
    await this.#gather?.();
  }

  /** Closes everything that was opened here. */
  close(): void {
    this.#machine.close();
    this.#balancer.close();
    this.vrrp.close();
    this.#claims.close();
    this.#asker.close();
    this.#bfd[Symbol.dispose]();
    this.#frames[Symbol.dispose]();
  }

  #performOne(effect: Effect): void {
    const { requests, held } = this.#parts;
    switch (effect.kind) {
      case "send-vrrp":
        return this.vrrp.send(effect);
      case "send-frame":
        return this.#sendFrame(effect);
      case "listen":
        return this.vrrp.listen(effect);
      case "admit":
        return this.vrrp.admit(effect);
      case "unlisten":
        return this.vrrp.unlisten(effect);
      case "renew-addresses":
        return void this.#answers.push(...renewAddresses(requests, effect));
      case "add-link":
      case "delete-link":
      case "read-sysctl":
      case "set-sysctl":
        return void this.#answers.push(...changeLink(effect, requests, held));
      case "open-bfd":
        return void this.#answers.push(this.#bfd.open(effect));
      case "close-bfd":
        return this.#bfd.close(effect.session);
      case "send-bfd":
        return this.#answer(this.#bfd.send(effect));
      case "add-address":
      case "delete-address":
      case "add-route":
      case "delete-route":
      case "add-rule":
      case "delete-rule":
        return this.#answer(this.#holdings.perform(effect));
      case "firewall":
        return void this.#answers.push(...this.#firewall.become(effect.state));
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
        return this.#machine.perform(effect);
      case "watch-claims":
        return this.#claims.perform(effect);
      case "track-probe":
      case "cancel-track-probe":
        return this.#asker.perform(effect);
      case "tell":
        return this.#parts.tell(effect.tell);
      case "stopped":
        return this.#parts.onStopped();
      default:
        return this.#balancer.perform(effect);
    }
  }

  #answer(answer: EngineEvent | undefined): void {
    if (answer !== undefined) this.#answers.push(answer);
  }

  #sendFrame({ ifIndex, bytes }: Extract<Effect, { kind: "send-frame" }>): void {
    const sent = this.#frames.sendTo(bytes, linkLayerAddress(ifIndex, 0));
    if (!sent.ok) this.#answer(refusedThere("send", { ifIndex }, sent.error));
  }
}
