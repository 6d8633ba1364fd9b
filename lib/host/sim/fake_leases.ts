/**
 * Lifetimes of addresses in a simulated kernel: each is dropped when its time is over, whether
 * there is a daemon or not.
 */
import { type Duration, formatPrefix, type IfIndex, seconds } from "../../base/mod.ts";
import type { AddressPlan } from "../../vrrp/mod.ts";

/** Which addresses have how long. */
export class FakeLeases {
  readonly #current = new Map<string, number>();
  readonly #later: (delay: Duration, act: () => void) => void;
  readonly #expire: (ifIndex: IfIndex, plan: AddressPlan) => void;
  #count = 0;

  constructor(
    later: (delay: Duration, act: () => void) => void,
    expire: (ifIndex: IfIndex, plan: AddressPlan) => void,
  ) {
    this.#later = later;
    this.#expire = expire;
  }

  /** From now on the address has so many seconds, or no end. */
  set(ifIndex: IfIndex, plan: AddressPlan, leaseSeconds: number | undefined): void {
    const key = `${ifIndex} ${formatPrefix(plan)}`;
    if (leaseSeconds === undefined) {
      this.#current.delete(key);
      return;
    }
    const lease = ++this.#count;
    this.#current.set(key, lease);
    this.#later(seconds(leaseSeconds), () => {
      if (this.#current.get(key) !== lease) return;
      this.#current.delete(key);
      this.#expire(ifIndex, plan);
    });
  }
}
