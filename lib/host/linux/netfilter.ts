/**
 * Counters of nftables and flows of conntrack, over a socket of netfilter that is opened when
 * somebody first asks. How much is done at a time is bounded by what one answer brings.
 */
import { type Libc, NETLINK } from "../../../ffi/mod.ts";
import type { KernelRefusal } from "../../engine/mod.ts";
import {
  decodeCounter,
  decodeFlow,
  encodeDumpCounters,
  encodeDumpFlows,
  encodeForgetFlow,
  type NftCounter,
  type ServerFlows,
} from "../../netlink/mod.ts";
import type { NamespaceDoor } from "./namespace_door.ts";
import { RouteNetlink } from "./route_netlink.ts";

/** Netfilter of one network namespace. */
export class Netfilter {
  readonly #libc: Libc;
  readonly #door: NamespaceDoor;
  #requests: RouteNetlink | undefined;

  constructor(libc: Libc, door: NamespaceDoor) {
    this.#libc = libc;
    this.#door = door;
  }

  /** The named counters of a table of family `inet`; none when there is no such table. */
  counters(table: string): NftCounter[] {
    const found = this.#open()?.dump((sequence) => encodeDumpCounters(table, sequence));
    if (found?.ok !== true) return [];
    return found.value.flatMap((message) => decodeCounter(message) ?? []);
  }

  /** Has flows forgotten; answers why that can not be. */
  forget(flows: ServerFlows): KernelRefusal | undefined {
    const requests = this.#open();
    if (requests === undefined) return { errno: "EPROTONOSUPPORT", message: "no netfilter" };
    const found = requests.dump((sequence) => encodeDumpFlows(flows, sequence));
    if (!found.ok) return found.error;
    for (const message of found.value) {
      const flow = decodeFlow(message, flows);
      if (flow === undefined) continue;
      const done = requests.request((sequence) => encodeForgetFlow(flow, sequence));
      // One that ended meanwhile is gone as it was wanted.
      if (!done.ok && done.error.errno !== "ENOENT") return done.error;
    }
    return undefined;
  }

  [Symbol.dispose](): void {
    this.#requests?.[Symbol.dispose]();
    this.#requests = undefined;
  }

  #open(): RouteNetlink | undefined {
    if (this.#requests !== undefined) return this.#requests;
    const opened = this.#door.within(() => RouteNetlink.open(this.#libc, NETLINK.NETFILTER));
    if (opened.ok && opened.value.ok) this.#requests = opened.value.value;
    return this.#requests;
  }
}
