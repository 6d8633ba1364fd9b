/**
 * Asks interfaces for their links once a second, for drivers that do not tell (behaviour 4.34): the
 * transceiver (MII), the driver (ETHTOOL), the flags (IOCTL). What does not answer to one is asked
 * in the next way.
 */
import { AF, type Libc, SIOC, SOCK, Socket } from "../../../ffi/mod.ts";
import { viewOf } from "../../base/mod.ts";
import type { EngineEvent } from "../../engine/mod.ts";
import type { LinkMethod } from "../../track/mod.ts";

/** <linux/ethtool.h>: has it a link? */
const ETHTOOL_GLINK = 0x0a;
/** <linux/mii.h>: the register of the state, and its bit for the link. */
const [MII_BMSR, BMSR_LSTATUS] = [1, 4];
/** <linux/if.h> */
const IFF_RUNNING = 0x40;
/** sizeof(struct ifreq), and the length of the name at its beginning. */
const [requestSize, nameSize] = [40, 16];
const periodMs = 1000;

interface Parts {
  readonly libc: Libc;
  feed(event: EngineEvent): void;
}

/** Interfaces that are asked. */
export class LinkPoll {
  readonly #parts: Parts;
  #links: readonly { readonly name: string; readonly method: LinkMethod }[] = [];
  #socket: Socket | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Asks these from now on. */
  poll(links: readonly { readonly name: string; readonly method: LinkMethod }[]): void {
    this.#links = links;
    if (links.length === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      return;
    }
    if (this.#socket === undefined) {
      const opened = Socket.open(this.#parts.libc, AF.INET, SOCK.DGRAM, 0);
      if (!opened.ok) return;
      this.#socket = opened.value;
    }
    this.#timer ??= setInterval(() => this.#askAll(), periodMs);
    this.#askAll();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#socket?.[Symbol.dispose]();
  }

  #askAll(): void {
    for (const { name, method } of this.#links) {
      const up = this.#ask(name, method);
      if (up !== undefined) this.#parts.feed({ kind: "link-beat", interfaceName: name, up });
    }
  }

  #ask(name: string, method: LinkMethod): boolean | undefined {
    const ways = {
      mii: () => this.#mii(name),
      ethtool: () => this.#ethtool(name),
      ioctl: () => this.#flags(name),
    };
    const order = [
      method,
      ...(["mii", "ethtool", "ioctl"] as const).filter((one) => one !== method),
    ];
    for (const way of order) {
      const up = ways[way]();
      if (up !== undefined) return up;
    }
    return undefined;
  }

  #mii(name: string): boolean | undefined {
    const request = requestFor(name);
    if (!this.#call(SIOC.GMIIPHY, request)) return undefined;
    viewOf(request).setUint16(nameSize + 2, MII_BMSR, true);
    if (!this.#call(SIOC.GMIIREG, request)) return undefined;
    return (viewOf(request).getUint16(nameSize + 6, true) & BMSR_LSTATUS) !== 0;
  }

  #ethtool(name: string): boolean | undefined {
    const value = new Uint8Array(8);
    viewOf(value).setUint32(0, ETHTOOL_GLINK, true);
    const request = requestFor(name);
    viewOf(request).setBigUint64(nameSize, BigInt(this.#parts.libc.addressOf(value)), true);
    if (!this.#call(SIOC.ETHTOOL, request)) return undefined;
    return viewOf(value).getUint32(4, true) !== 0;
  }

  #flags(name: string): boolean | undefined {
    const request = requestFor(name);
    if (!this.#call(SIOC.GIFFLAGS, request)) return undefined;
    return (viewOf(request).getUint16(nameSize, true) & IFF_RUNNING) !== 0;
  }

  #call(request: number, argument: Uint8Array): boolean {
    const fd = this.#socket?.fd ?? -1;
    return this.#parts.libc.libc.ioctl(fd, request, argument) >= 0;
  }
}

function requestFor(name: string): Uint8Array {
  const bytes = new Uint8Array(requestSize);
  bytes.set(new TextEncoder().encode(name).subarray(0, nameSize - 1));
  return bytes;
}
