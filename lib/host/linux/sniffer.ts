/**
 * Listens for VRRP on an interface without being a router: a packet socket with a filter, so that
 * busy interfaces cost nothing. It hears what this node sends, too, and asks the card for the
 * frames of all groups, as long as it is there.
 */
import {
  AF,
  BPF,
  cString,
  ETH_P_ALL,
  type FilterInstruction,
  filterProgram,
  type Libc,
  linkLayerAddress,
  MonotonicClock,
  openLibc,
  PACKET,
  packetMembership,
  Poller,
  renderOsError,
  SOCK,
  Socket,
  SOL,
} from "../../../ffi/mod.ts";
import { err, type IfIndex, ok, type Result, viewOf } from "../../base/mod.ts";
import { AdvertObserver, type Observation } from "../../vrrp/observe.ts";
import { etherType, ipProtocol } from "../../wire/mod.ts";

/** Where a frame says what it carries, behind 14 octets of Ethernet. */
const at = { etherType: 12, protocol4: 23, protocol6: 20 } as const;
/** A frame of the usual size; longer ones are cut, and say so. */
const frameSize = 2048;
const framesPerLook = 64;

/** What listens until it is closed. */
export interface Sniffer {
  close(): void;
}

/** Gives each frame of VRRP to `take`; the error is a sentence. */
export async function openSniffer(
  interfaceName: string,
  take: (seen: Observation) => void,
): Promise<Result<Sniffer, string>> {
  const libc = await openLibc();
  // Protocol 0 hears nothing until the filter is there and the socket is bound.
  const opened = Socket.open(libc, AF.PACKET, SOCK.RAW, 0);
  if (!opened.ok) return err(`Cannot listen: ${renderOsError(opened.error)}; run it as root`);
  const socket = opened.value;
  const ifIndex = indexOf(libc, socket, interfaceName);
  if (ifIndex === undefined) {
    socket[Symbol.dispose]();
    return err(`There is no interface "${interfaceName}"`);
  }
  const filtered = socket.filter(filterProgram(onlyVrrp));
  const bound = filtered.ok ? socket.bind(linkLayerAddress(ifIndex, ETH_P_ALL)) : filtered;
  if (!bound.ok) {
    socket[Symbol.dispose]();
    return err(`Cannot listen on "${interfaceName}": ${renderOsError(bound.error)}`);
  }
  socket.configure({
    level: SOL.PACKET,
    name: PACKET.ADD_MEMBERSHIP,
    value: packetMembership(ifIndex, PACKET.MR_ALLMULTI),
  });
  const poller: Poller = new Poller(libc, () => void poller.look());
  const [clock, observer] = [new MonotonicClock(libc), new AdvertObserver()];
  const buffer = new Uint8Array(frameSize);
  poller.add(socket.fd, () => {
    for (let count = 0; count < framesPerLook; count++) {
      const received = socket.receive(buffer);
      if (!received.ok || received.value === undefined) return;
      const seen = observer.see(received.value.bytes, clock.now());
      if (seen !== undefined) take(seen);
    }
    // What is left would wake nobody.
    setImmediate(() => void poller.look());
  });
  return ok({
    close: () => {
      poller.remove(socket.fd);
      socket[Symbol.dispose]();
      poller[Symbol.dispose]();
    },
  });
}

/** VRRP over IPv4, an authentication header before it or not, and over IPv6. */
const onlyVrrp: readonly FilterInstruction[] = [
  [BPF.LOAD_HALF, 0, 0, at.etherType],
  [BPF.JUMP_EQUAL, 0, 4, etherType.ipv4],
  [BPF.LOAD_BYTE, 0, 0, at.protocol4],
  [BPF.JUMP_EQUAL, 5, 0, ipProtocol.vrrp],
  [BPF.JUMP_EQUAL, 4, 0, ipProtocol.ah],
  [BPF.RETURN, 0, 0, 0],
  [BPF.JUMP_EQUAL, 0, 3, etherType.ipv6],
  [BPF.LOAD_BYTE, 0, 0, at.protocol6],
  [BPF.JUMP_EQUAL, 0, 1, ipProtocol.vrrp],
  [BPF.RETURN, 0, 0, frameSize],
  [BPF.RETURN, 0, 0, 0],
];

/** SIOCGIFINDEX, <linux/sockios.h>: struct ifreq has the name first, the answer behind it. */
const askIndex = 0x8933;
const [requestSize, answerAt] = [40, 16];

function indexOf(libc: Libc, socket: Socket, interfaceName: string): IfIndex | undefined {
  const request = new Uint8Array(requestSize);
  const name = cString(interfaceName);
  if (name.length > answerAt) return undefined;
  request.set(name);
  if (libc.libc.ioctl(socket.fd, askIndex, request) !== 0) return undefined;
  return viewOf(request).getInt32(answerAt, true) as IfIndex;
}
