/**
 * One line for each packet, in the manner of tcpdump, for logs, tests and the transcript of the
 * simulator alike. Printing never fails: what can not be read is printed as what is wrong with it,
 * and a wrong checksum is said at the end of the line.
 */
import { type Family, formatDuration, formatIp, formatMac, inSeconds, toHex } from "../base/mod.ts";
import { arpOperation, decodeArp } from "./arp.ts";
import { bfdPort, decodeBfd } from "./bfd.ts";
import { decodeEthernet, etherType } from "./ethernet.ts";
import type { AddressPair } from "./field.ts";
import { decodeEcho, verifyIcmpChecksum } from "./icmp.ts";
import { decodeIpv4, ipProtocol, verifyIpv4Checksum } from "./ipv4.ts";
import { decodeIpv6 } from "./ipv6.ts";
import { decodeNeighborAdvertisement, ndpType } from "./ndp.ts";
import { decodeUdp } from "./udp.ts";
import { type Advert, advertType, decodeAdvert, verifyAdvertChecksum } from "./vrrp.ts";

/** How many octets of an unknown payload are shown. */
const maxShownOctets = 16;

/** A whole Ethernet frame in one line. */
export function printFrame(frame: Uint8Array): string {
  const decoded = decodeEthernet(frame);
  if (!decoded.ok) return `[${decoded.error.detail}]`;
  const { header, payload } = decoded.value;
  const ends = `${formatMac(header.source)} > ${formatMac(header.destination)}`;
  switch (header.etherType) {
    case etherType.arp:
      return `${ends} ${printArp(payload)}`;
    case etherType.ipv4:
    case etherType.ipv6:
      return `${ends} ${printIpPacket(payload)}`;
    default:
      return `${ends} type 0x${header.etherType.toString(16)} ${printUnknown(payload)}`;
  }
}

/** An IPv4 or IPv6 packet in one line; the version says which. */
export function printIpPacket(bytes: Uint8Array): string {
  if ((bytes[0] ?? 0) >> 4 === 6) {
    const decoded = decodeIpv6(bytes);
    if (!decoded.ok) return `[${decoded.error.detail}]`;
    const { header, payload } = decoded.value;
    return printIpPayload(payload, header, header.hopLimit, "");
  }
  const decoded = decodeIpv4(bytes);
  if (!decoded.ok) return `[${decoded.error.detail}]`;
  const { header, payload } = decoded.value;
  const verdict = verifyIpv4Checksum(bytes) ? "" : " [bad IP checksum]";
  return printIpPayload(payload, header, header.ttl, verdict);
}

/** What an advert says, without who sent it. */
export function printAdvert(advert: Advert): string {
  const type = advert.type === advertType ? "advert" : `type ${advert.type}`;
  const auth = advert.authType === 0 ? "" : ` auth ${advert.authType}`;
  const addresses = advert.addresses.map(formatIp).join(",") || "none";
  return `VRRPv${advert.version} ${type} vrid ${advert.vrid} prio ${advert.priority}` +
    `${auth} interval ${inSeconds(advert.advertInterval)}s addresses ${addresses}`;
}

/** The part of a VRRP packet that follows the IP header, with a verdict on its checksum. */
export function printVrrp(pdu: Uint8Array, addresses: AddressPair): string {
  const family = addresses.source.family;
  const decoded = decodeAdvert(pdu, family);
  if (!decoded.ok) return `VRRP [${decoded.error.detail}]`;
  return `${printAdvert(decoded.value)}${checksumVerdict(pdu, family, decoded.value, addresses)}`;
}

/** A BFD Control packet: state, flags, discriminators, intervals. */
export function printBfd(bytes: Uint8Array): string {
  const decoded = decodeBfd(bytes);
  if (!decoded.ok) return `BFD [${decoded.error.detail}]`;
  const packet = decoded.value;
  const flags = [
    packet.poll && "poll",
    packet.final && "final",
    packet.demand && "demand",
    packet.authenticated && "auth",
  ].filter((word) => word !== false).map((word) => ` ${word}`).join("");
  const diagnostic = packet.diagnostic === 0 ? "" : ` diag ${packet.diagnostic}`;
  const [mine, yours] = [packet.myDiscriminator, packet.yourDiscriminator].map((discriminator) =>
    `0x${discriminator.toString(16).padStart(8, "0")}`
  );
  return `BFD ${packet.state}${diagnostic}${flags} my ${mine} your ${yours} ` +
    `mult ${packet.detectMultiplier} tx ${formatDuration(packet.desiredMinTx)} ` +
    `rx ${formatDuration(packet.requiredMinRx)}`;
}

/** Version 3 over IPv4 has two customs; the line says when it is the one without pseudo header. */
function checksumVerdict(
  pdu: Uint8Array,
  family: Family,
  advert: Advert,
  addresses: AddressPair,
): string {
  const how = { ...addresses, family, version: advert.version };
  if (verifyAdvertChecksum(pdu, { ...how, checksumAsV2: false })) return "";
  if (verifyAdvertChecksum(pdu, { ...how, checksumAsV2: true })) {
    return " [checksum without pseudo header]";
  }
  return " [bad checksum]";
}

function printIpPayload(
  payload: Uint8Array,
  header: AddressPair & { readonly protocol: number },
  ttl: number,
  verdict: string,
): string {
  const ends = `${formatIp(header.source)} > ${formatIp(header.destination)}:`;
  switch (header.protocol) {
    case ipProtocol.vrrp: {
      const distance = ttl === 255 ? "" : ` ttl ${ttl}`;
      return `${ends} ${printVrrp(payload, header)}${distance}${verdict}`;
    }
    case ipProtocol.icmp:
    case ipProtocol.icmpv6: {
      const checksum = verifyIcmpChecksum(payload, header) ? "" : " [bad checksum]";
      return `${ends} ${printIcmp(payload, header.source.family)}${checksum}${verdict}`;
    }
    case ipProtocol.udp:
      return `${ends} ${printUdp(payload)}${ttl === 255 ? "" : ` ttl ${ttl}`}${verdict}`;
    default:
      return `${ends} protocol ${header.protocol} ${printUnknown(payload)}${verdict}`;
  }
}

function printUdp(bytes: Uint8Array): string {
  const decoded = decodeUdp(bytes);
  if (!decoded.ok) return `UDP [${decoded.error.detail}]`;
  const { header, payload } = decoded.value;
  const { sourcePort, destinationPort } = header;
  if (destinationPort === bfdPort.singleHop) return printBfd(payload);
  if (destinationPort === bfdPort.multihop) return `multihop ${printBfd(payload)}`;
  return `UDP ${sourcePort} > ${destinationPort} ${printUnknown(payload)}`;
}

function printIcmp(bytes: Uint8Array, family: Family): string {
  const name = family === "ipv4" ? "ICMP" : "ICMPv6";
  if (family === "ipv6" && bytes[0] === ndpType.neighborAdvertisement) {
    return `${name} ${printNeighborAdvertisement(bytes)}`;
  }
  const echo = decodeEcho(bytes, family);
  if (!echo.ok) return `${name} type ${bytes[0] ?? "?"} ${printUnknown(bytes)}`;
  const { kind, identifier, sequence, data } = echo.value;
  return `${name} echo ${kind} id ${identifier} seq ${sequence} length ${data.length}`;
}

/** An ICMPv6 neighbour advertisement: whose address is where. */
export function printNeighborAdvertisement(bytes: Uint8Array): string {
  const decoded = decodeNeighborAdvertisement(bytes);
  if (!decoded.ok) return `neighbor advertisement [${decoded.error.detail}]`;
  const { target, targetMac, router, solicited, override } = decoded.value;
  const flags = [router && "router", solicited && "solicited", override && "override"]
    .filter((word) => word !== false).join(",") || "none";
  const where = targetMac === undefined ? "nowhere" : formatMac(targetMac);
  return `neighbor advertisement ${formatIp(target)} is at ${where} flags ${flags}`;
}

/** An ARP packet, without the Ethernet header before it. */
export function printArp(bytes: Uint8Array): string {
  const decoded = decodeArp(bytes);
  if (!decoded.ok) return `ARP [${decoded.error.detail}]`;
  const { operation, senderMac, senderAddress, targetAddress } = decoded.value;
  const sender = formatIp(senderAddress);
  const target = formatIp(targetAddress);
  if (operation === arpOperation.reply) return `ARP reply ${sender} is at ${formatMac(senderMac)}`;
  if (operation !== arpOperation.request) return `ARP operation ${operation}`;
  return sender === target
    ? `ARP announce ${sender} is at ${formatMac(senderMac)}`
    : `ARP who has ${target} tell ${sender}`;
}

function printUnknown(bytes: Uint8Array): string {
  const shown = toHex(bytes.subarray(0, maxShownOctets));
  const more = bytes.length > maxShownOctets ? "…" : "";
  return `length ${bytes.length} ${shown}${more}`.trimEnd();
}
