/**
 * Lines of `virtual_ipaddress` and its like: `ADDRESS[/LENGTH]` and then options as `ip address`
 * has them. Without a length it is that of a host. Whatever can only be said of one family is
 * refused for the other, and the address stays.
 */
import {
  formatIp,
  type IpAddress,
  ipFromBytes,
  type IpPrefix,
  parseIp,
  parsePrefix,
  suggest,
} from "../base/mod.ts";
import type { AddressPlan } from "../vrrp/mod.ts";
import type { Context } from "./keyword.ts";
import { type AddressOptions, type AddressWord, addressWords } from "./keywords/address.ts";
import type { Statement } from "./parse.ts";
import type { Word } from "./token.ts";
import { hostLength, nameOf } from "./value.ts";

/** A longer prefix has no address to spare for all hosts (RFC 3021). */
const LONGEST_WITH_BROADCAST = 30;

/** The plan of one address line; `undefined` when it has no address. */
export function readAddressLine(
  line: Statement,
  context: Context,
  known: Readonly<Record<string, AddressWord>> = addressWords,
): AddressPlan | undefined {
  const { report, owner } = context;
  const prefix = parsePrefix(line.name) ?? mendPrefix(line.keyword, context);
  if (prefix === undefined) return undefined;
  if (line.children !== undefined) {
    report.error("unexpected-brace", line.place, `${line.name} takes no block`);
  }
  if (line.words.length === 0) return planOf(prefix);
  const options: AddressOptions = {};
  const words = line.args.values();
  for (const word of words) {
    const row = Object.hasOwn(known, word.text) ? known[word.text] : undefined;
    if (row !== undefined) {
      takeOption(word, row, words, { address: prefix.address, options }, context);
    } else tellUnknownOption(word, prefix.address, Object.keys(known), context);
  }
  if (options.peer !== undefined && line.name.includes("/")) {
    const message = `Cannot use a prefix length with a peer for ${line.name} of ${owner}`;
    report.error("peer-prefix", line.keyword.place, message, "write the length after the peer");
  }
  const wide = (options.peer ?? prefix).prefixLength <= LONGEST_WITH_BROADCAST;
  if ((options.broadcast === "+" || options.broadcast === "-") && !wide) {
    const message = `Cannot use broadcast ${options.broadcast} for ${line.name} of ${owner}: ` +
      "a prefix this long has none";
    report.error("no-broadcast", line.place, message);
  }
  return planOf(prefix, options);
}

/** keepalived: a length that can not be is taken for that of a host. */
function mendPrefix(word: Word, { report, owner }: Context): IpPrefix | undefined {
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

function tellUnknownOption(
  word: Word,
  address: IpAddress,
  known: readonly string[],
  { report, owner }: Context,
): void {
  const message = `Unknown option "${word.text}" for ${formatIp(address)} of ${owner}`;
  report.error("unknown-option", word.place, message, () => suggest(word.text, known));
}

function takeOption(
  word: Word,
  row: AddressWord,
  words: Iterator<Word, unknown>,
  { address, options }: { readonly address: IpAddress; readonly options: AddressOptions },
  context: Context,
): void {
  const { report } = context;
  const of = `${formatIp(address)} of ${context.owner}`;
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
  if (row.standing.kind === "not-yet" && context.known.first(`address/${word.text}`)) {
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
  const group = word.text === "track_group" ? value?.text : undefined;
  const expected = group === undefined || context.known.has("track_group", group)
    ? row.take(options, value?.text ?? "", address.family)
    : "a track_group that stands before it";
  if (expected === undefined) {
    if (word.text === "dev" && value !== undefined && context.path === "static_ipaddress") {
      context.known.noteInterface({ name: value.text, place: value.place, owner: context.owner });
    }
    return;
  }
  const message = `Cannot use ${word.text} "${value?.text}" for ${of}: expected ${expected}`;
  report.error("bad-value", value?.place, message);
}

type Changeable = { -readonly [Name in keyof AddressPlan]: AddressPlan[Name] };

/** The plan of an address; what no option says is as usual. */
export function planOf(prefix: IpPrefix, options?: AddressOptions): AddressPlan {
  const { address } = prefix;
  const plan: Changeable = {
    address,
    prefixLength: prefix.prefixLength,
    scope: 0,
    duplicateDetection: false,
    home: false,
    manageTemporary: false,
    noPrefixRoute: false,
    autoJoin: false,
    tracked: true,
  };
  if (options !== undefined) applyOptions(plan, options);
  // keepalived: an IPv6 address of host length is not to be chosen as a source.
  const isHost6 = address.family === "ipv6" && plan.prefixLength === hostLength("ipv6");
  const lifetime = options?.preferredLifetime ?? (isHost6 ? 0 : "forever");
  if (lifetime !== "forever") plan.preferredLifetimeSeconds = lifetime;
  return plan;
}

function applyOptions(plan: Changeable, options: AddressOptions): void {
  const { peer, scope, trackGroup, device, label } = options;
  if (peer !== undefined) plan.prefixLength = peer.prefixLength;
  if (scope !== undefined) plan.scope = scope;
  plan.duplicateDetection = options.duplicateDetection ?? false;
  plan.home = options.home ?? false;
  plan.manageTemporary = options.manageTemporary ?? false;
  plan.noPrefixRoute = options.noPrefixRoute ?? false;
  plan.autoJoin = options.autoJoin ?? false;
  plan.tracked = !(options.untracked ?? false);
  if (trackGroup !== undefined) plan.trackGroup = trackGroup;
  if (device !== undefined) plan.device = device;
  if (peer !== undefined) plan.peer = peer.address;
  const resolved = broadcastOf(plan.address, plan.prefixLength, options.broadcast);
  if (resolved !== undefined) plan.broadcast = resolved;
  if (label !== undefined) plan.label = label;
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
