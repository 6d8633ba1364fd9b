/**
 * From the lines of `global_defs` about IPVS as a whole to their plan. The tables have held the
 * words against their forms.
 */
import { parseIp } from "../base/mod.ts";
import type { BalanceSettings, SyncPlan } from "../balance/mod.ts";
import type { InstancePlan } from "../vrrp/mod.ts";
import type { Draft, InstanceDraft } from "./draft.ts";
import type { Statement } from "./parse.ts";
import { isInterfaceName } from "./value.ts";

/** The settings; absent when nothing is said. */
export function buildBalanceSettings(
  { global: { balance: lines = [] }, instances: drafts }: Draft,
  instances: readonly InstancePlan[],
): BalanceSettings | undefined {
  const last = (...keywords: string[]): Statement | undefined =>
    lines.findLast(({ name }) => keywords.includes(name));
  const timeouts = timeoutsIn(last("lvs_timeouts"));
  const end = last("lvs_flush_on_stop", "lvs_flush_onstop");
  // keepalived: of two the first counts.
  const line = lines.find(({ name }) => name === "lvs_sync_daemon");
  const sync = line === undefined ? syncOf(drafts, instances) : syncIn(line, instances);
  const settings: BalanceSettings = {
    ...(timeouts === undefined ? {} : { timeouts }),
    ...(last("lvs_flush") === undefined ? {} : { flush: true }),
    ...(end === undefined ? {} : { flushAtEnd: end.words[0] === "VS" ? "services" : "everything" }),
    ...(sync === undefined ? {} : { sync }),
  };
  return Object.keys(settings).length === 0 ? undefined : settings;
}

/** The older way to say it: the interface stands in the instance. */
function syncOf(
  drafts: readonly InstanceDraft[],
  instances: readonly InstancePlan[],
): SyncPlan | undefined {
  const draft = drafts.find(({ syncInterface }) => syncInterface !== undefined);
  const { syncInterface: interfaceName = "", name: instance } = draft ?? { name: "" };
  const plan = instances.find(({ name }) => name === instance);
  if (plan === undefined || !isInterfaceName(interfaceName)) return undefined;
  return { daemon: { interfaceName, id: plan.vrid }, instance };
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
