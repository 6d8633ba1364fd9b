/**
 * Whether a word is of the type that a form asks for. What is wrong is said as what was expected;
 * the keyword and the word are put before it by the caller.
 */
import { isMulticast, parseIp, parsePrefix, suggest } from "../base/mod.ts";
import type { ValueForm } from "./form.ts";
import { probeUrlOf } from "./probe_url.ts";
import { isInterfaceName, nameOf } from "./value.ts";

/** What was expected, when the word is something else. */
export function objectionTo(text: string, value: ValueForm): string | undefined {
  switch (value.kind) {
    case "integer":
    case "seconds":
      return rangeObjection(decimalOf(text), value, "a whole number");
    case "number":
      return rangeObjection(numberOf(text), value, "a number");
    case "decimal": {
      const unit = value.unit === "s" ? "seconds" : "milliseconds";
      return rangeObjection(fractionOf(text, value.places), value, unit);
    }
    case "bool":
      return truths.has(text) ? undefined : "expected true, on, yes, false, off or no";
    case "words": {
      const given = value.anyCase ? text.toLowerCase() : text;
      const found = value.words.some((word) =>
        given === (value.anyCase ? word.toLowerCase() : word)
      );
      return found ? undefined : `expected ${listOf(value.words)}`;
    }
    case "ip":
    case "group": {
      const address = parseIp(text);
      const family = value.family === undefined ? "an" : `an ${nameOf(value.family)}`;
      const right = address !== undefined && (value.family ?? address.family) === address.family;
      if (value.kind === "ip") return right ? undefined : `expected ${family} address`;
      return right && isMulticast(address) ? undefined : `expected ${family} multicast address`;
    }
    case "reference":
    case "option":
    case "script":
      return text === "" ? "expected a name" : undefined;
    case "text":
      return textObjection(text, value.type);
  }
}

/** "Did you mean", for a word that should be one of a few; a digit or two mean anything. */
export function nearestWord(text: string, value: ValueForm | undefined): string | undefined {
  return value?.kind === "words" && text.length > 2 ? suggest(text, value.words) : undefined;
}

/** `a, b or c`. */
function listOf(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}

/** Whether a number has more decimals than count. */
export function hasSurplusDecimals(text: string, { places }: { readonly places: number }): boolean {
  if (!text.includes(".")) return false;
  const [, decimals = ""] = /^\+?\d*\.(\d*)$/.exec(text) ?? [];
  return /[1-9]/.test(decimals.slice(places));
}

const truths: ReadonlySet<string> = new Set(["true", "on", "yes", "false", "off", "no"]);

function decimalOf(text: string): number | undefined {
  return /^[+-]?\d{1,20}$/.test(text) ? Number(text) : undefined;
}

/** As C reads it: 0x… is hexadecimal, 0… octal. */
export function numberOf(text: string): number | undefined {
  if (/^0[0-7]+$/.test(text)) return Number.parseInt(text, 8);
  return /^(?:\d{1,20}|0[xX][\da-fA-F]{1,16})$/.test(text) ? Number(text) : undefined;
}

function fractionOf(text: string, places: number): number | undefined {
  if (!/^\+?(?:\d{1,10}\.?\d*|\.\d+)$/.test(text)) return undefined;
  return Math.round(Number(text) * 10 ** places) / 10 ** places;
}

function rangeObjection(
  found: number | undefined,
  { least, most }: { readonly least: number; readonly most: number },
  what: string,
): string | undefined {
  if (found !== undefined && found >= least && found <= most) return undefined;
  return `expected ${what} from ${least} to ${most}`;
}

interface TextType {
  readonly pattern?: RegExp;
  readonly test?: (text: string) => boolean;
  readonly expected: string;
}

const schedulers = "rr wrr lc wlc lblc lblcr sh mh dh fo ovf sed nq twos".split(" ");
const bits = /^I(?:[RWX](?:USR|GRP|OTH)|RWX[UGO])$/;

/** Types that have a name and no parameters; a name that is missing here is any text. */
const textTypes: Readonly<Record<string, TextType>> = {
  interface: { test: isInterfaceName, expected: "the name of an interface" },
  device: { test: isInterfaceName, expected: "the name of an interface" },
  link: { test: isInterfaceName, expected: "the name of an interface" },
  mac: { pattern: /^[\da-f]{2}(?::[\da-f]{2}){4,5}$/i, expected: "five or six octets of a MAC" },
  port: { test: (text) => inRange(text, 1, 65_535), expected: "a port from 1 to 65535" },
  cidr: { test: (text) => parsePrefix(text) !== undefined, expected: "an address" },
  prefix: {
    test: (text) => /^(?:default|any|all)$/.test(text) || parsePrefix(text) !== undefined,
    expected: "a prefix such as 192.0.2.0/24, or default",
  },
  destination: {
    test: (text) => /^(?:default6?|any|all)$/.test(text) || parsePrefix(text) !== undefined,
    expected: "a prefix such as 192.0.2.0/24, or default",
  },
  target: {
    test: (text) => /^gateway6?$/.test(text) || parseIp(text) !== undefined,
    expected: "gateway, gateway6 or an IP address",
  },
  url: {
    test: (text) => probeUrlOf(text) !== undefined,
    expected: "a URL with an address, such as http://192.0.2.1:8080/status",
  },
  free: {
    pattern: /^(?:\d{1,2}(?:\.\d+)?%|\d{1,12}[KMGT]?)$/,
    expected: "a part such as 10%, or a size such as 500M",
  },
  bufs: { pattern: /^(?:mtu|advert|\d{1,10})$/i, expected: "MTU, ADVERT or a number of octets" },
  umask: {
    test: (text) => numberOf(text) !== undefined || text.split("|").every((bit) => bits.test(bit)),
    expected: "a number, or names such as IRWXG joined by |",
  },
  time: { pattern: /^\d+(?:\.\d*)?(?:s|ms|us|ns|secs|msecs|usecs|nsecs)?$/, expected: "a time" },
  realms: { pattern: /^(?:[^/]+\/)?[^/]+$/, expected: "a realm, or two with a slash" },
  fwmark: {
    test: (text) => text.split("/").every((part) => numberOf(part) !== undefined),
    expected: "a mark, or a mark and a mask",
  },
  range: { pattern: /^\d{1,10}-\d{1,10}$/, expected: "two numbers such as 1024-2048" },
  scheduler: {
    test: (text) => schedulers.includes(text),
    expected: `one of ${schedulers.join(" ")}`,
  },
  mask: {
    test: (text) => parseIp(text)?.family === "ipv4" || inRange(text, 1, 128),
    expected: "a mask such as 255.255.255.0, or for IPv6 the length of a prefix",
  },
  md5: { pattern: /^[\da-f]{32}$/i, expected: "32 hexadecimal digits" },
  code: { pattern: /^[1-9]\d\d(?:-[1-9]\d\d)?$/, expected: "a status code, or two with a -" },
  hex: { pattern: /^[\da-f]+$/i, expected: "hexadecimal digits" },
  hexmask: { pattern: /^[\da-fx]+$/i, expected: "hexadecimal digits or x" },
  domain: { pattern: /^[^\s.]{0,63}(?:\.[^\s.]{1,63})*\.?$/, expected: "a domain name" },
  addresses: { test: isAddressRange, expected: "an address, a range of them or a network" },
  // What is wrong with a key says the reader of its block, which does not show it.
  key: { test: () => true, expected: "32 to 64 octets: text, hex:… or file:…" },
};

function textObjection(text: string, type: string): string | undefined {
  const known = Object.hasOwn(textTypes, type) ? textTypes[type] : undefined;
  if (text === "") return `expected ${known?.expected ?? "a text"}`;
  if (known === undefined) return undefined;
  const right = known.pattern?.test(text) ?? known.test?.(text) ?? true;
  return right ? undefined : `expected ${known.expected}`;
}

function inRange(text: string, least: number, most: number): boolean {
  const found = decimalOf(text);
  return found !== undefined && found >= least && found <= most;
}

/** `10.0.0.1`, `10.0.0.1-9`, `10.0.0.1-10.0.0.9`, `10.0.0.0/24`, and the same of IPv6. */
function isAddressRange(text: string): boolean {
  const [first = "", last, ...more] = text.split("-");
  if (last === undefined) return parsePrefix(first) !== undefined;
  const from = parseIp(first);
  if (from === undefined || more.length > 0) return false;
  const to = parseIp(last);
  if (to !== undefined) return to.family === from.family;
  return from.family === "ipv4" ? inRange(last, 0, 255) : /^[\da-f]{1,4}$/i.test(last);
}
