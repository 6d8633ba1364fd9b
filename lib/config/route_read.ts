/**
 * Lines of `virtual_routes` and `static_routes`: from words that a walk has found right to a plan.
 * A line with a word of no use is left out: half a route leads packets astray.
 */
import { type Family, type IpAddress, type IpPrefix, parseIp, parsePrefix } from "../base/mod.ts";
import {
  type EncapPlan,
  type HopPlan,
  routeKinds,
  type RouteMetricName,
  type RouteMetricPlan,
  type RoutePlan,
} from "../vrrp/mod.ts";
import { readEncap } from "./encap_read.ts";
import { formOf } from "./form.ts";
import type { Context } from "./keyword.ts";
import { Names, numberIn, timeIn } from "./line_values.ts";
import { Report } from "./report.ts";
import type { Word } from "./token.ts";
import { Walk } from "./walk.ts";

/** RTPROT_KEEPALIVED (linux/rtnetlink.h). */
export const KEEPALIVED = 18;

type Found = readonly (readonly [option: string, words: readonly Word[]])[];

/** What the words of a line said, as far as they have gone. */
type Said = { -readonly [Key in keyof RoutePlan]?: RoutePlan[Key] } & { all?: boolean };

/** The plan of a route; `undefined` when the line is of no use, which has been told. */
export function readRoute(walk: Walk, context: Context): RoutePlan | undefined {
  const names = new Names(context);
  const said: Said = { metrics: [], hops: [] };
  for (const [option, words] of walk.found) {
    if (!takeOption(said, option, words, names, context)) names.whole = false;
  }
  if (!names.whole) return undefined;
  const target = walk.placed.at(-1)?.text ?? "";
  const family = said.family ?? familyOf(target, said);
  const destination = destinationOf(target, family);
  if (destination === undefined) return undefined;
  const kind = walk.placed.map(({ text }) => routeKinds.find((one) => one === text)).find(Boolean);
  const { tracked: wanted, trackGroup, device, gateway, ...rest } = said;
  // keepalived: the interfaces of next hops do not count.
  const tracked = wanted !== false && device !== undefined;
  return {
    ...rest,
    ...(gateway === undefined ? {} : { gateway }),
    ...(device === undefined ? {} : { device }),
    ...(trackGroup === undefined || device === undefined ? {} : { trackGroup }),
    family,
    kind: kind ?? "unicast",
    destination,
    tos: said.tos ?? 0,
    table: said.table ?? 254,
    // keepalived: a tracked route is one of its own protocol.
    protocol: tracked || wanted !== false ? KEEPALIVED : said.protocol ?? KEEPALIVED,
    scope: said.scope ?? 0,
    onLink: said.onLink ?? false,
    metrics: said.metrics ?? [],
    hops: said.hops ?? [],
    insertion: said.insertion ?? "prepend",
    tracked,
  };
}

function takeOption(
  said: Said,
  option: string,
  words: readonly Word[],
  names: Names,
  context: Context,
): boolean {
  if (takeHop(said, option, words, names, context) || takeMetric(said, option, words)) return true;
  const text = words.at(-1)?.text ?? "";
  switch (option) {
    case "inet":
      return take(said, "family", "ipv4");
    case "inet6":
      return take(said, "family", "ipv6");
    case "src":
      return take(said, "source", parseIp(text));
    case "from":
      return take(said, "from", parsePrefix(text));
    case "tos":
    case "dsfield":
      return take(said, "tos", names.number("rt_dsfield", option, words[0]));
    case "table":
      return take(said, "table", names.number("rt_tables", option, words[0]));
    case "protocol":
      return take(said, "protocol", names.number("rt_protos", option, words[0]));
    case "scope":
      return take(said, "scope", names.number("rt_scopes", option, words[0]));
    case "metric":
    case "priority":
    case "preference":
      return take(said, "metric", numberIn(text, 0xffff_ffff));
    case "expires":
      return take(said, "expiresSeconds", numberIn(text, 0xffff_ffff));
    case "pref":
      return take(
        said,
        "preference",
        (["low", "medium", "high"] as const).find((one) => {
          return one === text;
        }),
      );
    case "ttl-propagate":
      return take(said, "ttlPropagate", text === "enabled");
    case "add":
    case "prepend":
    case "append":
      return take(said, "insertion", option);
    case "vrf":
      return take(said, "vrf", text);
    case "no_track":
      return take(said, "tracked", false);
    case "track_group":
      return take(said, "trackGroup", text);
    case "nexthop":
      return takeNextHop(said, readHop(`${context.path}/nexthop`, words, names, context));
    // An older form of two next hops, which keepalived takes and never gives to the kernel.
    case "or":
      return takeNextHop(said, hopTo(parseIp(text)));
    default:
      return false;
  }
}

function take<Key extends keyof Said>(said: Said, key: Key, value: Said[Key]): boolean {
  if (value === undefined) return false;
  said[key] = value;
  return true;
}

function takeNextHop(said: Said, hop: HopPlan | undefined): boolean {
  if (hop !== undefined) said.hops = [...said.hops ?? [], hop];
  return hop !== undefined;
}

function hopTo(gateway: IpAddress | undefined): HopPlan | undefined {
  return gateway === undefined ? undefined : { gateway, onLink: false };
}

type SaidHop = { -readonly [Key in keyof HopPlan]?: HopPlan[Key] };

/** Words that a route and its next hops have in common; false for any other. */
function takeHop(
  said: SaidHop,
  option: string,
  words: readonly Word[],
  names: Names,
  context: Context,
): boolean {
  const [first] = words;
  switch (option) {
    case "via":
    case "gw": {
      const gateway = parseIp(words.at(-1)?.text ?? "");
      if (gateway !== undefined) said.gateway = gateway;
      return gateway !== undefined;
    }
    case "dev":
    case "oif":
      if (first !== undefined) said.device = first.text;
      return true;
    case "onlink":
      said.onLink = true;
      return true;
    case "realms": {
      const realms = names.realms(option, first);
      if (realms !== undefined) said.realms = realms;
      return true;
    }
    case "encap": {
      const encap: EncapPlan | undefined = readEncap(words, names, context);
      if (encap !== undefined) said.encap = encap;
      return encap !== undefined;
    }
    default:
      return false;
  }
}

/** The words after `nexthop` were found right together with their line. */
function readHop(
  path: string,
  words: readonly Word[],
  names: Names,
  context: Context,
): HopPlan | undefined {
  const said: SaidHop & { weight?: number } = {};
  for (const [option, own] of foundIn(path, words, context)) {
    if (option === "weight") {
      const weight = numberIn(own[0]?.text ?? "", 256);
      if (weight !== undefined) said.weight = weight;
    } else if (!takeHop(said, option, own, names, { ...context, path })) return undefined;
  }
  return { ...said, onLink: said.onLink ?? false };
}

const { options: anyOptions } = formOf("[<option>…]");

/** The options among words that were found right before. */
export function foundIn(path: string, words: readonly Word[], context: Context): Found {
  const [first] = words;
  if (first === undefined) return [];
  const inside = { ...context, path, report: new Report() };
  const walk = new Walk({ keyword: first, args: words }, inside);
  walk.take({ places: [], options: anyOptions });
  return walk.found;
}

/** Units of a metric that is a time, in a millisecond. */
const timeUnits: Readonly<Record<string, number>> = { rtt: 8, rttvar: 4, rto_min: 1 };

const metricNames: readonly RouteMetricName[] = [
  "mtu",
  "hoplimit",
  "advmss",
  "rtt",
  "rttvar",
  "reordering",
  "window",
  "cwnd",
  "ssthresh",
  "rto_min",
  "initcwnd",
  "initrwnd",
  "features",
  "quickack",
  "congctl",
  "fastopen_no_cookie",
];

function takeMetric(said: Said, option: string, words: readonly Word[]): boolean {
  const name = metricNames.find((one) => one === option);
  const text = words.at(-1)?.text ?? "";
  if (name === undefined) return false;
  const value = metricValue(name, text);
  if (value === undefined) return false;
  const metric: RouteMetricPlan = { name, value, locked: words[0]?.text === "lock" };
  said.metrics = [...(said.metrics ?? []).filter((one) => one.name !== name), metric];
  return true;
}

function metricValue(name: RouteMetricName, text: string): number | string | undefined {
  const perMillisecond = timeUnits[name];
  if (perMillisecond !== undefined) return timeIn(text, perMillisecond);
  if (name === "congctl") return text;
  // RTAX_FEATURE_ECN, the only one.
  if (name === "features") return 1;
  return numberIn(text, 0xffff_ffff);
}

function familyOf(target: string, said: Said): Family {
  if (target === "default6") return "ipv6";
  const known = parsePrefix(target)?.address ?? said.source ?? said.from?.address ??
    said.gateway ?? said.hops?.find(({ gateway }) => gateway !== undefined)?.gateway;
  return known?.family ?? "ipv4";
}

function destinationOf(target: string, family: Family): IpPrefix | undefined {
  if (/^(?:default6?|any|all)$/.test(target)) {
    return parsePrefix(family === "ipv4" ? "0.0.0.0/0" : "::/0");
  }
  return parsePrefix(target);
}
