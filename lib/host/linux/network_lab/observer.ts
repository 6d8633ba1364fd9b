/**
 * What can be seen in a node of the lab without the help of those that are watched: the adverts on
 * its network, and the addresses that its kernel has.
 */
import { type Libc, renderOsError, type Socket } from "../../../../ffi/mod.ts";
import type { IfIndex, IpAddress } from "../../../base/mod.ts";
import { decodeAdvertHeader, decodeIpv4, vrrpMulticast4 } from "../../../wire/mod.ts";
import { KernelWatch } from "../kernel_watch.ts";
import { RouteNetlink } from "../route_netlink.ts";
import { joinGroup, openVrrpSocket } from "../vrrp_socket.ts";
import type { LabLoop } from "./loop.ts";

/** An advert that was heard. */
export interface HeardAdvert {
  readonly source: IpAddress;
  readonly vrid: number;
  /** 0 says that the router gives its role away. */
  readonly priority: number;
}

/** More than any advert with its IP header. */
const packetSize = 2048;

/** Hears IPv4 adverts on an interface; must be called in the node's namespace. */
export function observeAdverts(
  libc: Libc,
  loop: LabLoop,
  ifIndex: IfIndex,
  take: (advert: HeardAdvert) => void,
): Disposable {
  const opened = openVrrpSocket(libc, "ipv4", ifIndex, "eth0");
  if (!opened.ok) throw new Error(`Cannot hear adverts: ${renderOsError(opened.error)}`);
  const socket = opened.value;
  const joined = joinGroup(socket, vrrpMulticast4, ifIndex);
  if (!joined.ok) throw new Error(`Cannot hear adverts: ${renderOsError(joined.error)}`);
  const buffer = new Uint8Array(packetSize);
  return watchSocket(loop, socket, () => {
    for (let received = socket.receive(buffer); received.ok; received = socket.receive(buffer)) {
      if (received.value === undefined) return;
      const advert = readAdvert(received.value.bytes);
      if (advert !== undefined) take(advert);
    }
  });
}

/** Sees addresses come and go; must be called in the node's namespace. */
export function observeAddresses(
  libc: Libc,
  loop: LabLoop,
  take: (address: IpAddress, present: boolean) => void,
): Disposable {
  const requests = RouteNetlink.open(libc);
  if (!requests.ok) throw new Error(`Cannot see addresses: ${renderOsError(requests.error)}`);
  const watch = new KernelWatch(libc, requests.value);
  const { fd } = watch;
  loop.watch(fd, () => {
    watch.drain((event) => {
      if (event.kind !== "address" && event.kind !== "address-gone") return;
      take(event.address.address, event.kind === "address");
    });
  });
  return {
    [Symbol.dispose]: () => {
      loop.unwatch(fd);
      watch[Symbol.dispose]();
      requests.value[Symbol.dispose]();
    },
  };
}

/** Watches a socket and closes it in the end. */
export function watchSocket(loop: LabLoop, socket: Socket, handler: () => void): Disposable {
  loop.watch(socket.fd, handler);
  return {
    [Symbol.dispose]: () => {
      loop.unwatch(socket.fd);
      socket[Symbol.dispose]();
    },
  };
}

function readAdvert(packet: Uint8Array): HeardAdvert | undefined {
  const decoded = decodeIpv4(packet);
  if (!decoded.ok) return undefined;
  const advert = decodeAdvertHeader(decoded.value.payload);
  if (!advert.ok) return undefined;
  const { vrid, priority } = advert.value;
  return { source: decoded.value.header.source, vrid, priority };
}
