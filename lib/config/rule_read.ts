/**
 * Lines of `virtual_rules` and `static_rules`: from words that a walk has found right to a plan.
 */
import { type Family, parsePrefix, type RuleAction } from "../base/mod.ts";
import type { RulePlan } from "../vrrp/mod.ts";
import type { Context } from "./keyword.ts";
import { Names, numberIn, rangeIn } from "./line_values.ts";
import type { Place } from "./source.ts";
import type { Word } from "./token.ts";
import type { Walk } from "./walk.ts";
import { KEEPALIVED } from "./route_read.ts";

/** What the words of a line said. */
type Said = { -readonly [Key in keyof RulePlan]?: RulePlan[Key] } & {
  table?: number;
  suppressPrefixLength?: number;
  suppressGroup?: number;
  realms?: number;
};

/** The plan of a rule; `undefined` when the line is of no use, which has been told. */
export function readRule(walk: Walk, place: Place, context: Context): RulePlan | undefined {
  const names = new Names(context);
  const said: Said = {};
  for (const [option, words] of walk.found) {
    if (!takeOption(said, option, words, names)) names.whole = false;
  }
  if (!names.whole) return undefined;
  const family = said.family ?? (said.from ?? said.to)?.address.family ?? "ipv4";
  const action = actionOf(said);
  if (action === undefined) return undefined;
  const { table: _t, suppressPrefixLength: _l, suppressGroup: _g, realms: _r, ...rest } = said;
  const { trackGroup, tracked = true, ...words } = rest;
  return {
    ...words,
    ...(trackGroup === undefined || said.inputInterface === undefined ? {} : { trackGroup }),
    family,
    action,
    preference: said.preference ?? nextPreference(family, place, context),
    invert: said.invert ?? false,
    tos: said.tos ?? 0,
    protocol: tracked ? KEEPALIVED : said.protocol ?? KEEPALIVED,
    tracked,
  };
}

/** keepalived: downwards from 16384, each family by itself, and hardly what was meant. */
function nextPreference(family: Family, place: Place, { known, report, owner }: Context): number {
  const preference = known.nextPreference[family]--;
  const message = `A rule of ${owner} has no preference: it gets ${preference}`;
  const hint = "write preference and a number";
  report.add({ severity: "error", code: "bad-line", place, message, hint, inEffect: true });
  return preference;
}

function actionOf(said: Said): RuleAction | undefined {
  if (said.action !== undefined) return said.action;
  const { table, suppressPrefixLength, suppressGroup, realms } = said;
  if (table === undefined) return undefined;
  return {
    kind: "table",
    table,
    ...(suppressPrefixLength === undefined ? {} : { suppressPrefixLength }),
    ...(suppressGroup === undefined ? {} : { suppressGroup }),
    ...(realms === undefined ? {} : { realms }),
  };
}

function takeOption(said: Said, option: string, words: readonly Word[], names: Names): boolean {
  const [first] = words;
  const text = first?.text ?? "";
  switch (option) {
    case "inet":
      return take(said, "family", "ipv4");
    case "inet6":
      return take(said, "family", "ipv6");
    case "from":
    case "to":
      // Everything is what a rule means without them.
      return /^(?:default|any|all)$/.test(text) || take(said, option, parsePrefix(text));
    case "table":
    case "lookup":
      return take(said, "table", names.number("rt_tables", option, first));
    case "not":
      return take(said, "invert", true);
    case "preference":
    case "order":
    case "priority":
      return take(said, "preference", numberIn(text, 0xffff_ffff));
    case "goto": {
      const target = numberIn(text, 0xffff_ffff);
      return take(said, "action", target === undefined ? undefined : { kind: "goto", target });
    }
    case "l3mdev":
    case "nop":
    case "blackhole":
    case "unreachable":
    case "prohibit":
      return take(said, "action", { kind: option });
    case "type":
      return true;
    case "no_track":
      return take(said, "tracked", false);
    case "track_group":
      return take(said, "trackGroup", text);
    default:
      return takeSelector(said, option, first, names);
  }
}

function takeSelector(said: Said, option: string, word: Word | undefined, names: Names): boolean {
  const text = word?.text ?? "";
  switch (option) {
    case "tos":
    case "dsfield":
      return take(said, "tos", names.number("rt_dsfield", option, word));
    case "fwmark": {
      const [mark, mask] = text.split("/").map((part) => numberIn(part, 0xffff_ffff));
      if (mask !== undefined) said.markMask = mask;
      return take(said, "mark", mark);
    }
    case "realms":
      return take(said, "realms", names.realms(option, word));
    case "suppress_prefixlength":
    case "sup_pl":
      return take(said, "suppressPrefixLength", numberIn(text, 0x7fff_ffff));
    case "suppress_ifgroup":
    case "sup_group":
      return take(said, "suppressGroup", names.number("group", option, word));
    case "dev":
    case "iif":
      return take(said, "inputInterface", text);
    case "oif":
      return take(said, "outputInterface", text);
    case "tunnel-id":
      return take(said, "tunnelId", /^\d{1,20}$/.test(text) ? String(BigInt(text)) : undefined);
    case "uidrange":
      return take(said, "users", rangeIn(text, 0xffff_ffff));
    case "protocol":
      return take(said, "protocol", numberIn(text, 255));
    case "ipproto":
      return take(said, "ipProtocol", names.number("protocols", option, word));
    case "sport":
      return take(said, "sourcePorts", rangeIn(text, 65_535));
    case "dport":
      return take(said, "destinationPorts", rangeIn(text, 65_535));
    default:
      return false;
  }
}

function take<Key extends keyof Said>(said: Said, key: Key, value: Said[Key]): boolean {
  if (value === undefined) return false;
  said[key] = value;
  return true;
}
