/**
 * Who tracks what, and with which weight: the lines of an instance and those of its sync group,
 * with what they inherit from the definition (behaviour 4.24, 4.26). Weights that can not be are
 * taken away here: an owner's priority never changes, and members of a group that does not let
 * them weigh would pull the group apart.
 */
import { ownerPriority } from "../base/mod.ts";
import type { TrackerKind, TrackingPlan, TrackUse } from "../track/mod.ts";
import type { InstancePlan, SyncGroupPlan } from "../vrrp/mod.ts";
import { namesServed } from "./build_group.ts";
import { definingBlocks } from "./build_trackers.ts";
import type { Draft, GroupDraft, InstanceDraft } from "./draft.ts";
import type { Statement } from "./parse.ts";
import type { Report } from "./report.ts";
import type { Place } from "./source.ts";
import { isInterfaceName } from "./value.ts";

/** A use and where it was written. */
interface Written extends TrackUse {
  readonly place: Place;
}

type IsPresent = (use: TrackUse) => boolean;

interface Weighing {
  readonly weight: number;
  readonly reverse: boolean;
}

const kinds: Readonly<Record<string, TrackerKind>> = {
  track_interface: "interface",
  track_script: "script",
  track_file: "file",
  track_process: "process",
  track_bfd: "bfd",
  track_probe: "probe",
  track_virtual_server: "virtual_server",
};

/** The largest weight of each kind. */
const weightMax: Readonly<Record<TrackerKind, number>> = {
  interface: 253,
  script: 253,
  bfd: 253,
  probe: 253,
  virtual_server: 253,
  file: 254,
  process: 254,
};

/** What each instance tracks; those that track nothing are left out. */
export function buildTracking(
  draft: Draft,
  instances: readonly InstancePlan[],
  groups: readonly SyncGroupPlan[],
  interfaces: readonly string[] | undefined,
  report: Report,
): TrackingPlan[] {
  // keepalived: without dynamic_interfaces an interface that is absent is not tracked.
  const isPresent: IsPresent = ({ kind, name }) =>
    kind !== "interface" ||
    isInterfaceName(name) && (draft.global.dynamicInterfaces === true ||
        interfaces === undefined || interfaces.includes(name));
  const tracks = draft.groups.length > 0 || draft.instances.some((one) => one.tracks.length > 0);
  if (!tracks) return [];
  const plans = new Map(instances.map((plan) => [plan.name, plan]));
  const drafts = new Map<string, InstanceDraft>();
  for (const instance of draft.instances) {
    if (!drafts.has(instance.name)) drafts.set(instance.name, instance);
  }
  return instances.flatMap((plan): TrackingPlan[] => {
    const group = groups.find(({ members }) => members.includes(plan.name));
    const groupDraft = draft.groups.find(({ name }) => name === group?.name);
    const own = drafts.get(plan.name);
    if (group === undefined && own?.tracks.length === 0) return [];
    const uses = [
      ...(own === undefined ? [] : ownUses(own, plan, draft, groupDraft, report, isPresent)),
      ...(groupDraft === undefined || group === undefined
        ? []
        : groupUses(groupDraft, group, plan, draft, plans, report, isPresent)),
    ];
    return uses.length === 0 ? [] : [{ name: plan.name, uses: uses.map(withoutPlace) }];
  });
}

function ownUses(
  own: InstanceDraft,
  plan: InstancePlan,
  draft: Draft,
  group: GroupDraft | undefined,
  report: Report,
  isPresent: IsPresent,
): Written[] {
  const definitions = draft.trackers.slice(0, own.trackersBefore);
  const uses = [
    ...usesIn(own.tracks, definitions, report),
    ...serverUsesIn(own.tracks, draft, report),
  ]
    .filter((use) => !isOwnInterface(use, plan) && isPresent(use));
  const owner = plan.basePriority === ownerPriority;
  const grouped = group !== undefined && !group.trackingWeight;
  if (!owner && !grouped) return uses;
  const why = owner ? "priority 255" : `vrrp_sync_group "${group?.name}"`;
  return uses.flatMap((use): Written[] => {
    if (use.weight === 0) return [use];
    const what = `vrrp_instance "${plan.name}"`;
    if (use.kind === "interface") {
      const message = `Cannot use the weight of interface "${use.name}" for ${what} with ${why}: ` +
        "its loss is a FAULT";
      report.error("weight-ignored", use.place, message);
      return [{ ...use, weight: 0 }];
    }
    const message = `Cannot track "${use.name}" with a weight for ${what} with ${why}`;
    report.error("weight-ignored", use.place, message);
    return [];
  });
}

function groupUses(
  groupDraft: GroupDraft,
  { name, members }: SyncGroupPlan,
  plan: InstancePlan,
  draft: Draft,
  plans: ReadonlyMap<string, InstancePlan>,
  report: Report,
  isPresent: IsPresent,
): Written[] {
  const uses = usesIn(groupDraft.tracks, draft.trackers.slice(0, groupDraft.trackersBefore), report)
    .filter((use) => !isOwnInterface(use, plan) && isPresent(use));
  const owner = members.find((member) => plans.get(member)?.basePriority === ownerPriority);
  return uses.flatMap((use): Written[] => {
    const written = { ...use, group: name };
    if (owner === undefined || use.weight === 0) return [written];
    const message = `Cannot use a weight of vrrp_sync_group "${name}" for "${use.name}": ` +
      `"${owner}" has priority 255`;
    report.error("weight-ignored", use.place, message);
    return use.kind === "interface" ? [{ ...written, weight: 0 }] : [];
  });
}

/** An instance has the interface that it runs on in view already. */
function isOwnInterface({ kind, name }: TrackUse, { interfaceName }: InstancePlan): boolean {
  return kind === "interface" && name === interfaceName;
}

/** The lines of blocks such as `track_script`; a tracker that is named twice counts once. */
function usesIn(
  blocks: readonly Statement[],
  definitions: readonly Statement[],
  report: Report,
): Written[] {
  const uses = new Map<string, Written>();
  for (const block of blocks) {
    const kind = kinds[block.name];
    if (kind === undefined || kind === "virtual_server") continue;
    for (const line of block.children ?? []) {
      const name = line.name;
      const definition = definitions.find((one) =>
        definingBlocks[one.name] === kind && one.words[0] === name
      );
      if (kind !== "interface" && definition === undefined) continue;
      if (kind === "bfd" && !tellsRouters(definition)) {
        const message = `Cannot track bfd_instance "${name}": it has checker and no vrrp`;
        report.error("unknown-name", line.place, message, "add vrrp to it, or leave both out");
        continue;
      }
      const weighing = weighingOf(kind, line, definition);
      const key = `${kind} ${name}`;
      if (!uses.has(key)) uses.set(key, { kind, name, ...weighing, place: line.place });
    }
  }
  return [...uses.values()];
}

/** Virtual servers by their names in the status, where the protocol may be left out. */
function serverUsesIn(blocks: readonly Statement[], draft: Draft, report: Report): Written[] {
  const lines = blocks.filter((block) => kinds[block.name] === "virtual_server")
    .flatMap(({ children = [] }) => children);
  if (lines.length === 0) return [];
  const known = namesServed(draft.virtualServers, draft.serverGroups);
  const tracked = new Set<string>();
  return lines.flatMap((line): Written[] => {
    const found = known.find((name) => name === line.name) ??
      known.find((name) => name.replace(/ (TCP|UDP|SCTP)$/, "") === line.name);
    if (found !== undefined) {
      if (tracked.has(found)) return [];
      tracked.add(found);
      const weighing = weighingOf("virtual_server", line, undefined);
      return [{ kind: "virtual_server", name: found, ...weighing, place: line.place }];
    }
    const hint = known.length === 0
      ? "there is no virtual_server"
      : `write one of ${known.slice(0, 5).map((name) => `"${name}"`).join(", ")}`;
    const message = `Cannot track virtual server "${line.name}": there is none of that name`;
    report.error("unknown-name", line.place, message, hint);
    return [];
  });
}

/** keepalived: a session with `checker` alone does not exist for virtual routers. */
function tellsRouters(definition: Statement | undefined): boolean {
  const words = new Set(definition?.children?.map(({ name }) => name));
  return words.has("vrrp") || !words.has("checker");
}

/** The weight of a line, else that of the definition; files count once when nobody says more. */
function weighingOf(
  kind: TrackerKind,
  line: Statement,
  definition: Statement | undefined,
): Weighing {
  const usual = { weight: kind === "file" ? 1 : 0, reverse: false };
  const given = definition?.children?.find((inner) => inner.name === "weight");
  const last = definition?.children?.findLast((inner) => inner.name === "weight");
  const chosen = kind === "process" ? given : last;
  const inherited = chosen === undefined
    ? usual
    : readWeight(["weight", ...chosen.words], kind, usual);
  return readWeight(line.words, kind, inherited);
}

function readWeight(words: readonly string[], kind: TrackerKind, usual: Weighing): Weighing {
  const at = words.indexOf("weight");
  const text = words[at + 1] ?? "";
  if (at < 0 || !/^[+-]?\d{1,3}$/.test(text)) return usual;
  const most = weightMax[kind];
  const value = Number(text);
  if (Math.abs(value) > 254) return usual;
  const weight = Math.max(-most, Math.min(most, value));
  const last = words[at + 2];
  const reverse = last === "reverse" ? true : last === "noreverse" ? false : usual.reverse;
  return { weight: weight === 0 ? 0 : weight, reverse };
}

function withoutPlace({ kind, name, weight, reverse, group }: Written): TrackUse {
  return { kind, name, weight, reverse, ...(group === undefined ? {} : { group }) };
}
