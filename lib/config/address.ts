/**
 * Lines of `virtual_ipaddress` and its like: `ADDRESS[/LENGTH]` and then options as `ip address`
 * has them. Without a length it is that of a host. Whatever can only be said of one family is
 * refused for the other, and the address stays.
 */
import {
  type Family,
  formatIp,
  type IpAddress,
  ipFromBytes,
  type IpPrefix,
  parseIp,
  parsePrefix,
} from "../base/mod.ts";
import type { AddressPlan } from "../vrrp/mod.ts";
import type { Context, KeywordInfo } from "./keyword.ts";
import { INTERFACE_NAME_MAX } from "./limits.ts";
import type { Statement } from "./parse.ts";
import { suggest } from "./suggest.ts";
import type { Word } from "./token.ts";
import { hostLength, integer, isInterfaceName, nameOf } from "./value.ts";

/** Names of RT_SCOPE_… as `/etc/iproute2/rt_scopes` has them. */
const scopes: ReadonlyMap<string, number> = new Map([
  ["global", 0],
  ["site", 200],
  ["link", 253],
  ["host", 254],
  ["nowhere", 255],
]);

/** A longer prefix has no address to spare for all hosts (RFC 3021). */
const LONGEST_WITH_BROADCAST = 30;

interface Options {
  device?: string;
  peer?: IpPrefix;
  broadcast?: string;
  label?: string;
  scope?: number;
  preferredLifetime?: number | "forever";
  duplicateDetection?: true;
  home?: true;
  manageTemporary?: true;
  noPrefixRoute?: true;
  autoJoin?: true;
  untracked?: true;
}

/** An option of an address; `take` answers what was expected when the value is of no use. */
interface AddressWord extends KeywordInfo {
  readonly family?: Family;
  readonly take: (options: Options, value: string, family: Family) => string | undefined;
}

function flag(help: string, take: (options: Options) => void, family?: Family): AddressWord {
  return {
    argument: "",
    help,
    block: false,
    standing: { kind: "in-effect" },
    ...(family === undefined ? {} : { family }),
    take(options): undefined {
      take(options);
      return undefined;
    },
  };
}

function valued(
  argument: string,
  help: string,
  take: AddressWord["take"],
  family?: Family,
): AddressWord {
  const row = { argument, help, block: false, standing: { kind: "in-effect" }, take } as const;
  return family === undefined ? row : { ...row, family };
}

const broadcast: AddressWord = valued("<address>|+|-", "broadcast address", (options, value) => {
  const isAddress = parsePrefix(value)?.address.family === "ipv4" && !value.includes("/");
  if (!isAddress && value !== "+" && value !== "-") return "an IPv4 address, + or -";
  options.broadcast = value;
  return undefined;
}, "ipv4");

/** The options of an address line. */
export const addressWords: Readonly<Record<string, AddressWord>> = {
  dev: valued("<interface>", "interface that gets the address", (options, value) => {
    if (!isInterfaceName(value)) return "an interface name";
    options.device = value;
    return undefined;
  }),
  scope: valued("<name or number>", "scope of the address", (options, value) => {
    const number = integer(0, 255).safeParse(value);
    const scope = scopes.get(value) ?? (number.success ? number.data : undefined);
    if (scope === undefined) return `${[...scopes.keys()].join(", ")} or a number up to 255`;
    options.scope = scope;
    return undefined;
  }, "ipv4"),
  broadcast,
  brd: broadcast,
  label: valued("<text>", "label that old tools show", (options, value) => {
    if (value.length > INTERFACE_NAME_MAX) return `at most ${INTERFACE_NAME_MAX} characters`;
    options.label = value;
    return undefined;
  }, "ipv4"),
  peer: valued("<address>[/<length>]", "other end of a link", (options, value, family) => {
    const peer = parsePrefix(value);
    if (peer === undefined || peer.address.family !== family) return `an ${nameOf(family)} address`;
    options.peer = peer;
    return undefined;
  }),
  preferred_lft: valued("<seconds>|forever", "preferred lifetime", (options, value) => {
    const number = integer(0, 0xffff_fffe).safeParse(value);
    if (!number.success && value !== "forever") return "seconds or forever";
    options.preferredLifetime = number.success ? number.data : "forever";
    return undefined;
  }),
  "-nodad": flag("look for duplicates of the address first", (options) => {
    options.duplicateDetection = true;
  }),
  home: flag("home address of mobile IPv6", (options) => {
    options.home = true;
  }, "ipv6"),
  mngtmpaddr: flag("make temporary addresses of it", (options) => {
    options.manageTemporary = true;
  }, "ipv6"),
  noprefixroute: flag("no route for its prefix", (options) => {
    options.noPrefixRoute = true;
  }),
  autojoin: flag("join the group of a multicast address", (options) => {
    options.autoJoin = true;
  }),
  no_track: flag("its deletion by somebody else does not matter", (options) => {
    options.untracked = true;
  }),
  use_vmac: {
    argument: "",
    help: "put it on a macvlan",
    block: false,
    standing: { kind: "not-yet" },
    take: () => undefined,
  },
};

/** The plan of one address line; `undefined` when it has no address. */
export function readAddressLine(line: Statement, context: Context): AddressPlan | undefined {
  const { report, owner } = context;
  const first = line.keyword;
  const prefix = readPrefix(first, context);
  if (prefix === undefined) return undefined;
  if (line.children !== undefined) {
    report.error("unexpected-brace", line.place, `${first.text} takes no block`);
  }
  const options: Options = {};
  const words = line.args.values();
  for (const word of words) takeOption(word, words, prefix.address, options, context);
  if (options.peer !== undefined && first.text.includes("/")) {
    const message = `Cannot use a prefix length with a peer for ${first.text} of ${owner}`;
    report.error("peer-prefix", first.place, message, "write the length after the peer");
  }
  const wide = (options.peer ?? prefix).prefixLength <= LONGEST_WITH_BROADCAST;
  if ((options.broadcast === "+" || options.broadcast === "-") && !wide) {
    const message = `Cannot use broadcast ${options.broadcast} for ${first.text} of ${owner}: ` +
      "a prefix this long has none";
    report.error("no-broadcast", line.place, message);
  }
  return planOf(prefix, options);
}

/** keepalived: a length that can not be is taken for that of a host. */
function readPrefix(word: Word, { report, owner }: Context): IpPrefix | undefined {
  const prefix = parsePrefix(word.text);
  if (prefix !== undefined) return prefix;
  const address = parseIp(word.text.split("/")[0] ?? "");
  if (address === undefined) {
    const message = `Cannot use "${word.text}" for ${owner}: expected an address such as ` +
      "192.0.2.1/24 or 2001:db8::1/64";
    report.error("bad-address", word.place, message);
    return undefined;
  }
  const prefixLength = hostLength(address.family);
  const message = `Cannot use the prefix length of "${word.text}" for ${owner}: expected at most ` +
    `${prefixLength}, which is used`;
  report.error("bad-prefix-length", word.place, message);
  return { address, prefixLength };
}

function takeOption(
  word: Word,
  words: Iterator<Word, unknown>,
  address: IpAddress,
  options: Options,
  context: Context,
): void {
  const { report } = context;
  const of = `${formatIp(address)} of ${context.owner}`;
  const row = Object.hasOwn(addressWords, word.text) ? addressWords[word.text] : undefined;
  if (row === undefined) {
    const hint = suggest(word.text, Object.keys(addressWords));
    report.error("unknown-option", word.place, `Unknown option "${word.text}" for ${of}`, hint);
    return;
  }
  let value: Word | undefined;
  if (row.argument !== "") {
    const next = words.next();
    if (next.done === true || next.value === undefined) {
      report.error(
        "missing-argument",
        word.place,
        `The value of ${word.text} is missing for ${of}`,
      );
      return;
    }
    value = next.value;
  }
  if (row.standing.kind === "not-yet") {
    const message = `"${word.text}" is not built yet and has no effect`;
    report.warning("not-yet", word.place, message);
  }
  if (row.family !== undefined && row.family !== address.family) {
    const message = `Cannot use ${word.text} for ${of}: it is for ${nameOf(row.family)} only`;
    // keepalived: flags that the kernel has no use for are let through.
    if (row.argument === "") report.warning("wrong-family", word.place, message);
    else report.error("wrong-family", word.place, message);
    return;
  }
  const expected = row.take(options, value?.text ?? "", address.family);
  if (expected === undefined) return;
  const message = `Cannot use ${word.text} "${value?.text}" for ${of}: expected ${expected}`;
  report.error("bad-value", value?.place, message);
}

function planOf(
  prefix: IpPrefix,
  options: Options,
): AddressPlan {
  const { address } = prefix;
  const prefixLength = options.peer?.prefixLength ?? prefix.prefixLength;
  const isHost6 = address.family === "ipv6" && prefixLength === hostLength("ipv6");
  // keepalived: an IPv6 address of host length is not to be chosen as a source.
  const lifetime = options.preferredLifetime ?? (isHost6 ? 0 : "forever");
  const resolved = broadcastOf(address, prefixLength, options.broadcast);
  return {
    address,
    prefixLength,
    ...(options.device === undefined ? {} : { device: options.device }),
    ...(options.peer === undefined ? {} : { peer: options.peer.address }),
    ...(resolved === undefined ? {} : { broadcast: resolved }),
    ...(options.label === undefined ? {} : { label: options.label }),
    scope: options.scope ?? 0,
    ...(lifetime === "forever" ? {} : { preferredLifetimeSeconds: lifetime }),
    duplicateDetection: options.duplicateDetection ?? false,
    home: options.home ?? false,
    manageTemporary: options.manageTemporary ?? false,
    noPrefixRoute: options.noPrefixRoute ?? false,
    autoJoin: options.autoJoin ?? false,
    tracked: !(options.untracked ?? false),
  };
}

/** `+` sets all bits of the host, `-` clears them; a prefix without a host part has neither. */
function broadcastOf(
  address: IpAddress,
  prefixLength: number,
  given: string | undefined,
): IpAddress | undefined {
  if (given === undefined) return undefined;
  if (given !== "+" && given !== "-") return parsePrefix(given)?.address;
  if (prefixLength > LONGEST_WITH_BROADCAST) return undefined;
  const bytes = address.bytes.slice();
  for (let bit = prefixLength; bit < 32; bit++) {
    const mask = 0x80 >> (bit % 8);
    const octet = bytes[bit >> 3] ?? 0;
    bytes[bit >> 3] = given === "+" ? octet | mask : octet & ~mask;
  }
  return ipFromBytes(bytes);
}
