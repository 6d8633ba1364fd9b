/**
 * What must go together in one line of a block of lines: the words of a rule make one action, a
 * route has one family, a mark of a group may say its family.
 */
import { type Family, parseIp } from "../base/mod.ts";
import type { Context } from "./keyword.ts";
import type { Statement } from "./parse.ts";
import type { Walk } from "./walk.ts";

type Words = Pick<Walk, "options" | "placed">;

/** Something that does not go together; most of it makes the line useless. */
interface Objection {
  readonly text: string;
  /** keepalived: such a line counts, without the word that is of no use. */
  readonly counts?: true;
}

/** Holds the words of a line against each other; false when it must be left out. */
export function checkLine(words: Words, line: Statement, context: Context): boolean {
  const { path, owner, report } = context;
  const kind = path.replace(/^.*[/_]/, "");
  const objections = kind === "rules"
    ? ruleObjections(words)
    : kind === "routes"
    ? routeObjections(words)
    : path === "virtual_server_group"
    ? groupObjections(words)
    : [];
  let useful = true;
  for (const { text, counts } of objections) {
    const what = counts === true ? "Not everything is right in" : "Cannot use";
    const message = `${what} the line of ${line.name} in ${owner}: ${text}`;
    report.error("bad-line", line.place, message);
    if (counts !== true) useful = false;
  }
  return useful;
}

const lookups = ["table", "lookup"];
const actions = [...lookups, "goto", "nop", "blackhole", "unreachable", "prohibit", "l3mdev"];
const preferences = ["preference", "order", "priority"];
const suppressors = ["suppress_prefixlength", "sup_pl", "suppress_ifgroup", "sup_group", "realms"];

/** Words of routes by the only family that has a use for them. */
const routeFamilies: readonly (readonly [word: string, family: Family])[] = [
  ["from", "ipv6"],
  ["expires", "ipv6"],
  ["pref", "ipv6"],
  ["realms", "ipv4"],
];

function has({ options }: Words, words: readonly string[]): boolean {
  return words.some((word) => options.has(word));
}

function textOf({ options }: Words, words: readonly string[]): string | undefined {
  const found = words.find((word) => options.has(word));
  return found === undefined ? undefined : options.get(found)?.[0]?.text;
}

function* ruleObjections(words: Words): Generator<Objection> {
  const { options } = words;
  if (familiesIn(words, ["from", "to"]).size > 1) yield { text: "it mixes IPv4 and IPv6" };
  const found = actions.filter((action) => options.has(action));
  if (found.length === 0) yield { text: `it has no action, such as ${actions.join(", ")}` };
  if (found.length > 1) yield { text: `it has more than one action: ${found.join(" and ")}` };
  if (/^0+$/.test(textOf(words, lookups) ?? "")) yield { text: "there is no table 0" };
  const preference = textOf(words, preferences);
  const target = textOf(words, ["goto"]);
  if (preference === undefined) {
    // What keepalived gives a rule without one is told where it gets it.
    if (target !== undefined) yield { text: "goto needs a preference" };
  } else if (target !== undefined && Number(target) <= Number(preference)) {
    yield { text: `goto ${target} does not go forward from preference ${preference}` };
  }
  if (has(words, suppressors) && !has(words, lookups)) {
    yield { text: "only a table can be suppressed" };
  }
  yield* tracking(words, ["dev", "iif"]);
}

function* routeObjections(words: Words): Generator<Objection> {
  const { options } = words;
  const families = familiesIn(words, ["src", "via", "gw", "or", "from", "nexthop"]);
  if (families.size > 1) yield { text: "it mixes IPv4 and IPv6" };
  const [family = "ipv4"] = families;
  for (const [word, wanted] of routeFamilies) {
    if (options.has(word) && family !== wanted) {
      yield { text: `${word} is for the other family only` };
    }
  }
  if (options.has("as")) yield { text: "as is not supported by anything" };
  const [kind, ...encap] = options.get("encap") ?? [];
  if (kind?.text.startsWith("ip") === true && encap.length === 0) {
    yield { text: "encap has no address" };
  }
  // keepalived: the interfaces of next hops do not count.
  if (!options.has("no_track") && !has(words, ["dev", "oif"])) {
    yield {
      text: "it has no dev, so nobody can see whether it is lost (no_track for that)",
      counts: true,
    };
  }
  yield* tracking(words, ["dev", "oif", "nexthop"]);
}

function* tracking(words: Words, devices: readonly string[]): Generator<Objection> {
  const { options } = words;
  const protocol = options.get("protocol")?.[0]?.text;
  const own = protocol === undefined || protocol === "18" || protocol === "keepalived";
  if (!own && !options.has("no_track")) {
    yield { text: `protocol ${protocol} needs no_track`, counts: true };
  }
  if (options.has("track_group") && !has(words, devices)) {
    yield { text: "track_group needs an interface", counts: true };
  }
}

function* groupObjections({ options, placed }: Words): Generator<Objection> {
  if (options.has("fwmark") === placed.length > 0) yield { text: "expected addresses or fwmark" };
}

function familiesIn({ options, placed }: Words, words: readonly string[]): Set<Family> {
  const families = new Set<Family>();
  if (options.has("inet")) families.add("ipv4");
  if (options.has("inet6")) families.add("ipv6");
  const given = [...placed, ...words.flatMap((word) => options.get(word) ?? [])];
  for (const { text } of given) {
    const address = parseIp(text.split("/")[0] ?? "");
    if (address !== undefined) families.add(address.family);
  }
  return families;
}
