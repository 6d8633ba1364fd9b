/**
 * What a reload would do, for a person who has not typed it yet: the difference of two models,
 * grouped by block, and below each block what follows from its changes. It says what the engine
 * does with a difference, in the words of the configuration; it does not know which state a router
 * is in, so sentences about a master hold where this node is it.
 */
import { unreachable } from "../base/mod.ts";
import {
  type Change,
  type ChangedBlock,
  describeBlock,
  describeInBlock,
  diffModels,
} from "./diff.ts";
import type { Model } from "./model.ts";

/** One block that a reload changes. */
export interface PlannedBlock {
  readonly block: ChangedBlock;
  readonly name: string;
  /** Such as `priority 100 → 150`, in the order of the settings. */
  readonly changes: readonly string[];
  /** What follows from them. */
  readonly consequences: readonly string[];
}

/** A whole reload. */
export interface PlannedReload {
  readonly blocks: readonly PlannedBlock[];
  /** How many instances and groups go on as if nothing had been. */
  readonly untouched: number;
}

/** What a reload from one model to the next changes. */
export function planReload(previous: Model, next: Model): PlannedReload {
  const byBlock = new Map<string, Change[]>();
  const changes = diffModels(previous, next);
  for (const change of changes) {
    const key = describeBlock(change);
    byBlock.set(key, [...byBlock.get(key) ?? [], change]);
  }
  const moves = movesOf(changes, previous, next);
  const blocks = [...byBlock.values()].flatMap((mine): PlannedBlock[] => {
    const [first] = mine;
    if (first === undefined) return [];
    const { block, name } = first;
    const consequences = new Set(mine.flatMap((change) => consequencesOf(change, mine, next)));
    for (const move of moves) {
      if (move.to === name || move.from === name) consequences.add(move.text);
    }
    return [{ block, name, changes: mine.map(describeInBlock), consequences: [...consequences] }];
  });
  const { instances, syncGroups, bfdSessions, virtualServers } = next;
  const kept = [...instances, ...syncGroups, ...bfdSessions, ...virtualServers].length;
  const touched = blocks.filter(({ block, changes: [change] }) => {
    return counted.has(block) &&
      change !== "removed";
  });
  return { blocks, untouched: kept - touched.length };
}

/** Blocks that are counted when they go on untouched. */
const counted: ReadonlySet<string> = new Set([
  "vrrp_instance",
  "vrrp_sync_group",
  "bfd_instance",
  "virtual_server",
]);

const anew =
  "stops (a master sends priority 0) and starts anew: another virtual router on the wire";

/** Settings that make an instance another virtual router. */
const identity = ["interface", "virtual_router_id", "family", "version"];

/** What follows from a change of a setting, by its keyword. */
const bySetting: Readonly<Record<string, string>> = {
  ...Object.fromEntries(identity.map((field) => [field, anew])),
  priority: "the next advert says it, and the nodes compare priorities anew",
  mcast_dst_ip: "adverts go elsewhere: the other nodes have to change, too",
  auth_type: "the other nodes have to change, too: they drop adverts of another type",
  auth_pass: "the other nodes have to change, too: they drop adverts with another one",
  auth_hmac:
    "the other nodes have to change, too: receive-only first, then permissive, then enforce",
  active_key: "the other nodes need that key before: they drop adverts of unknown keys",
  v3_checksum_as_v2: "the other nodes have to change, too: they take other checksums for wrong",
  status_listen: "the status endpoint moves; the control socket stays",
  status_token_file: "commands over the network need the token that stands there",
  address_lease: "addresses stay where they are and get their lifetimes anew",
  vrrp_startup_delay: "counts at the next start",
  startup_script: "counts at the next start",
  shutdown_script: "runs when this daemon ends",
  net_namespace: "counts at the next start",
  router_id: "the name of this node in status, logs and metrics",
};

/** Settings that say who is told of a change of state. */
const isTelling = /^(notify(_|$)|quorum_(up|down)$|smtp_alert$)/;

function consequencesOf(change: Change, all: readonly Change[], next: Model): string[] {
  const { block, name } = change;
  const resources = resourceConsequences(change);
  if (resources !== undefined) return resources;
  if (block !== "global_defs" && "field" in change && isTelling.test(change.field)) {
    return ["counts from the next change of state on"];
  }
  if (block === "vrrp_sync_group") return groupConsequences(change);
  if (block === "bfd_instance") return sessionConsequences(change);
  if (block === "static") return [];
  if (block === "virtual_server") return serverConsequences(change);
  if (block !== "global_defs" && block !== "vrrp_instance") return trackerConsequences(change);
  const restarts = all.some((one) => one.kind === "changed" && identity.includes(one.field));
  const plan = next.instances.find((one) => one.name === name);
  switch (change.kind) {
    case "added":
      if (plan?.basePriority !== 255 || plan.initialState !== "MASTER") return ["starts as BACKUP"];
      return ["starts as MASTER at once: priority 255 owns the addresses"];
    case "removed":
      return ["stops: a master sends priority 0 and gives its addresses up"];
    case "changed": {
      if (restarts && !identity.includes(change.field)) return [];
      if (change.field !== "advert_int") return texts(bySetting[change.field]);
      return plan?.version === 2
        ? ["the other nodes have to change, too: version 2 drops adverts of another interval"]
        : ["backups learn the interval from the next advert"];
    }
    case "item-added":
      if (change.field === "tracking") return [weighedAnew];
      if (isRouting(change.field)) return restarts ? [] : ["a master adds them to the kernel"];
      return restarts ? [] : ["a master takes the new addresses and announces them"];
    case "item-removed":
      if (change.field === "tracking") return [weighedAnew];
      if (isRouting(change.field)) return restarts ? [] : ["a master removes them from the kernel"];
      return restarts ? [] : ["a master gives the old addresses up"];
    case "reordered":
      if (isRouting(change.field) || change.field === "tracking") return [];
      return ["adverts carry the new order: give it to the other nodes, too"];
    default:
      return unreachable(change);
  }
}

/** Lists and settings of resources mean the same in instances and groups. */
function resourceConsequences(change: Change): string[] | undefined {
  if (!("field" in change) || !change.field.startsWith("resources")) return undefined;
  switch (change.kind) {
    case "item-added":
      return ["a master starts it, in its place"];
    case "item-removed":
      return ["a master stops it, and starts what stands after it anew"];
    default:
      return ["nothing is started or stopped for that"];
  }
}

function isRouting(field: string): boolean {
  return field === "virtual_routes" || field === "virtual_rules";
}

const weighedAnew = "its priority and its faults follow from what it tracks then";

/** Results stay; what was not there before has none. */
function trackerConsequences({ kind, block }: Change): string[] {
  if (block !== "vrrp_script") return [];
  if (kind === "added") return ["it is run at once if somebody tracks it"];
  return kind === "removed" ? ["a run that is under way is ended"] : ["its last result stays"];
}

function groupConsequences(change: Change): string[] {
  if (change.kind === "removed") return ["its members change their states by themselves again"];
  if (change.kind === "reordered") return [];
  return ["its members change their states together from then on"];
}

function serverConsequences({ kind }: Change): string[] {
  if (kind === "added") return ["its service is added to the kernel"];
  if (kind === "removed") return ["its service is removed from the kernel"];
  return ["connections go on; checks that did not change keep their results"];
}

function sessionConsequences(change: Change): string[] {
  if (change.kind === "removed") return ["the session ends; the neighbour is told AdminDown"];
  if (change.kind === "added") return ["a session is opened"];
  if (change.kind !== "changed") return [];
  if (change.field === "neighbor_ip") return ["the session ends; another one is opened"];
  return ["the session goes on; the neighbour is told new intervals by a Poll Sequence"];
}

function texts(text: string | undefined): string[] {
  return text === undefined ? [] : [text];
}

interface Move {
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

/** Addresses that one instance loses and another gets on the same interface. */
function movesOf(changes: readonly Change[], previous: Model, next: Model): Move[] {
  const gone = new Map<string, string>();
  for (const change of changes) {
    if (change.kind !== "item-removed" || isNoAddress(change.field)) continue;
    gone.set(`${interfaceOf(previous, change.name)} ${change.item}`, change.name);
  }
  return changes.flatMap((change): Move[] => {
    if (change.kind !== "item-added" || isNoAddress(change.field)) return [];
    const from = gone.get(`${interfaceOf(next, change.name)} ${change.item}`);
    if (from === undefined || from === change.name) return [];
    const text = `${change.item} moves from ${from} to ${change.name}; a node that is master of ` +
      "both keeps it without a gap";
    return [{ from, to: change.name, text }];
  });
}

function isNoAddress(field: string): boolean {
  return field === "tracking" || field === "resources";
}

function interfaceOf({ instances }: Model, name: string): string {
  return instances.find((plan) => plan.name === name)?.interfaceName ?? "";
}
