/**
 * What stands after `encap` in a route: the kind of a tunnel without an interface, and its words.
 */
import { parseIp } from "../base/mod.ts";
import type { EncapPlan } from "../vrrp/mod.ts";
import type { Context } from "./keyword.ts";
import { type Names, numberIn } from "./line_values.ts";
import { foundIn } from "./route_read.ts";
import type { Word } from "./token.ts";

/** The tunnel; `undefined` when it is none, which has been told. */
export function readEncap(
  words: readonly Word[],
  names: Names,
  context: Context,
): EncapPlan | undefined {
  const [kind, first] = words;
  switch (kind?.text) {
    case "mpls": {
      const labels = (first?.text ?? "").split("/").map((label) => numberIn(label, 0xf_ffff));
      if (labels.every((label) => label !== undefined)) return { kind: "mpls", labels };
      names.refuse("encap mpls", first, "expected labels such as 100/200");
      return undefined;
    }
    case "ila": {
      const locator = locatorOf(first?.text ?? "");
      if (locator === undefined) names.refuse("encap ila", first, "expected a locator");
      return locator === undefined ? undefined : { kind: "ila", locator };
    }
    case "ip":
    case "ip6":
      return readTunnel(kind.text, words.slice(1), names, context);
    default:
      return undefined;
  }
}

/** Options of a tunnel by what they are called in a plan. */
const fields: Readonly<Record<string, "id" | "tos" | "ttl" | "flags">> = {
  id: "id",
  tos: "tos",
  tc: "tos",
  ttl: "ttl",
  hoplimit: "ttl",
  flags: "flags",
};

function readTunnel(
  kind: "ip" | "ip6",
  words: readonly Word[],
  names: Names,
  context: Context,
): EncapPlan | undefined {
  const plan: { -readonly [Key in keyof Tunnel]: Tunnel[Key] } = { kind };
  for (const [option, own] of foundIn(`${context.path}/encap/${kind}`, words, context)) {
    const [word] = own;
    const text = word?.text ?? "";
    const field = fields[option];
    if (option === "dst" || option === "src") {
      const address = parseIp(text);
      if (address !== undefined) plan[option] = address;
    } else if (field === "tos") {
      const number = names.number("rt_dsfield", option, word);
      if (number !== undefined) plan.tos = number;
    } else if (field !== undefined) {
      const number = numberIn(text, 0xffff_ffff);
      if (number !== undefined) plan[field] = number;
    }
  }
  return plan;
}

type Tunnel = Extract<EncapPlan, { kind: "ip" | "ip6" }>;

/** Four groups of hexadecimal digits, as the upper half of an IPv6 address. */
function locatorOf(text: string): Uint8Array | undefined {
  return parseIp(`${text}::`)?.bytes.slice(0, 8);
}
