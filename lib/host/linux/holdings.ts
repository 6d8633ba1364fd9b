/**
 * What must not outlive the daemon: virtual addresses, routes and rules. They are put into the
 * kernel and taken from it here, and the crash guard's list is kept in line: before anything is
 * added it stands there, and it is struck out when it is gone.
 */
import type { IfIndex } from "../../base/mod.ts";
import type { Effect, EngineEvent, RoutingEffect } from "../../engine/mod.ts";
import { encodeAddAddress, encodeDeleteAddress } from "../../netlink/mod.ts";
import { toAddressRequest } from "./address_request.ts";
import { type HeldFile, renderHeld, renderHeldRoute, renderHeldRule } from "./held_file.ts";
import type { RouteNetlink } from "./route_netlink.ts";
import type { Routing } from "./routing.ts";

type AddressEffect = Extract<Effect, { kind: "add-address" | "delete-address" }>;

/** An effect that changes what must not outlive the daemon; most, adverts above all, do not. */
export type HoldingEffect = AddressEffect | RoutingEffect;

const kinds: Readonly<Record<"add" | "delete", ReadonlySet<string>>> = {
  add: new Set(["add-address", "add-route", "add-rule"]),
  delete: new Set(["delete-address", "delete-route", "delete-rule"]),
};

/** What it works with. */
export interface HoldingParts {
  readonly held: HeldFile;
  readonly requests: RouteNetlink;
  readonly routing: Routing;
  readonly nameOf: (ifIndex: IfIndex) => string | undefined;
}

/** Addresses, routes and rules of this daemon. */
export class Holdings {
  readonly #parts: HoldingParts;

  constructor(parts: HoldingParts) {
    this.#parts = parts;
  }

  /** Has the guard know of everything that these effects add. */
  take(effects: readonly Effect[]): void {
    this.#parts.held.take(this.#linesOf(effects, "add"));
  }

  /** Has the guard forget everything that these effects have deleted. */
  drop(effects: readonly Effect[]): void {
    const dropped = this.#linesOf(effects, "delete");
    if (dropped.length > 0) this.#parts.held.drop(dropped);
  }

  /** Carries an effect out; answers the kernel's refusal, if it matters. */
  perform(effect: HoldingEffect): EngineEvent | undefined {
    if ("ifIndex" in effect) return this.#changeAddress(effect);
    const refusal = this.#parts.routing.perform(effect);
    return refusal === undefined ? undefined : { kind: "routing-refused", effect, refusal };
  }

  #changeAddress(effect: AddressEffect): EngineEvent | undefined {
    const { kind, ifIndex, plan } = effect;
    const encode = kind === "add-address" ? encodeAddAddress : encodeDeleteAddress;
    const lease = kind === "add-address" ? effect.leaseSeconds : undefined;
    const request = toAddressRequest(ifIndex, plan, lease);
    const done = this.#parts.requests.request((sequence) => encode(request, sequence));
    if (done.ok || isHarmless(kind, done.error.errno)) return undefined;
    const { address } = plan;
    return { kind: "refused", operation: kind, ifIndex, address, plan, refusal: done.error };
  }

  #linesOf(effects: readonly Effect[], verb: "add" | "delete"): string[] {
    return effects.flatMap((effect) => isHolding(effect, verb) ? this.#lineOf(effect) : []);
  }

  #lineOf(effect: HoldingEffect): string[] {
    if ("rule" in effect) return [renderHeldRule(effect.rule)];
    const { routing, nameOf } = this.#parts;
    if ("route" in effect) return [renderHeldRoute(effect.route, routing.tableOf(effect.route))];
    const interfaceName = nameOf(effect.ifIndex);
    if (interfaceName === undefined) return [];
    const { address, prefixLength, peer } = effect.plan;
    const own = { interfaceName, address, prefixLength };
    return [renderHeld(peer === undefined ? own : { ...own, peer })];
  }
}

/** Whether an effect adds, or deletes, what must not outlive the daemon. */
export function isHolding(effect: Effect, verb: "add" | "delete"): effect is HoldingEffect {
  return kinds[verb].has(effect.kind);
}

/** An address that is there already, or gone already, is as it was wanted. */
function isHarmless(operation: AddressEffect["kind"], name: string): boolean {
  if (operation === "add-address") return name === "EEXIST";
  return name === "EADDRNOTAVAIL" || name === "ENODEV";
}
