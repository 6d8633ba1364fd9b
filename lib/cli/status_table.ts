/**
 * A snapshot as text for people: one line about the daemon, a table of instances with the
 * addresses of each below it, then the sync groups. It fits the given number of columns: names and
 * addresses are shortened, states are not. Pure, so that tests can look at every character.
 */
import type { BfdSessionStatus, InstanceStatus, Snapshot } from "../engine/mod.ts";
import { localTime } from "./event_text.ts";
import { renderResources } from "./resource_table.ts";
import { renderServers } from "./server_table.ts";
import { type Cell, renderTable, shorten, visible } from "./table.ts";

/** How a text is to look. */
export interface Look {
  /** The time that "since" counts to, in milliseconds since 1970. */
  readonly now: number;
  readonly columns: number;
  readonly colours: boolean;
}

/** The whole text, without a line feed at its end. */
export function renderStatus(snapshot: Snapshot, look: Look): string {
  const blocks = [renderDaemon(snapshot, look)];
  if (snapshot.instances.length > 0) blocks.push(renderInstances(snapshot.instances, look));
  if (snapshot.syncGroups.length > 0) blocks.push(renderGroups(snapshot, look));
  if (snapshot.resources.length > 0) blocks.push(renderResources(snapshot.resources, look));
  if (snapshot.bfdSessions.length > 0) blocks.push(renderSessions(snapshot.bfdSessions, look));
  if (snapshot.virtualServers.length > 0) {
    blocks.push(renderServers(snapshot.virtualServers, look));
  }
  if (blocks.length === 1) blocks.push("No instances");
  return blocks.join("\n\n");
}

function renderDaemon(snapshot: Snapshot, { now, columns }: Look): string {
  const { version, node, pid, startedAt, config } = snapshot;
  const reloads = config.reloads === 1 ? "1 reload" : `${config.reloads} reloads`;
  const lines = [
    `standin ${version} on ${node}, pid ${pid}, up ${ago(startedAt, now)}`,
    `${config.file}, read ${ago(config.loadedAt, now)} ago, ${reloads}`,
  ];
  const { refused } = config;
  if (refused !== null) {
    const errors = refused.errors === 1 ? "1 error" : `${refused.errors} errors`;
    const since = `refused ${ago(refused.at, now)} ago: ${errors}`;
    lines.push(`Reload ${since}; what was read before is in effect`, `  ${refused.first}`);
  }
  const { maintenance } = snapshot;
  if (maintenance !== null) lines.push(maintenanceText(maintenance));
  return lines.map((line) => shorten(visible(line), columns)).join("\n");
}

/** A maintenance, or that there is none, in a sentence. */
export function maintenanceText(maintenance: Snapshot["maintenance"]): string {
  if (maintenance === null) return "No maintenance: this node takes part";
  const until = maintenance.until === null
    ? 'until "standin maintenance off"'
    : `until ${localTime(maintenance.until).slice(0, 19)}`;
  return `Maintenance ${until}: this node takes no part`;
}

const headings: readonly Cell[] = [
  { text: "INSTANCE" },
  { text: "INTERFACE" },
  { text: "VRID", align: "right" },
  { text: "VER" },
  { text: "STATE" },
  { text: "PRIO", align: "right" },
  { text: "MASTER" },
  { text: "SINCE" },
];

function renderInstances(instances: readonly InstanceStatus[], look: Look): string {
  const rows = instances.map((instance) => ({
    cells: cellsOf(instance, look.now),
    below: detailsOf(instance),
  }));
  return renderTable({
    headings,
    rows,
    // The first to give way is a master's long IPv6 address; names of instances are typed.
    shrinkable: [6, 1, 0],
    columns: look.columns,
    colours: look.colours,
  });
}

function cellsOf(instance: InstanceStatus, now: number): Cell[] {
  const { name, state, basePriority, effectivePriority, lastTransition } = instance;
  const priority = effectivePriority === basePriority
    ? String(basePriority)
    : `${effectivePriority}/${basePriority}`;
  return [
    { text: name },
    { text: instance.interface },
    { text: String(instance.vrid), align: "right" },
    { text: `v${instance.version}` },
    { text: state, colour: stateColours[state] },
    { text: priority, align: "right" },
    { text: instance.master?.address ?? "-" },
    { text: ago(lastTransition.at, now) },
  ];
}

const stateColours = {
  INIT: "yellow",
  BACKUP: "none",
  MASTER: "green",
  FAULT: "red",
  STOPPED: "yellow",
} as const;

/** Lines below an instance: its addresses, what is wrong with it, why it last changed. */
function detailsOf(instance: InstanceStatus): string[] {
  const { addresses, excludedAddresses, faults, handedOver, lastTransition, witness } = instance;
  const all = [...addresses, ...excludedAddresses];
  return [
    ...(all.length === 0 ? [] : [all.join("  ")]),
    ...faults.map((fault) => `fault: ${fault}`),
    ...failuresOf(instance),
    ...adjustmentsOf(instance),
    ...(witness?.awaited === true ? [`waits for its witness ${witness.probe}`] : []),
    ...(handedOver ? ["handed over: leaves the role to its master until that fails"] : []),
    ...(faults.length > 0 ? [] : [
      transitionText(lastTransition),
    ]),
  ];
}

/** The last transition; a FAULT for another reason is one, too. */
export function transitionText({ from, to, reason }: InstanceStatus["lastTransition"]): string {
  return from === to ? `${to}: ${reason}` : `${from} to ${to}: ${reason}`;
}

/** Why trackers that hold it in FAULT are bad. */
function failuresOf({ tracking }: InstanceStatus): string[] {
  return tracking.flatMap(({ kind, name, effect, detail }) =>
    effect === "fault" && detail !== null ? [`${kind} ${name}: ${detail}`] : []
  );
}

/** What makes the priority in effect another than the configured one. */
function adjustmentsOf({ basePriority, effectivePriority, tracking }: InstanceStatus): string[] {
  if (effectivePriority === basePriority) return [];
  return tracking.filter(({ change }) => change !== 0).map((use) => {
    const is = use.value === null ? `is ${use.state}` : `says ${use.value}`;
    return `${use.kind} ${use.name} ${is}: ${use.change > 0 ? "+" : ""}${use.change}`;
  });
}

/** Members that take more room than this stand below their group. */
const membersShown = 40;

function renderGroups(snapshot: Snapshot, { columns, colours }: Look): string {
  const rows = snapshot.syncGroups.map(({ name, state, members }) => {
    const all = members.join(" ");
    const isLong = all.length > membersShown;
    const cells: Cell[] = [
      { text: name },
      { text: state, colour: stateColours[state] },
      { text: isLong ? `${members.length}, below` : all },
    ];
    return { cells, below: isLong ? [all] : [] };
  });
  const headings: Cell[] = [{ text: "GROUP" }, { text: "STATE" }, { text: "MEMBERS" }];
  return renderTable({ headings, rows, shrinkable: [2, 0], columns, colours });
}

function renderSessions(sessions: readonly BfdSessionStatus[], look: Look): string {
  const rows = sessions.map((session) => {
    const { name, neighbor, state, transmitIntervalMs, detectionTimeMs, since } = session;
    const cells: Cell[] = [
      { text: name },
      { text: neighbor },
      { text: state, colour: state === "Up" ? "green" : "red" },
      { text: milliseconds(transmitIntervalMs), align: "right" },
      { text: milliseconds(detectionTimeMs), align: "right" },
      { text: ago(since, look.now) },
    ];
    return { cells, below: session.diagnostic === null ? [] : [session.diagnostic] };
  });
  const headings: Cell[] = [
    { text: "BFD" },
    { text: "NEIGHBOUR" },
    { text: "STATE" },
    { text: "SENDS", align: "right" },
    { text: "DETECTS", align: "right" },
    { text: "SINCE" },
  ];
  const { columns, colours } = look;
  return renderTable({ headings, rows, shrinkable: [0, 1], columns, colours });
}

function milliseconds(count: number | null): string {
  return count === null ? "-" : `${count} ms`;
}

/** The time from a moment until now, in its two largest units: `12s`, `3m12s`, `5h03m`, `2d04h`. */
export function ago(iso: string, now: number): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(iso)) / 1000));
  if (Number.isNaN(seconds)) return "-";
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (minutes === 0) return `${seconds}s`;
  if (hours === 0) return `${minutes}m${pad(seconds % 60)}s`;
  if (hours < 24) return `${hours}h${pad(minutes % 60)}m`;
  return `${Math.floor(hours / 24)}d${pad(hours % 24)}h`;
}

function pad(count: number): string {
  return String(count).padStart(2, "0");
}
