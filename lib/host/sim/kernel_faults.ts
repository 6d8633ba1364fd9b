/**
 * A kernel that does not do as it is told: it refuses kinds of requests, as Linux does without
 * memory or rights, and its answers may come late.
 */
import { type Duration, microseconds } from "../../base/mod.ts";

/** What a kernel can refuse. */
export type Refusable = "add-address" | "delete-address";

/** How the kernel of a node misbehaves; as it is made, it does not. */
export class KernelFaults {
  /** Answers take so long. */
  answersAfter: Duration = microseconds(0);
  /** Addresses that are not as the daemon asked, each behind the index of its link. */
  readonly refusedAddresses: Set<string> = new Set();
  readonly #numbers = new Map<Refusable, string>();

  /** These requests get this symbolic error number; without one they are carried out again. */
  refuse(operation: Refusable, errno: string | undefined): void {
    if (errno === undefined) this.#numbers.delete(operation);
    else this.#numbers.set(operation, errno);
  }

  /** Remembers of an address whether it is as the daemon asked. */
  refused(key: string, harmed: boolean): void {
    if (harmed) this.refusedAddresses.add(key);
    else this.refusedAddresses.delete(key);
  }

  /** The error number of a request, if it is refused. */
  refusalOf(operation: Refusable): string | undefined {
    return this.#numbers.get(operation);
  }
}
