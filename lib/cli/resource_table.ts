/**
 * Resources as text for people: one table for all, in the order in which they are started.
 */
import type { ResourceSetStatus, ResourceStatus } from "../engine/mod.ts";
import { localTime } from "./event_text.ts";
import { ago, type Look } from "./status_table.ts";
import { type Cell, renderTable } from "./table.ts";

const headings: readonly Cell[] = [
  { text: "OWNER" },
  { text: "RESOURCE" },
  { text: "STATE" },
  { text: "SINCE" },
  { text: "FAILURES", align: "right" },
];

const colours = {
  unknown: "yellow",
  stopped: "none",
  starting: "yellow",
  active: "green",
  failed: "red",
  stopping: "yellow",
  stuck: "red",
} as const;

/** The table of all resources. */
export function renderResources(sets: readonly ResourceSetStatus[], look: Look): string {
  const rows = sets.flatMap((set) =>
    set.resources.map((resource, index) => ({
      cells: cellsOf(set, resource, look.now),
      below: [...failureOf(resource), ...(index === set.resources.length - 1 ? goingOf(set) : [])],
    }))
  );
  return renderTable({
    headings,
    rows,
    shrinkable: [1, 0],
    columns: look.columns,
    colours: look.colours,
  });
}

function cellsOf(
  { name: owner }: ResourceSetStatus,
  resource: ResourceStatus,
  now: number,
): Cell[] {
  const { name, state, since, failures } = resource;
  return [
    { text: owner },
    { text: name },
    { text: state, colour: colours[state] },
    { text: ago(since, now) },
    { text: String(failures), align: "right" },
  ];
}

function failureOf({ lastFailure }: ResourceStatus): string[] {
  if (lastFailure === null) return [];
  const { at, action, detail } = lastFailure;
  return [`last failure: ${action} ${detail}, ${localTime(at).slice(0, 19)}`];
}

function goingOf({ leaving, heldOff }: ResourceSetStatus): string[] {
  return [
    ...(leaving === null ? [] : [`leaving (${leaving}): the role goes when all are stopped`]),
    ...(heldOff === null ? [] : [
      `gave the role away, ${heldOff.resource} failed too often (${heldOff.detail}); ` +
      `takes no part until ${localTime(heldOff.until).slice(0, 19)}`,
    ]),
  ];
}
