/**
 * Which addresses this node holds, and for how many virtual routers. Two routers may hold the same
 * one for a moment, when a reload moves it from one to the other: it is put on its interface by the
 * first and taken off by the last, so that no packet is lost between.
 */
import { equalIp, formatIp, type IfIndex, type IpAddress } from "../base/mod.ts";
import type { AddressPlan } from "../vrrp/mod.ts";

/** An address on an interface. */
export interface Holding {
  readonly ifIndex: IfIndex;
  readonly plan: AddressPlan;
}

/** The table of held addresses. */
export class Holdings {
  readonly #held = new Map<string, { readonly holding: Holding; count: number }>();

  /** Holds once more; true when it was not held before. */
  take(holding: Holding): boolean {
    const known = this.#held.get(keyOf(holding));
    if (known === undefined) this.#held.set(keyOf(holding), { holding, count: 1 });
    else known.count++;
    return known === undefined;
  }

  /** Holds once less; true when it is no longer held. */
  drop(holding: Holding): boolean {
    const known = this.#held.get(keyOf(holding));
    if (known === undefined || --known.count > 0) return false;
    return this.#held.delete(keyOf(holding));
  }

  /** Whether the address is held on the interface. */
  has(ifIndex: IfIndex, address: IpAddress): boolean {
    for (const { holding } of this.#held.values()) {
      if (holding.ifIndex === ifIndex && equalIp(holding.plan.address, address)) return true;
    }
    return false;
  }
}

/** Whether two holdings are the same address on the same interface. */
export function sameHolding(a: Holding, b: Holding): boolean {
  return keyOf(a) === keyOf(b);
}

function keyOf({ ifIndex, plan }: Holding): string {
  return `${ifIndex} ${formatIp(plan.address)}/${plan.prefixLength}`;
}
