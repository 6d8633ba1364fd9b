/**
 * The options of an address line, as `ip address` has them. Each row takes its value, if it has
 * one, into what the line says; lines are read and judged in `../address.ts`.
 */
import { type Family, type IpPrefix, parsePrefix } from "../../base/mod.ts";
import { type KeywordInfo, plain } from "../keyword.ts";
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
  trackGroup?: string;
}

/** An option of an address; `take` answers what was expected when the value is of no use. */
export interface AddressWord extends KeywordInfo {
  readonly family?: Family;
  readonly take: (options: AddressOptions, value: string, family: Family) => string | undefined;
}

type Take = AddressWord["take"];

const octet = integer(0, 255);

/** The largest number of 32 bits stands for no end. */
const lifetimeSeconds = integer(0, 0xffff_fffe);

const takers: Readonly<Record<string, Take>> = {
  dev: (options, value) => {
    if (!isInterfaceName(value)) return "an interface name";
    options.device = value;
    return undefined;
  },
  scope: (options, value) => {
    const scope = scopes.get(value) ?? octet.read(value);
    if (scope === undefined) return `${[...scopes.keys()].join(", ")} or a number up to 255`;
    options.scope = scope;
    return undefined;
  },
  broadcast: takeBroadcast,
  brd: takeBroadcast,
  label: (options, value) => {
    if (value.length > INTERFACE_NAME_MAX) return `at most ${INTERFACE_NAME_MAX} characters`;
    options.label = value;
    return undefined;
  },
  peer: (options, value, family) => {
    const peer = parsePrefix(value);
    if (peer === undefined || peer.address.family !== family) return `an ${nameOf(family)} address`;
    options.peer = peer;
    return undefined;
  },
  preferred_lft: (options, value) => {
    const lifetime = value === "forever" ? value : lifetimeSeconds.read(value);
    if (lifetime === undefined) return "seconds or forever";
    options.preferredLifetime = lifetime;
    return undefined;
  },
  "-nodad": flag("duplicateDetection"),
  home: flag("home"),
  mngtmpaddr: flag("manageTemporary"),
  noprefixroute: flag("noPrefixRoute"),
  autojoin: flag("autoJoin"),
  no_track: flag("untracked"),
};

type Flag = "duplicateDetection" | "home" | "manageTemporary" | "noPrefixRoute";

function flag(name: Flag | "autoJoin" | "untracked"): Take {
  return (options): undefined => {
    options[name] = true;
    return undefined;
  };
}

function takeBroadcast(options: AddressOptions, value: string): string | undefined {
  const isAddress = parsePrefix(value)?.address.family === "ipv4" && !value.includes("/");
  if (!isAddress && value !== "+" && value !== "-") return "an IPv4 address, + or -";
  options.broadcast = value;
  return undefined;
}

/** Words that only one family has a use for. */
const familyOf: ReadonlyMap<string, Family> = new Map([
  ...["scope", "broadcast", "brd", "label"].map((word): [string, Family] => [word, "ipv4"]),
  ...["home", "mngtmpaddr"].map((word): [string, Family] => [word, "ipv6"]),
]);

const words: Readonly<Record<string, KeywordInfo>> = {
  ...plain(`
dev | <interface> | that of the instance, else default_interface | interface that gets the address
scope | <symbol> | global | scope of the address
broadcast | <broadcast> | none | broadcast address, + or -
brd | <broadcast> | none | broadcast address, + or -
label | <label> | none | label that old tools show
peer | <cidr> | none | other end of a link
preferred_lft | <lifetime> | forever, 0 with an IPv6 address of host length | preferred lifetime
-nodad | | off | look for duplicates of the address first
home | | off | home address of mobile IPv6
mngtmpaddr | | off | make temporary addresses of it
noprefixroute | | off | no route for its prefix
autojoin | | off | join the group of a multicast address
no_track | | tracked | its deletion by somebody else does not matter
use_vmac | | off | put it on a macvlan of its interface
`),
};

/** The options of an address line. */
export const addressWords: Readonly<Record<string, AddressWord>> = Object.fromEntries(
  Object.entries(words).map(([name, info]): [string, AddressWord] => {
    const family = familyOf.get(name);
    const take = takers[name] ?? ((): undefined => undefined);
    const { argument, help, since, block, standing } = info;
    const word = { argument, help, default: info.default, since, block, standing, take };
    return [name, family === undefined ? word : { ...word, family }];
  }),
);

/** The options of a line of `static_ipaddress`. */
export const staticAddressWords: Readonly<Record<string, AddressWord>> = {
  ...Object.fromEntries(Object.entries(addressWords).filter(([name]) => name !== "use_vmac")),
  track_group: {
    argument: "<track_group>",
    help: "instances that go to FAULT when it is lost",
    default: "none",
    since: "2.2.7",
    block: false,
    standing: { kind: "in-effect" },
    take: (options, value) => {
      options.trackGroup = value;
      return undefined;
    },
  },
};
