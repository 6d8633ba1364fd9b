/**
 * Rules of the old tables, as `iptables-save` prints them: `-A INPUT -i eth0 -p vrrp -j ACCEPT`.
 * What `iptables` of today writes is in nft's list. A match that is not understood may hold or not.
 */
import { type Family, type IpPrefix, parseIp } from "../../base/mod.ts";
import { allOf, anyOf, type FirewallPacket, type Holds, not, within } from "./packet.ts";
import type { Chain, Rule, Ruleset, Verdict } from "./verdict.ts";

/** Built-in chains, and the priorities that the kernel gives to their tables. */
const hooks: Readonly<Record<string, string>> = {
  PREROUTING: "prerouting",
  INPUT: "input",
  OUTPUT: "output",
  POSTROUTING: "postrouting",
};
const priorities: Readonly<Record<string, number>> = { raw: -300, mangle: -150, filter: 0 };

/** The tables of a text; those for translation drop nothing. */
export function readIptables(text: string, family: Family): Ruleset[] {
  return text.split(/^\*/m).slice(1).flatMap((section) => {
    const [name = "", ...lines] = section.split("\n");
    const priority = priorities[name.trim()];
    return priority === undefined ? [] : [readTable(name.trim(), priority, lines, family)];
  });
}

function readTable(
  table: string,
  priority: number,
  lines: readonly string[],
  family: Family,
): Ruleset {
  const command = family === "ipv4" ? "iptables" : "ip6tables";
  const chains = new Map<string, Chain & { readonly rules: Rule[] }>();
  for (const line of lines) {
    const [, name, policy] = /^:(\S+) (\S+)/.exec(line) ?? [];
    if (name !== undefined) {
      const hook = hooks[name];
      const isDrop = policy === "DROP";
      const base = hook === undefined
        ? {}
        : { base: { hook, priority, policy: isDrop ? "drop" as const : "accept" as const } };
      chains.set(name, { ...base, rules: [], place: `${command} -t ${table} ${name}` });
    }
    const [, chain = "", words = ""] = /^-A (\S+) ?(.*)/.exec(line) ?? [];
    chains.get(chain)?.rules.push(readRule(words, `${command} -t ${table}: "${line}"`));
  }
  return { chains };
}

function readRule(text: string, place: string): Rule {
  const words = text.match(/"[^"]*"|\S+/g) ?? [];
  const verdict = verdictOf(words);
  return { place, decide: (packet) => [[allOf(matchesOf(words, packet)), verdict]] };
}

function verdictOf(words: readonly string[]): Verdict {
  const after = (option: string): string | undefined => words[words.indexOf(option) + 1];
  if (words.includes("-g")) return { kind: "goto", chain: after("-g") ?? "" };
  const target = words.includes("-j") ? after("-j") ?? "" : "";
  switch (target) {
    case "ACCEPT":
      return { kind: "accept" };
    case "DROP":
    case "REJECT":
      return { kind: "drop" };
    case "RETURN":
      return { kind: "return" };
    default:
      // A target of its own, such as LOG, is no chain and changes nothing.
      return target === "" ? { kind: "none" } : { kind: "jump", chain: target };
  }
}

function matchesOf(words: readonly string[], packet: FirewallPacket): Holds[] {
  const holds: Holds[] = [];
  for (let at = 0; at < words.length && !["-j", "-g"].includes(words[at] ?? ""); at++) {
    const negated = words[at] === "!";
    if (negated) at++;
    const match = matchOf(words[at] ?? "", words[at + 1] ?? "", packet);
    if (match === undefined) continue;
    holds.push(negated ? not(match) : match);
    at++;
  }
  return holds;
}

/** `undefined` for the name of a module, of which the options follow. */
function matchOf(option: string, value: string, packet: FirewallPacket): Holds | undefined {
  const { direction, interfaceName, protocol, source, destination, multicast } = packet;
  switch (option) {
    case "-m":
    case "--comment":
      return "yes";
    case "-p": {
      const ours = protocol === 112 ? ["112", "vrrp", "all"] : ["51", "ah", "all"];
      return ours.includes(value) ? "yes" : "no";
    }
    case "-i":
      return direction === "in" && matchesName(value, interfaceName) ? "yes" : "no";
    case "-o":
      return direction === "out" && matchesName(value, interfaceName) ? "yes" : "no";
    case "-s":
      return inside(source, value);
    case "-d":
      return inside(destination, value);
    case "--ctstate":
    case "--state":
      return multicast
        ? anyOf(value.split(",").map((one) => one === "NEW" ? "yes" : "no"))
        : "some";
    default:
      return option.startsWith("-") ? "some" : undefined;
  }
}

function matchesName(pattern: string, name: string): boolean {
  return pattern.endsWith("+") ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}

function inside(known: IpPrefix, text: string): Holds {
  const [written = "", length] = text.split("/");
  const address = parseIp(written);
  if (address === undefined) return "some";
  const prefixLength = length === undefined ? address.bytes.length * 8 : Number(length);
  return Number.isInteger(prefixLength) ? within(known, { address, prefixLength }) : "some";
}
