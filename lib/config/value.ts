/**
 * The values of the language: from one word to what it means. They are few and shared by all
 * keywords. What was expected stands with each; the keyword and the word are put before it by the
 * caller. A large file is mostly such words, so reading one is no more than a call.
 */
import {
  addressLength,
  type Duration,
  type Family,
  type IpAddress,
  isMulticast,
  parseIp,
  seconds,
} from "../base/mod.ts";
import { INTERFACE_NAME_MAX } from "./limits.ts";

const encoder = new TextEncoder();

/** How one word is read. */
export interface Value<T> {
  /** What the word means; `undefined` when it is of no use. */
  readonly read: (text: string) => T | undefined;
  /** What such a word must be. */
  readonly expected: string;
}

/** A number that was written with more digits than count. */
export interface Rounded {
  readonly seconds: number;
  readonly exact: boolean;
}

function valueOf<T>(read: Value<T>["read"], expected: string): Value<T> {
  return { read, expected: `expected ${expected}` };
}

/** Any word that is not empty. */
export const text: Value<string> = valueOf((given) => given === "" ? undefined : given, "a text");

/** The name of a file without its directory. */
export const fileName: Value<string> = valueOf(
  (given) => /^(?!\.{1,2}$)[^/]+$/.test(given) ? given : undefined,
  "a name without a slash",
);

/** `true`, `on`, `yes` and their opposites, in lower case. */
export const boolean: Value<boolean> = valueOf((given) => {
  if (["true", "on", "yes"].includes(given)) return true;
  return ["false", "off", "no"].includes(given) ? false : undefined;
}, "true, on, yes, false, off or no");

/** A whole decimal number in a range. */
export function integer(least: number, most: number): Value<number> {
  return valueOf((given) => {
    if (!/^[+-]?\d{1,15}$/.test(given)) return undefined;
    const value = Number(given);
    return value >= least && value <= most ? value : undefined;
  }, `a whole number from ${least} to ${most}`);
}

/** Seconds with at most so many decimals that count; the rest is rounded half up. */
export function decimalSeconds(
  places: number,
  least: number,
  most: number,
  unit = "seconds",
): Value<Rounded> {
  const scale = 10 ** places;
  return valueOf((given) => {
    const found = /^\+?(\d{0,9})(?:\.(\d*))?$/.exec(given);
    if (found === null || !/\d/.test(given)) return undefined;
    const [, whole = "", fraction = ""] = found;
    const counted = Number(fraction.slice(0, places).padEnd(places, "0"));
    const roundUp = Number(fraction[places] ?? "0") >= 5 ? 1 : 0;
    const value = (Number(whole) * scale + counted + roundUp) / scale;
    if (value < least || value > most) return undefined;
    return { seconds: value, exact: !/[1-9]/.test(fraction.slice(places)) };
  }, `${unit} from ${least} to ${most}`);
}

const seconds4294 = integer(0, 4294);

/** Whole seconds, in microseconds. */
export const wholeSeconds: Value<Duration> = {
  ...seconds4294,
  read: (given) => {
    const count = seconds4294.read(given);
    return count === undefined ? undefined : seconds(count);
  },
};

/** An IPv4 or IPv6 address. */
export const address: Value<IpAddress> = valueOf(parseIp, "an IP address");

/** A multicast group; the family may be fixed. */
export function group(family?: Family): Value<IpAddress> {
  return valueOf((given) => {
    const value = parseIp(given);
    if (value === undefined || !isMulticast(value)) return undefined;
    return family === undefined || value.family === family ? value : undefined;
  }, `a multicast address${family === undefined ? "" : ` of ${nameOf(family)}`}`);
}

/** Whether a group stays on the link, as RFC 9568 §5.1.2.2 wants it; IPv4 groups are not asked. */
export function staysOnLink(given: IpAddress): boolean {
  return given.family === "ipv4" || ((given.bytes[1] ?? 0) & 0x0f) === 2;
}

/** A name that the kernel takes for an interface. */
export const interfaceName: Value<string> = valueOf(
  (given) => isInterfaceName(given) ? given : undefined,
  `an interface name of at most ${INTERFACE_NAME_MAX} characters`,
);

/** Whether the kernel would take the name for an interface. */
export function isInterfaceName(given: string): boolean {
  if (given === "" || given === "." || given === "..") return false;
  return encoder.encode(given).length <= INTERFACE_NAME_MAX && !/[\s/:]/.test(given);
}

/** One of a few words. */
export function oneOf<const T extends string>(...words: readonly T[]): Value<T> {
  return valueOf((given) => words.find((known) => known === given), words.join(" or "));
}

/** `ADDR:PORT`, with an IPv6 address in brackets, or `off`. */
export const listenAddress: Value<{ address: string; port: number } | "off"> = valueOf((given) => {
  if (given === "off") return given;
  const found = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(given);
  const port = Number(found?.[3]);
  const host = found?.[1] ?? found?.[2] ?? "";
  const parsed = parseIp(host);
  if (parsed === undefined || port < 1 || port > 65_535) return undefined;
  const bracketed = found?.[1] !== undefined;
  return bracketed === (parsed.family === "ipv6") ? { address: host, port } : undefined;
}, "ADDRESS:PORT or off, such as 127.0.0.1:9568 or [::1]:9568");

/** The name of a family for people. */
export function nameOf(family: Family): string {
  return family === "ipv4" ? "IPv4" : "IPv6";
}

/** The length of a host's prefix. */
export function hostLength(family: Family): number {
  return addressLength(family) * 8;
}
