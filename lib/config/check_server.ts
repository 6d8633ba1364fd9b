/**
 * What must go together in a `virtual_server`: what it must say although there are defaults, the
 * flags of its scheduler, the weights of its servers against its quorum, and one family for all.
 */
import { parseIp } from "../base/mod.ts";
import { wordsIn } from "./block_value.ts";
import type { Inside } from "./cross_check.ts";
import type { Statement } from "./parse.ts";

/** What is taken when a service does not say it, which keepalived calls an error. */
const defaults: readonly (readonly [keywords: readonly string[], taken: string])[] = [
  [["lvs_sched", "lb_algo"], "wlc"],
  [["lvs_method", "lb_kind"], "NAT"],
];

/** Flags by the scheduler that knows them. */
const flags: ReadonlyMap<string, string> = new Map([
  ["hashed", "sh"],
  ["sh-port", "sh"],
  ["sh-fallback", "sh"],
  ["mh-port", "mh"],
  ["mh-fallback", "mh"],
]);

/** Holds a virtual server against itself. */
export function checkVirtualServer(inside: Inside): void {
  const { block, context } = inside;
  const { report, owner } = context;
  const [first] = block.words;
  if (first === undefined) {
    const hint = "write an address and a port, fwmark and a mark, or group and its name after it";
    report.error("missing-argument", block.place, "Cannot use a virtual_server of nothing", hint);
  }
  const servers = (block.children ?? []).filter(({ name }) => name === "real_server");
  if (servers.length === 0) {
    report.error("missing-keyword", block.place, `Cannot use ${owner}: it has no real_server`);
  }
  checkDefaults(inside, first);
  checkScheduler(inside);
  checkWeights(inside, servers);
  checkFamilies(inside, servers, first);
}

function checkDefaults({ block, seen, context }: Inside, first: string | undefined): void {
  const { report, owner } = context;
  for (const [keywords, taken] of defaults) {
    if (keywords.some((keyword) => seen.has(keyword))) continue;
    const message = `${owner} has no ${keywords[0]}: ${taken} is taken`;
    report.error("missing-keyword", block.place, message);
  }
  const protocol = seen.get("protocol");
  const isMark = first === "fwmark";
  if (protocol === undefined && !isMark) {
    const message = `${owner} has no protocol: UDP is taken`;
    report.error("missing-keyword", block.place, message);
  } else if (protocol !== undefined && isMark) {
    const message = `"protocol" has no effect for ${owner}: a mark has none`;
    report.error("excluded-keyword", protocol.place, message);
  }
  const ops = seen.get("ops");
  const name = protocol?.words[0]?.toUpperCase() ?? "UDP";
  if (ops === undefined || isMark || name === "UDP") return;
  const message = `Cannot use ops for ${owner}: it needs protocol UDP`;
  report.error("excluded-keyword", ops.place, message);
}

/** keepalived: the scheduler must stand before its flags. */
function checkScheduler({ block, seen, context }: Inside): void {
  if (!flags.keys().some((flag) => seen.has(flag))) return;
  let scheduler = "wlc";
  for (const statement of block.children ?? []) {
    const { name } = statement;
    if (name === "lvs_sched" || name === "lb_algo") scheduler = statement.words[0] ?? scheduler;
    const wanted = flags.get(name);
    if (wanted === undefined || wanted === scheduler) continue;
    const message = `Cannot use ${name} for ${context.owner}: it needs lvs_sched ` +
      `${wanted} before it`;
    context.report.error("excluded-keyword", statement.place, message);
  }
}

function valueOf(words: readonly string[] | undefined, usual: number): number {
  const value = Number(words?.[0]);
  return Number.isInteger(value) && value >= 0 ? value : usual;
}

function checkWeights({ seen, context }: Inside, servers: readonly Statement[]): void {
  const { report, owner } = context;
  const usual = valueOf(seen.get("weight")?.words, 1);
  const [given, hysteresis] = [seen.get("quorum"), seen.get("hysteresis")];
  if (given === undefined && hysteresis === undefined) return;
  let total = 0;
  for (const server of servers) total += valueOf(wordsIn(server, "weight"), usual);
  let quorum = valueOf(given?.words, 1);
  if (given !== undefined && quorum > total && servers.length > 0) {
    const message = `Cannot reach quorum ${quorum} of ${owner}: the weights of its servers sum ` +
      `to ${total}, which is taken`;
    report.error("bad-value", given.place, message);
    quorum = Math.max(1, total);
  }
  if (hysteresis === undefined || valueOf(hysteresis.words, 0) < quorum) return;
  const message =
    `Cannot use hysteresis ${valueOf(hysteresis.words, 0)} for ${owner}: expected less ` +
    `than quorum ${quorum}; ${quorum - 1} is taken`;
  report.error("bad-value", hysteresis.place, message);
}

/** Only tunnels carry one family in the other. */
function checkFamilies(
  { seen, context }: Inside,
  servers: readonly Statement[],
  first: string | undefined,
): void {
  const family = parseIp(first ?? "")?.family;
  const method = (seen.get("lvs_method") ?? seen.get("lb_kind"))?.words[0];
  if (family === undefined || method === "TUN") return;
  for (const server of servers) {
    // Nearly all are of the same family, and need no closer look.
    const text = server.words[0] ?? "";
    if (text.includes(":") === (family === "ipv6")) continue;
    const address = parseIp(text);
    const own = server.children?.findLast(({ name }) => name === "lvs_method");
    if (address === undefined || address.family === family) continue;
    if (own?.words[0] === "TUN") continue;
    const message = `Cannot use real_server "${text}" for ${context.owner}: ` +
      "it is of the other family, and only TUN mixes them";
    context.report.error("family-mismatch", server.place, message);
  }
}
