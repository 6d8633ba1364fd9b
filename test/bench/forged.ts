/**
 * Frames that somebody forges to disturb the routers on a segment: adverts of version 3 over IPv4
 * for routers that nobody has, and for those of the benchmark, wrong in every way that a receiver
 * has to look for. None of them may change anything.
 */
import {
  centiseconds,
  type IpAddress,
  parseIp,
  parseMac,
  type Priority,
  type Vrid,
} from "../../lib/base/mod.ts";
import {
  encodeAdvert,
  encodeEthernet,
  encodeIpv4,
  etherType,
  ipProtocol,
  multicastMac,
  vrrpMulticast4,
} from "../../lib/wire/mod.ts";
import { virtualAddress } from "./configuration.ts";

/** Whom the frames are for. */
export type Forgery = "other routers" | "our routers";

const stranger = address("10.77.0.66");
const strangersMac = parseMac("02:00:00:00:00:66");

/** Frames to be sent over and over again. */
export function forgedFrames(forgery: Forgery, routers: number): Uint8Array[] {
  const vrids = Array.from({ length: routers }, (_, at) => at + 1);
  if (forgery === "other routers") return vrids.map((vrid) => frame(advert(vrid + 100)));
  return vrids.flatMap((vrid) => {
    const good = advert(vrid);
    return [
      frame(good, 64),
      frame(changed(good, 7)),
      frame(changed(good, 0)),
      frame(changed(good, 3)),
      frame(good.subarray(0, 9)),
    ];
  });
}

function advert(vrid: number): Uint8Array {
  return encodeAdvert({
    version: 3,
    family: "ipv4",
    vrid: vrid as Vrid,
    priority: 250 as Priority,
    advertInterval: centiseconds(10),
    addresses: [address(virtualAddress(vrid))],
  }, { source: stranger, destination: vrrpMulticast4, checksumAsV2: false });
}

function changed(pdu: Uint8Array, at: number): Uint8Array {
  const copy = pdu.slice();
  copy[at] = (copy[at] ?? 0) ^ 0x10;
  return copy;
}

function frame(pdu: Uint8Array, ttl = 255): Uint8Array {
  if (strangersMac === undefined) throw new Error("Not a link-layer address");
  const packet = encodeIpv4({
    source: stranger,
    destination: vrrpMulticast4,
    protocol: ipProtocol.vrrp,
    ttl,
    tos: 0xc0,
    identification: 1,
  }, pdu);
  const destination = multicastMac(vrrpMulticast4);
  return encodeEthernet({ destination, source: strangersMac, etherType: etherType.ipv4 }, packet);
}

function address(text: string): IpAddress {
  const parsed = parseIp(text);
  if (parsed === undefined) throw new Error(`Not an address: ${text}`);
  return parsed;
}
