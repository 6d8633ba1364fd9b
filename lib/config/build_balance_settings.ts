/**
 * From the lines of `global_defs` about IPVS as a whole to their plan. The tables have held the
 * words against their forms.
 */
import { parseIp } from "../base/mod.ts";
import {
  type BalanceSettings,
  defaultMarkMap,
  type MarkMapPlan,
  type SyncPlan,
} from "../balance/mod.ts";
import type { InstancePlan } from "../vrrp/mod.ts";
import type { Draft, InstanceDraft } from "./draft.ts";
import type { Statement } from "./parse.ts";
import type { Report } from "./report.ts";
import { isInterfaceName } from "./value.ts";

/** The settings; absent when nothing is said. */
export function buildBalanceSettings(
  { global: { balance: lines = [] }, instances: drafts }: Draft,
  instances: readonly InstancePlan[],
  report: Report,
): BalanceSettings | undefined {
  const last = (...keywords: string[]): Statement | undefined =>
    lines.findLast(({ name }) => keywords.includes(name));
  const timeouts = timeoutsIn(last("lvs_timeouts"));
  const end = last("lvs_flush_on_stop", "lvs_flush_onstop");
  // keepalived: of two the first counts.
  const line = lines.find(({ name }) => name === "lvs_sync_daemon");
  const sync = line === undefined ? syncOf(drafts, instances) : syncIn(line, instances);
  const marks = marksIn(lines, report);
  const namespace = lines.find(({ keyword }) => keyword.text === "net_namespace_ipvs");
  const settings: BalanceSettings = {
    ...(timeouts === undefined ? {} : { timeouts }),
    ...(last("lvs_flush") === undefined ? {} : { flush: true }),
    ...(end === undefined ? {} : { flushAtEnd: end.words[0] === "VS" ? "services" : "everything" }),
    ...(sync === undefined ? {} : { sync }),
    ...(marks === undefined ? {} : { marks }),
    ...(namespace === undefined ? {} : { namespace: namespace.args[0]?.text ?? "" }),
  };
  return Object.keys(settings).length === 0 ? undefined : settings;
}

/** The older way to say it: the interface stands in the instance. */
function syncOf(
  drafts: readonly InstanceDraft[],
  instances: readonly InstancePlan[],
): SyncPlan | undefined {
  const draft = drafts.find(({ syncInterface }) => syncInterface !== undefined);
  if (draft === undefined) return undefined;
  const { syncInterface: interfaceName = "", name: instance } = draft;
  const plan = instances.find(({ name }) => name === instance);
  if (plan === undefined || !isInterfaceName(interfaceName)) return undefined;
  return { daemon: { interfaceName, id: plan.vrid }, instance };
}

/** keepalived: of two names the first counts, of other values the last. */
function marksIn(lines: readonly Statement[], report: Report): MarkMapPlan | undefined {
  const line = lines.find(({ keyword }) => keyword.text === "nftables_ipvs");
  if (line === undefined) return undefined;
  const name = line.args[0]?.text ?? defaultMarkMap.table;
  const isName = /^[A-Za-z][\w./-]{0,254}$/.test(name);
  if (!isName) {
    const message = `Cannot use nftables_ipvs "${name}" for global_defs: expected the name of ` +
      "a table";
    report.error("bad-value", line.place, message);
  }
  const priority = Number(
    lines.findLast(({ keyword }) => keyword.text === "nftables_ipvs_priority")?.args[0]?.text,
  );
  return {
    table: isName ? name : defaultMarkMap.table,
    priority: Number.isInteger(priority) ? priority : defaultMarkMap.priority,
  };
}

function timeoutsIn(line: Statement | undefined): BalanceSettings["timeouts"] {
  const words = optionsOf(line, 0);
  const [tcp, tcpFin, udp] = ["tcp", "tcpfin", "udp"].map((word) => {
    return numberIn(words.get(word), 1, 2_678_400);
  });
  const timeouts = {
    ...(tcp === undefined ? {} : { tcp }),
    ...(tcpFin === undefined ? {} : { tcpFin }),
    ...(udp === undefined ? {} : { udp }),
  };
  return Object.keys(timeouts).length === 0 ? undefined : timeouts;
}

const options: ReadonlySet<string> = new Set(["inst", "id", "maxlen", "port", "ttl", "group"]);

function syncIn(
  line: Statement,
  instances: readonly InstancePlan[],
): SyncPlan | undefined {
  const [device, second] = line.args;
  if (device === undefined) return undefined;
  // The older spelling of `inst NAME` is the name alone.
  const isName = second !== undefined && !options.has(second.text);
  const words = optionsOf(line, isName ? 2 : 1);
  const name = isName ? second.text : words.get("inst");
  const plan = instances.find((one) => one.name === name);
  // That there is no such instance, or can be no such interface, was told with the line.
  if (name !== undefined && plan === undefined || !isInterfaceName(device.text)) return undefined;
  const [maxLength, port, ttl] = ([["maxlen", 65_507], ["port", 65_535], ["ttl", 255]] as const)
    .map(([word, most]) => numberIn(words.get(word), 1, most));
  const group = parseIp(words.get("group") ?? "");
  return {
    daemon: {
      interfaceName: device.text,
      id: numberIn(words.get("id"), 0, 255) ?? plan?.vrid ?? 0,
      ...(maxLength === undefined ? {} : { maxLength }),
      ...(port === undefined ? {} : { port }),
      ...(ttl === undefined ? {} : { ttl }),
      ...(group === undefined ? {} : { group }),
    },
    ...(name === undefined ? {} : { instance: name }),
  };
}

function optionsOf(line: Statement | undefined, from: number): ReadonlyMap<string, string> {
  const words = (line?.args ?? []).slice(from).map(({ text }) => text);
  const found = new Map<string, string>();
  for (let at = 0; at + 1 < words.length; at += 2) found.set(words[at] ?? "", words[at + 1] ?? "");
  return found;
}

function numberIn(text: string | undefined, least: number, most: number): number | undefined {
  const value = /^\d{1,10}$/.test(text ?? "") ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}
