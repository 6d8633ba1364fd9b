/**
 * What a reload changes: the difference of two models as a list, each change one sentence in the
 * words of the configuration. Settings that are the same in both are not mentioned.
 */
import { equalPlain, unreachable } from "../base/mod.ts";
import { routeLine, ruleLineWatched } from "../vrrp/mod.ts";
import { serverLine, virtualServerWords } from "./balance_words.ts";
import { checkKeywords, serverCheckLine } from "./check_words.ts";
import type { CheckPlan } from "../check/mod.ts";
import type { Model } from "./model.ts";
import {
  addressLine,
  globalWords,
  instanceWords,
  peerLine,
  sessionWords,
  type Words,
} from "./words.ts";
import {
  globalNotifyWords,
  notifyWords,
  quorumWords,
  realServerSubject,
  serverNotifyLists,
} from "./notify_words.ts";
import { resourceLines, resourceWords } from "./resource_words.ts";
import { linkLines, trackerWords, useLine } from "./track_words.ts";

/** The blocks that a change can be in. */
export type ChangedBlock =
  | "global_defs"
  | "vrrp_instance"
  | "vrrp_sync_group"
  | "bfd_instance"
  | "track_group"
  | "static"
  | "vrrp_script"
  | "track_file"
  | "vrrp_track_process"
  | "track_probe"
  | "interfaces"
  | "virtual_server";

/** One difference between two models. `name` is empty for `global_defs`. */
export type Change =
  | { readonly kind: "added"; readonly block: ChangedBlock; readonly name: string }
  | { readonly kind: "removed"; readonly block: ChangedBlock; readonly name: string }
  | {
    readonly kind: "changed";
    readonly block: ChangedBlock;
    readonly name: string;
    /** The keyword of the setting. */
    readonly field: string;
    readonly from: string;
    readonly to: string;
  }
  | {
    readonly kind: "item-added" | "item-removed";
    readonly block: ChangedBlock;
    readonly name: string;
    /** The keyword of the list. */
    readonly field: string;
    readonly item: string;
  }
  /** The same items in another order; adverts carry addresses in the order of the file. */
  | {
    readonly kind: "reordered";
    readonly block: ChangedBlock;
    readonly name: string;
    readonly field: string;
  };

/** A block as settings and lists of lines. */
interface Described {
  readonly settings: Words;
  readonly lists: readonly (readonly [keyword: string, items: readonly string[]])[];
}

/** A block and the way to describe it, which is only gone when it may have changed. */
interface Block {
  readonly parts: readonly unknown[];
  readonly describe: () => Described;
}

/** Everything that is different in `next`. */
export function diffModels(previous: Model, next: Model): Change[] {
  return [
    ...diffSettings("global_defs", "", daemonWords(previous), daemonWords(next)),
    ...diffBlocks("vrrp_instance", instancesOf(previous), instancesOf(next)),
    ...diffBlocks("vrrp_sync_group", groupsOf(previous), groupsOf(next)),
    ...diffBlocks("bfd_instance", sessionsOf(previous), sessionsOf(next)),
    ...diffStatics(previous, next),
    ...(["script", "file", "process", "probe"] as const).flatMap((kind) =>
      diffBlocks(definitions[kind], trackersOf(previous, kind), trackersOf(next, kind))
    ),
    ...diffBlocks("interfaces", linksOf(previous), linksOf(next)),
    ...diffBlocks("virtual_server", serversOf(previous), serversOf(next)),
  ];
}

/** A change as a sentence: `vrrp_instance VI_1: priority 100 → 150`. */
export function describeChange(change: Change): string {
  return `${describeBlock(change)}: ${describeInBlock(change)}`;
}

/** The block of a change: `vrrp_instance VI_1`. */
export function describeBlock({ block, name }: Pick<Change, "block" | "name">): string {
  if (block === "static") return "static lines";
  return name === "" ? block : `${block} ${name}`;
}

/** A change for a reader who knows the block: `priority 100 → 150`. */
export function describeInBlock(change: Change): string {
  switch (change.kind) {
    case "added":
    case "removed":
      return change.kind;
    case "changed":
      return `${change.field} ${change.from} → ${change.to}`;
    case "item-added":
      return `${change.field} + ${change.item}`;
    case "item-removed":
      return `${change.field} - ${change.item}`;
    case "reordered":
      return `${change.field} in another order`;
    default:
      return unreachable(change);
  }
}

function daemonWords({ global, fifos }: Model): Words {
  return [...globalWords(global), ...globalNotifyWords(global, fifos)];
}

function diffStatics(previous: Model, next: Model): Change[] {
  const [before, after] = [previous, next].map(({ statics }) =>
    [
      ["static_ipaddress", statics.addresses.map(addressLine)],
      ["static_routes", statics.routes.map(routeLine)],
      ["static_rules", statics.rules.map(ruleLineWatched)],
    ] as const
  );
  const lists = (after ?? []).flatMap(([field, items], index) =>
    diffList({ block: "static", name: "", field }, before?.[index]?.[1] ?? [], items)
  );
  return [...lists, ...diffBlocks("track_group", trackGroupsOf(previous), trackGroupsOf(next))];
}

function trackGroupsOf({ statics }: Model): ReadonlyMap<string, Block> {
  return new Map(statics.groups.map((plan) => [plan.name, {
    parts: [plan],
    describe: () => ({ settings: [], lists: [["group", plan.members]] }),
  }]));
}

function instancesOf(model: Model): ReadonlyMap<string, Block> {
  const tracking = new Map(model.tracking.map((plan) => [plan.name, plan]));
  const resources = byName(model.resources, "INSTANCE");
  const notified = byName(model.notified, "INSTANCE");
  return new Map(model.instances.map((plan) => [plan.name, {
    parts: [plan, ...[tracking, resources, notified].map((plans) => plans.get(plan.name))],
    describe: () => ({
      settings: [
        ...instanceWords(plan),
        ...notifyWords(notified.get(plan.name)),
        ...resourceWords(resources.get(plan.name)),
      ],
      lists: [
        ["unicast_peer", plan.unicast?.peers.map(peerLine) ?? []],
        ["virtual_ipaddress", plan.addresses.map(addressLine)],
        ["virtual_ipaddress_excluded", plan.excludedAddresses.map(addressLine)],
        ["virtual_routes", plan.routes.map(routeLine)],
        ["virtual_rules", plan.rules.map(ruleLineWatched)],
        ["tracking", (tracking.get(plan.name)?.uses ?? []).map(useLine)],
        ["resources", resourceLines(resources.get(plan.name))],
      ],
    }),
  }]));
}

function groupsOf(model: Model): ReadonlyMap<string, Block> {
  const resources = byName(model.resources, "GROUP");
  const notified = byName(model.notified, "GROUP");
  return new Map(model.syncGroups.map((plan) => [plan.name, {
    parts: [plan, resources.get(plan.name), notified.get(plan.name)],
    describe: () => ({
      settings: [
        ...notifyWords(notified.get(plan.name)),
        ...resourceWords(resources.get(plan.name)),
      ],
      lists: [["group", plan.members], ["resources", resourceLines(resources.get(plan.name))]],
    }),
  }]));
}

function byName<Plan extends { readonly kind: string; readonly name: string }>(
  plans: readonly Plan[],
  kind: Plan["kind"],
): ReadonlyMap<string, Plan> {
  return new Map(plans.flatMap((plan) => plan.kind === kind ? [[plan.name, plan]] : []));
}

function sessionsOf(model: Model): ReadonlyMap<string, Block> {
  return new Map(model.bfdSessions.map((plan) => [plan.name, {
    parts: [plan],
    describe: () => ({ settings: sessionWords(plan), lists: [] }),
  }]));
}

/** The blocks that define trackers. */
const definitions = {
  script: "vrrp_script",
  file: "track_file",
  process: "vrrp_track_process",
  probe: "track_probe",
} as const;

function trackersOf(
  { trackers }: Model,
  kind: keyof typeof definitions,
): ReadonlyMap<string, Block> {
  return new Map(
    trackers.filter((plan) => plan.kind === kind).map((plan) => [plan.name, {
      parts: [plan],
      describe: () => ({ settings: trackerWords(plan), lists: [] }),
    }]),
  );
}

function serversOf(model: Model): ReadonlyMap<string, Block> {
  const { virtualServers, checks } = model;
  const [quorums, servers] = [byName(model.notified, "VS"), byName(model.notified, "RS")];
  return new Map(virtualServers.map((plan) => {
    const mine = checks.filter(({ virtualServer }) => virtualServer === plan.name);
    const told = plan.servers.map(({ name }) =>
      [name, servers.get(realServerSubject(plan.name, name))] as const
    );
    const describe = (): Described => ({
      settings: [...virtualServerWords(plan), ...quorumWords(quorums.get(plan.name))],
      lists: [
        ["real_server", plan.servers.map(serverLine)],
        ...serverNotifyLists(told),
        ...checkLists(mine),
      ],
    });
    const notified = [quorums.get(plan.name), ...told.map(([, one]) => one)];
    return [plan.name, { parts: [plan, ...mine, mine.length, ...notified], describe }];
  }));
}

function checkLists(checks: readonly CheckPlan[]): Described["lists"] {
  return Object.entries(checkKeywords).map(([kind, keyword]) => {
    const mine = checks.filter(({ subject }) => subject.kind === kind);
    return [keyword, mine.map(serverCheckLine)];
  });
}

/** All lines about links are one block, which has no name. */
function linksOf({ links }: Model): ReadonlyMap<string, Block> {
  const describe = (): Described => ({
    settings: [],
    lists: [["links", links.flatMap(linkLines)]],
  });
  return new Map([["", { parts: [links], describe }]]);
}

function diffBlocks(
  block: ChangedBlock,
  before: ReadonlyMap<string, Block>,
  after: ReadonlyMap<string, Block>,
): Change[] {
  const changes: Change[] = [];
  for (const name of before.keys()) {
    if (!after.has(name)) changes.push({ kind: "removed", block, name });
  }
  for (const [name, next] of after) {
    const old = before.get(name);
    if (old === undefined) {
      changes.push({ kind: "added", block, name });
      continue;
    }
    // A reload keeps the plans that stayed as they were, so most are not looked into.
    if (old.parts.every((part, index) => part === next.parts[index])) continue;
    const [previous, described] = [old.describe(), next.describe()];
    changes.push(...diffSettings(block, name, previous.settings, described.settings));
    for (const [index, [field, items]] of described.lists.entries()) {
      changes.push(...diffList({ block, name, field }, previous.lists[index]?.[1] ?? [], items));
    }
  }
  return changes;
}

function diffSettings(block: ChangedBlock, name: string, before: Words, after: Words): Change[] {
  const known = new Map(before.map((word) => [word[0], word]));
  return after.flatMap(([field, to, secret]): Change[] => {
    const [, from = "", old] = known.get(field) ?? [];
    // That there is another resource says its list.
    if (!known.has(field) && field.startsWith("resources ")) return [];
    if (from !== to) return [{ kind: "changed", block, name, field, from, to }];
    if (equalPlain(old, secret)) return [];
    return [{ kind: "changed", block, name, field, from, to: "another one" }];
  });
}

function diffList(
  where: { readonly block: ChangedBlock; readonly name: string; readonly field: string },
  before: readonly string[],
  after: readonly string[],
): Change[] {
  const [old, next] = [new Set(before), new Set(after)];
  const gone = before.filter((item) => !next.has(item));
  const fresh = after.filter((item) => !old.has(item));
  const same = before.length === after.length && before.every((item, at) => item === after[at]);
  if (gone.length + fresh.length === 0) return same ? [] : [{ kind: "reordered", ...where }];
  return [
    ...gone.map((item): Change => ({ kind: "item-removed", ...where, item })),
    ...fresh.map((item): Change => ({ kind: "item-added", ...where, item })),
  ];
}
