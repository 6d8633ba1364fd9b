/**
 * Plain data in words: addresses as people write them, other octets as digits, fields as their name
 * and what they say. For events and effects that need no sentence of their own.
 */
import { formatIp, formatMac, type IfIndex, type IpAddress, macFromBytes } from "../base/mod.ts";
import { isFields, toHex } from "../base/mod.ts";

/** The name of an interface by its index. */
export type NameOf = (ifIndex: IfIndex) => string;

/** How many octets are shown. */
const shownOctets = 16;

/** The fields of an event or effect, without its kind. */
export function fieldWords(thing: object, nameOf: NameOf): string {
  return Object.entries(thing).flatMap(([key, value]) => {
    if (key === "kind" || value === undefined) return [];
    if (key === "ifIndex") return [nameOf(value)];
    return [`${key} ${plainWords(value, nameOf)}`];
  }).join(" ");
}

function plainWords(value: unknown, nameOf: NameOf): string {
  if (Array.isArray(value)) return `[${value.map((one) => plainWords(one, nameOf)).join(", ")}]`;
  if (value instanceof Uint8Array) return octetWords(value);
  if (isIpAddress(value)) return formatIp(value);
  if (isFields(value)) return `{${fieldWords(value, nameOf)}}`;
  return typeof value === "string" && /^$|\s/.test(value) ? JSON.stringify(value) : String(value);
}

function octetWords(octets: Uint8Array): string {
  const mac = macFromBytes(octets);
  if (mac !== undefined) return formatMac(mac);
  const more = octets.length > shownOctets ? "…" : "";
  return `${toHex(octets.subarray(0, shownOctets))}${more}`;
}

function isIpAddress(value: unknown): value is IpAddress {
  return isFields(value) && value["bytes"] instanceof Uint8Array &&
    (value["family"] === "ipv4" || value["family"] === "ipv6") && Object.keys(value).length === 2;
}
