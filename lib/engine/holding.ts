/**
 * Which addresses this node holds, and for how many virtual routers. Two routers may hold the same
 * one for a moment, when a reload moves it from one to the other: it is put on its interface by the
 * first and taken off by the last, so that no packet is lost between. An address that an owner
 * finds on its interface is held as well, but it is not ours: it stays when we go.
 */
import { equalIp, formatIp, type IfIndex, type IpAddress } from "../base/mod.ts";
import type { AddressPlan } from "../vrrp/mod.ts";

/** An address on an interface. */
export interface Holding {
  readonly ifIndex: IfIndex;
  readonly plan: AddressPlan;
}

interface Held {
  readonly holding: Holding;
  foreign: boolean;
  count: number;
}

/** The table of held addresses. */
export class Holdings {
  readonly #held = new Map<string, Held>();

  /** Holds once more; true when it must be added. A `foreign` address was there before. */
  take(holding: Holding, foreign: boolean): boolean {
    const known = this.#held.get(holdingKey(holding));
    if (known !== undefined) known.count++;
    else this.#held.set(holdingKey(holding), { holding, foreign, count: 1 });
    return known === undefined && !foreign;
  }

  /** Holds once less; true when the address must be deleted. */
  drop(holding: Holding): boolean {
    const known = this.#held.get(holdingKey(holding));
    if (known === undefined || --known.count > 0) return false;
    this.#held.delete(holdingKey(holding));
    return !known.foreign;
  }

  /** Says that an earlier run added the address; true when it was taken for a foreign one. */
  claim(holding: Holding): boolean {
    const known = this.#held.get(holdingKey(holding));
    if (known === undefined || !known.foreign) return false;
    known.foreign = false;
    return true;
  }

  /** What tells an address from others, when it was put there by us. */
  ownKey(holding: Holding): string | undefined {
    const key = holdingKey(holding);
    return this.#held.get(key)?.foreign === false ? key : undefined;
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
  return holdingKey(a) === holdingKey(b);
}

/** What tells an address on an interface from others. */
export function holdingKey({ ifIndex, plan }: Holding): string {
  return `${ifIndex} ${formatIp(plan.address)}/${plan.prefixLength}`;
}
