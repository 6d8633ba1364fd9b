/**
 * What must stand beside a keyword or a word so that it is right: another keyword, the rest of the
 * line, the kind of tunnel that knows it.
 */
import { formOf } from "../../../lib/config/form.ts";
import { infoOf, lineForms } from "../../../lib/config/keywords/root.ts";
import { wordsFor, wordsOf } from "./sample.ts";

const peers = "unicast_peer {\n10.0.0.8\n}\n";

/** Lines before a keyword, by its path. */
const before: Readonly<Record<string, string>> = {
  "vrrp_instance native_ipv6": "virtual_ipaddress {\n2001:db8::1\n}\n",
  "vrrp_instance vmac_xmit_base": "use_vmac\n",
  "vrrp_instance unicast_src_ip": peers,
  "vrrp_instance check_unicast_src": peers,
  "vrrp_instance old_unicast_checksum": peers,
  "vrrp_instance unicast_ttl": peers,
  "vrrp_instance timer_expired_backup": "nopreempt\n",
  "vrrp_instance thread_timer_expired": "nopreempt\n",
  "virtual_server hashed": "lvs_sched sh\n",
  "virtual_server ops": "protocol UDP\n",
  "virtual_server sh-port": "lvs_sched sh\n",
  "virtual_server sh-fallback": "lvs_sched sh\n",
  "virtual_server mh-port": "lvs_sched mh\n",
  "virtual_server mh-fallback": "lvs_sched mh\n",
  "virtual_server hysteresis": "quorum 2\nreal_server 10.0.0.7 80 {\nweight 2\n}\n",
  "virtual_server sorry_server_inhibit": "sorry_server 10.0.0.9 80\n",
  "virtual_server sorry_server_lvs_method": "sorry_server 10.0.0.9 80\n",
};

/** The lines before a keyword of a block. */
export function besideOf(path: string, keyword: string): string {
  return before[`${path} ${keyword}`] ?? "";
}

/** Words of tunnels, by what they need to be one. */
const tunnels: Readonly<Record<string, string>> = {
  type: "TUN",
  port: "TUN type gue",
  csum: "TUN type gre",
  remcsum: "TUN type gue port 6000",
};

/** A keyword with the words that an option of it needs before itself. */
export function ownerLine(path: string, keyword: string, option: string): string {
  const start = `${besideOf(path, keyword)}${keyword}`;
  if (keyword === "umask") return start;
  if (/lvs_method|lb_kind/.test(keyword)) return `${start} ${tunnels[option] ?? "NAT"}`;
  if (keyword === "use_ipvlan") return `${start} 10.0.0.7`;
  const owner = infoOf.get(path)?.[keyword];
  return `${start} ${owner === undefined ? "" : wordsOf(formOf(owner.argument), false)}`.trim();
}

/** What a rule line says besides the word that is tested. */
function ruleWith(word: string): string {
  const isAction = /^(?:table|lookup|goto|nop|blackhole|unreachable|prohibit|l3mdev)\b/.test(word);
  const isPreference = /^(?:preference|order|priority)\b/.test(word);
  const to = /^inet6\b/.test(word) ? "2001:db8::/32" : "10.0.0.0/8";
  const isType = /^type\b/.test(word);
  return [
    /^(?:to|from)\b/.test(word) ? "" : `from ${to}`,
    isPreference ? "" : /^goto/.test(word) ? "priority 0" : "priority 100",
    /^protocol\b/.test(word) ? "no_track" : "",
    /^track_group\b/.test(word) ? "iif eth1" : "",
    isAction || isType ? "" : "table 100",
    isType ? `${word} blackhole` : word,
  ].filter((part) => part !== "").join(" ");
}

/** What a route line says besides the word that is tested. */
function routeWith(word: string): string {
  const isIpv6 = /^(?:inet6|from|expires|pref)\b/.test(word);
  const to = isIpv6 ? "2001:db8:5::/48" : "10.5.0.0/16";
  const more = /^protocol\b/.test(word) ? " no_track" : "";
  const rest = word === "encap ip"
    ? "encap ip id 3"
    : word === "from 10.6.0.0/16"
    ? "from 2001:db8:6::/48"
    : word;
  if (word === "nexthop") return `${to} no_track nexthop via 10.0.0.3 dev eth1`;
  return `${to}${/^(?:dev|oif)\b/.test(word) ? "" : " dev eth1"}${more} ${rest}`;
}

/** How a line of a block of lines looks when it is right. */
export function lineOf(path: string, word: string): string {
  if (path.endsWith("rules")) return ruleWith(word);
  if (path.endsWith("routes")) return routeWith(word);
  if (path === "virtual_server_group") {
    const isMark = word.startsWith("fwmark");
    return isMark ? word : word.startsWith("inet") ? `fwmark 3 ${word}` : `10.0.0.5 80 ${word}`;
  }
  if (/^(?:home|mngtmpaddr)/.test(word)) return `2001:db8::9/64 ${dev(path)}${word}`;
  if (word.startsWith("peer")) return `10.0.0.9 ${dev(path)}${word.replace(/\/24$/, "")}`;
  const after = /^(?:no)?reverse/.test(word) ? `weight 2 ${word}` : word;
  const { parts } = formOf(lineForms.get(path) ?? "");
  return `${wordsFor(parts.filter(({ optional }) => !optional))} ${after}`.trim();
}

function dev(path: string): string {
  return path === "static_ipaddress" ? "dev eth1 " : "";
}
