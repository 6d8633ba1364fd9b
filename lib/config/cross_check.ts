/**
 * What must go together in a block: keywords that it can not be without, keywords that need or
 * exclude each other, and values that do. keepalived says the same, in the same places. What takes
 * more than a line of a table has a file of its own.
 */
import { checkProbe } from "./check_probe.ts";
import { checkVirtualServer } from "./check_server.ts";
import { checkMethod } from "./check_method.ts";
import type { Context } from "./keyword.ts";
import type { Statement } from "./parse.ts";
import { parseIp } from "../base/mod.ts";

/** A block and its keywords, the last of each. */
export interface Inside {
  readonly block: Statement;
  readonly seen: ReadonlyMap<string, Statement>;
  readonly context: Context;
}

/** Keywords of which a block must have at least one, by its path. */
const required: Readonly<Record<string, readonly string[]>> = {
  garp_group: ["garp_interval", "gna_interval"],
  vrrp_script: ["script"],
  webhook: ["url"],
  vrrp_track_process: ["process"],
  track_file: ["file"],
  vrrp_track_file: ["file"],
  bfd_instance: ["neighbor_ip", "neighbour_ip"],
  "virtual_server/real_server/MISC_CHECK": ["misc_path"],
  "virtual_server/real_server/HTTP_GET": ["url"],
  "virtual_server/real_server/SSL_GET": ["url"],
  "virtual_server/real_server/HTTP_GET/url": ["path"],
  "virtual_server/real_server/SSL_GET/url": ["path"],
  "virtual_server/real_server/FILE_CHECK": ["track_file"],
  "virtual_server/real_server/BFD_CHECK": ["name"],
  "virtual_server/real_server/AGENT_CHECK": ["connect_port"],
  "vrrp_instance/auth_hmac": ["active_key"],
};

/** Blocks of lines that mean nothing without any. */
const neverEmpty: ReadonlySet<string> = new Set([
  "global_defs/notification_email",
  "track_group/group",
  "garp_group/interfaces",
  "virtual_server_group",
]);

interface Need {
  readonly keyword: string;
  readonly others: readonly string[];
}

/** Keywords that need others, of which one is enough, by the path of their block. */
const needsOf: ReadonlyMap<string, readonly Need[]> = new Map([
  ["vrrp_instance", [
    { keyword: "vmac_xmit_base", others: ["use_vmac"] },
    { keyword: "unicast_ttl", others: ["unicast_peer"] },
    { keyword: "timer_expired_backup", others: ["nopreempt"] },
    { keyword: "thread_timer_expired", others: ["nopreempt"] },
  ]],
  ["virtual_server", [
    { keyword: "sorry_server_inhibit", others: ["sorry_server"] },
    { keyword: "sorry_server_lvs_method", others: ["sorry_server"] },
  ]],
]);

type Rule = (inside: Inside) => void;

const rules: Readonly<Record<string, Rule>> = {
  vrrp_instance: checkInstance,
  vrrp_track_process: checkQuorum,
  track_probe: checkProbe,
  bfd_instance: checkSession,
  virtual_server: (inside) => {
    checkVirtualServer(inside);
    for (const name of ["lvs_method", "lb_kind", "sorry_server_lvs_method"]) {
      checkMethod(inside, name);
    }
  },
  "virtual_server/real_server": (inside) => checkMethod(inside, "lvs_method"),
};

/** Holds the keywords of a block against each other. */
export function crossCheck(inside: Inside): void {
  const { block, seen, context } = inside;
  const { path, owner, report } = context;
  const wanted = Object.hasOwn(required, path) ? required[path] : undefined;
  if (wanted !== undefined && !wanted.some((keyword) => seen.has(keyword))) {
    const message = `Cannot use ${owner}: it has no ${wanted[0]}`;
    report.error("missing-keyword", block.place, message);
  }
  if (neverEmpty.has(path) && block.children?.length === 0) {
    report.error("empty-block", block.place, `Cannot use ${owner}: it is empty`);
  }
  for (const { keyword, others } of needsOf.get(path) ?? []) {
    const statement = seen.get(keyword);
    if (statement === undefined || others.some((other) => seen.has(other))) continue;
    const message = `Cannot use ${keyword} for ${owner}: it needs ${others.join(" or ")}`;
    report.error("missing-keyword", statement.place, message);
  }
  if (Object.hasOwn(rules, path)) rules[path]?.(inside);
}

/** Words that make an instance one of unicast. */
const unicastWords = [
  "unicast_src_ip",
  "unicast_peer",
  "check_unicast_src",
  "old_unicast_checksum",
];

function checkInstance({ seen, context: { owner, report } }: Inside): void {
  const unicast = unicastWords.find((word) => seen.has(word));
  const hasPeers = (seen.get("unicast_peer")?.children ?? []).length > 0;
  if (unicast !== undefined && !hasPeers && !seen.has("unicast_fault_no_peer")) {
    const message = `Cannot use ${unicast} for ${owner}: it has no unicast_peer, adverts go to ` +
      "the group";
    report.error("no-peers", seen.get(unicast)?.place, message);
  }
  const vrf = seen.get("vrf");
  if (vrf !== undefined && seen.has("interface")) {
    const message = `Cannot use vrf for ${owner}: it has an interface`;
    report.error("excluded-keyword", vrf.place, message);
  }
  const ipvlan = seen.get("use_ipvlan");
  if (ipvlan === undefined || seen.has("native_ipv6")) return;
  const lines = seen.get("virtual_ipaddress")?.children ?? [];
  if (lines.some(({ name }) => name.includes(":"))) return;
  if (ipvlan.words.some((text) => parseIp(text.split("/")[0] ?? "") !== undefined)) return;
  const message = `Cannot use use_ipvlan for ${owner}: IPv4 needs an address`;
  report.error("missing-argument", ipvlan.place, message);
}

function checkQuorum({ seen, context: { owner, report } }: Inside): void {
  const least = Number(seen.get("quorum")?.words[0] ?? 1);
  const most = seen.get("quorum_max");
  if (most === undefined || !(Number(most.words[0]) < least)) return;
  // keepalived: none at all is what `quorum_max 0` asks for.
  if (Number(most.words[0]) === 0 && !seen.has("quorum")) return;
  const message = `Cannot use quorum_max ${most.words[0]} for ${owner}: quorum is ${least}`;
  report.error("bad-value", most.place, message);
}

function checkSession({ seen, context: { owner, report } }: Inside): void {
  const neighbor = seen.get("neighbor_ip") ?? seen.get("neighbour_ip");
  const source = seen.get("source_ip");
  const [theirs, own] = [neighbor, source].map((statement) => parseIp(statement?.words[0] ?? ""));
  if (theirs === undefined || own === undefined || theirs.family === own.family) return;
  const message = `Cannot use ${owner}: source_ip and neighbor_ip are of different families`;
  report.error("family-mismatch", source?.place, message);
}
