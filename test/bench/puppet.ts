/**
 * A master on a string: it sends adverts of priority 200 from the far namespace, and falls silent
 * or says goodbye when it is told to. A crash is nothing else on the wire, and the same master
 * stands against every daemon under test.
 */
import { closeSync, openSync } from "node:fs";
import { AF, CLONE, int32, IP, openLibc, SOCK, Socket } from "../../ffi/mod.ts";
import { type Libc, renderOsError, socketAddress, SOL } from "../../ffi/mod.ts";
import { ifIndex, type IpAddress, milliseconds, parseIp, type Result } from "../../lib/base/mod.ts";
import { encodeAdvert, encodeIpv4, ipProtocol, vrrpMulticast4 } from "../../lib/wire/mod.ts";
import { vrrpTos, vrrpTtl } from "../../lib/wire/mod.ts";
import { virtualAddress } from "./configuration.ts";
import { addresses, type Network } from "./network.ts";
import { sleep } from "./wait.ts";

/** Higher than any priority of a daemon under test. */
const priority = 200;

/** Sends adverts for VRID 1. */
export class Puppet {
  readonly #socket: Socket;
  readonly #intervalMs: number;

  private constructor(socket: Socket, intervalMs: number) {
    this.#socket = socket;
    this.#intervalMs = intervalMs;
  }

  /** Opens a socket in the far namespace. */
  static async open(network: Network, intervalMs: number): Promise<Puppet> {
    const libc = await openLibc();
    return new Puppet(openInside(libc, network.path("far")), intervalMs);
  }

  /** Is master for so many intervals, then gone. */
  async play(adverts: number, ending: "crash" | "goodbye"): Promise<void> {
    for (let count = 0; count < adverts; count++) {
      this.#send(priority);
      await sleep(this.#intervalMs);
    }
    this.#send(ending === "crash" ? priority : 0);
  }

  [Symbol.dispose](): void {
    this.#socket[Symbol.dispose]();
  }

  #send(priority: number): void {
    const source = ipOf(addresses.far);
    const destination = vrrpMulticast4;
    const pdu = encodeAdvert({
      version: 3,
      family: "ipv4",
      vrid: 1,
      priority,
      advertInterval: milliseconds(this.#intervalMs),
      addresses: [ipOf(virtualAddress(1))],
    }, { source, destination, checksumAsV2: false });
    const packet = encodeIpv4({
      source,
      destination,
      protocol: ipProtocol.vrrp,
      ttl: vrrpTtl,
      tos: vrrpTos,
      identification: 0,
    }, pdu);
    demand(this.#socket.sendTo(packet, socketAddress(destination, ifIndex(0))));
  }
}

/** A socket belongs to the namespace in which it was opened, whoever uses it later. */
function openInside(libc: Libc, path: string): Socket {
  const home = openSync("/proc/thread-self/ns/net", "r");
  const there = openSync(path, "r");
  try {
    if (libc.libc.setns(there, CLONE.NEWNET) < 0) throw new Error(`Cannot enter ${path}`);
    const socket = demand(Socket.open(libc, AF.INET, SOCK.RAW, ipProtocol.vrrp));
    demand(socket.configure(
      { level: SOL.IP, name: IP.HDRINCL, value: int32(1) },
      { level: SOL.IP, name: IP.MULTICAST_LOOP, value: int32(0) },
      { level: SOL.IP, name: IP.MULTICAST_IF, value: ipOf(addresses.far).bytes },
    ));
    return socket;
  } finally {
    libc.libc.setns(home, CLONE.NEWNET);
    closeSync(there);
    closeSync(home);
  }
}

function ipOf(text: string): IpAddress {
  const address = parseIp(text);
  if (address === undefined) throw new Error(`Cannot read the address ${text}`);
  return address;
}

function demand<T>(result: Result<T, Parameters<typeof renderOsError>[0]>): T {
  if (result.ok) return result.value;
  throw new Error(renderOsError(result.error));
}
