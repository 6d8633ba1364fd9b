/**
 * Events as one line each: what came in.
 */
import { formatCommandEnd, formatIp, formatMac, formatPrefix } from "../base/mod.ts";
import type { EngineEvent, InterfaceAddress, Link, ReceivedPacket } from "../engine/mod.ts";
import {
  printArp,
  printBfd,
  printIpPacket,
  printNeighborAdvertisement,
  printVrrp,
} from "../wire/mod.ts";
import { fieldWords, type NameOf } from "./plain_words.ts";

/** What an event says; one that an engine gave up on may lack what its words are made of. */
export function eventWords(event: EngineEvent, nameOf: NameOf): string {
  try {
    return sentence(event, nameOf);
  } catch {
    return `${event.kind} ${fieldWords(event, nameOf)}`.trimEnd();
  }
}

function sentence(event: EngineEvent, nameOf: NameOf): string {
  switch (event.kind) {
    case "packet":
      return `${nameOf(event.packet.ifIndex)} ${packetWords(event.packet)}`;
    case "claim": {
      const { ifIndex, family, bytes } = event.claim;
      const print = family === "ipv4" ? printArp : printNeighborAdvertisement;
      return `${nameOf(ifIndex)} ${print(bytes)}`;
    }
    case "bfd-packet":
      return `${formatIp(event.packet.source)}: ${printBfd(event.packet.bytes)}`;
    case "clock":
      return event.unread === true ? "clock, and packets may be unread" : "clock";
    case "link":
      return linkWords(event.link);
    case "address":
      return `address ${addressWords(event.address)} on ${nameOf(event.address.ifIndex)}`;
    case "address-gone":
      return `address ${addressWords(event.address)} is gone from ${nameOf(event.address.ifIndex)}`;
    case "kernel-tables":
      return tableWords(event, nameOf);
    case "prepare":
      return "the links of a configuration are wanted";
    case "configure":
      return [
        `configuration ${event.file}:`,
        event.model.instances.map(({ name }) => name).join(", ") || "no instances",
        ...event.changes.map((change) => `(${change})`),
      ].join(" ");
    case "command-ended":
      return `command ${event.run} ended: ${formatCommandEnd(event.end)}`;
    default:
      return `${event.kind} ${fieldWords(event, nameOf)}`.trimEnd();
  }
}

function packetWords(packet: ReceivedPacket): string {
  const { bytes, source, destination, hopLimit } = packet;
  if (source === undefined || destination === undefined) return printIpPacket(bytes);
  const distance = hopLimit === 255 ? "" : ` hop limit ${hopLimit}`;
  return `${formatIp(source)} > ${formatIp(destination)}: ` +
    `${printVrrp(bytes, { source, destination })}${distance}`;
}

function linkWords({ name, mac, mtu, up }: Link): string {
  const hardware = mac === undefined ? "" : ` ${formatMac(mac)}`;
  return `link ${name} is ${up ? "up" : "down"}, mtu ${mtu}${hardware}`;
}

function addressWords(address: InterfaceAddress): string {
  return `${formatPrefix(address)}${address.tentative ? " (tentative)" : ""}`;
}

function tableWords(
  { links, addresses }: Extract<EngineEvent, { kind: "kernel-tables" }>,
  nameOf: NameOf,
): string {
  const here = links.map((link) => {
    const own = addresses.filter(({ ifIndex }) => ifIndex === link.ifIndex).map(addressWords);
    return [`${nameOf(link.ifIndex)} ${link.up ? "up" : "down"}`, ...own].join(" ");
  });
  return `tables of the kernel: ${here.join("; ")}`;
}
