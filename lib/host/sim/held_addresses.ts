/**
 * The addresses that a daemon puts on the links of a simulated node, with what Linux does to them:
 * requests may be refused, leases end, and the file in the run directory that says what is held
 * survives a crash.
 */
import { formatPrefix, type IfIndex } from "../../base/mod.ts";
import type { Effect, EngineEvent } from "../../engine/mod.ts";
import type { AddressPlan } from "../../vrrp/mod.ts";
import type { FakeKernel } from "./fake_kernel.ts";
import { FakeLeases } from "./fake_leases.ts";
import type { KernelFaults } from "./kernel_faults.ts";
import type { Entry } from "./transcript.ts";

/** An address comes or goes. */
export type AddressEffect = Extract<Effect, { kind: "add-address" | "delete-address" }>;

/** What it works with. */
export interface HeldParts {
  readonly kernel: FakeKernel;
  readonly faults: KernelFaults;
  readonly later: ConstructorParameters<typeof FakeLeases>[0];
  readonly record: (change: Omit<Extract<Entry, { kind: "address" }>, "at" | "node">) => void;
  /** Hears that a lease is over. */
  readonly lost: (events: readonly EngineEvent[]) => void;
}

/** The addresses of one daemon. */
export class HeldAddresses {
  readonly #parts: HeldParts;
  readonly #leases: FakeLeases;
  readonly #file = new Map<string, AddressEffect>();

  constructor(parts: HeldParts) {
    this.#parts = parts;
    this.#leases = new FakeLeases(parts.later, (ifIndex, plan) => this.#expire(ifIndex, plan));
  }

  /** Reads what an earlier run left behind, and empties the file. */
  leftovers(): AddressEffect[] {
    const found = [...this.#file.values()];
    this.#file.clear();
    return found;
  }

  /** The guard removes everything that is in the file. */
  clear(): void {
    for (const effect of this.#file.values()) this.#change({ ...effect, kind: "delete-address" });
  }

  /** Carries an effect out; answers the refusal of the kernel, if it matters. */
  perform(effect: AddressEffect): EngineEvent | undefined {
    const { kind: operation, ifIndex, plan } = effect;
    const { faults } = this.#parts;
    const key = `${ifIndex} ${formatPrefix(plan)}`;
    if (operation === "add-address") this.#file.set(key, effect);
    const errno = faults.refusalOf(operation) ?? this.#change(effect);
    if (operation === "delete-address") this.#file.delete(key);
    if (errno === undefined) {
      const lease = operation === "add-address" ? effect.leaseSeconds : undefined;
      this.#leases.set(ifIndex, plan, lease);
    }
    const harmed = errno !== undefined && !harmless[operation].includes(errno);
    faults.refused(key, harmed);
    if (!harmed) return undefined;
    const refusal = { errno, message: errno };
    return { kind: "refused", operation, ifIndex, address: plan.address, plan, refusal };
  }

  /** As the kernel does it: what is not there is added. */
  renew({ holdings, leaseSeconds }: Extract<Effect, { kind: "renew-addresses" }>): void {
    for (const { ifIndex, plan } of holdings) {
      this.#change({ kind: "add-address", ifIndex, plan });
      this.#leases.set(ifIndex, plan, leaseSeconds);
    }
  }

  /** The kernel drops an address whose time is over, and tells so. */
  #expire(ifIndex: IfIndex, plan: AddressPlan): void {
    const events = this.#parts.kernel.delete(ifIndex, plan);
    if (typeof events === "string") return;
    this.#record("deleted", ifIndex, plan);
    this.#parts.lost(events);
  }

  #change({ kind, ifIndex, plan }: AddressEffect): string | undefined {
    const { kernel } = this.#parts;
    const adds = kind === "add-address";
    const done = adds ? kernel.add(ifIndex, plan, true) : kernel.delete(ifIndex, plan);
    if (typeof done === "string") return done;
    this.#record(adds ? "added" : "deleted", ifIndex, plan);
    return undefined;
  }

  #record(change: "added" | "deleted", ifIndex: IfIndex, plan: AddressPlan): void {
    const interfaceName = this.#parts.kernel.linkAt(ifIndex)?.name ?? `#${ifIndex}`;
    const address = formatPrefix(plan);
    this.#parts.record({ kind: "address", interfaceName, change, address });
  }
}

/** What is as it was wanted in spite of the refusal. */
const harmless = {
  "add-address": ["EEXIST"],
  "delete-address": ["EADDRNOTAVAIL", "ENODEV"],
};
