/**
 * The options of an address line, as `ip address` has them. Each row takes its value, if it has
 * one, into what the line says; lines are read and judged in `../address.ts`.
 */
import { type Family, type IpPrefix, parsePrefix } from "../../base/mod.ts";
import type { KeywordInfo } from "../keyword.ts";
import { INTERFACE_NAME_MAX } from "../limits.ts";
import { integer, isInterfaceName, nameOf } from "../value.ts";

/** Names of RT_SCOPE_… as `/etc/iproute2/rt_scopes` has them. */
const scopes: ReadonlyMap<string, number> = new Map([
  ["global", 0],
  ["site", 200],
  ["link", 253],
  ["host", 254],
  ["nowhere", 255],
]);

/** What the options of one line said. */
export interface AddressOptions {
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
export interface AddressWord extends KeywordInfo {
  readonly family?: Family;
  readonly take: (options: AddressOptions, value: string, family: Family) => string | undefined;
}

function flag(help: string, take: (options: AddressOptions) => void, family?: Family): AddressWord {
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
