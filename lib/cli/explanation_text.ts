/**
 * An explanation as text for people, at most as wide as the terminal. Pure, so that tests can look
 * at every character.
 */
import type { Explanation } from "./explanation.ts";
import { ago, type Look } from "./status_table.ts";
import { visible, wrap } from "./table.ts";

type Use = Explanation["priority"]["trackers"][number];

/** The whole text, without a line feed at its end. */
export function renderExplanation(
  explanation: Explanation & { readonly moves?: readonly string[] },
  look: Look,
): string {
  const { name, state, since, reason, faults, master, wins, why, change } = explanation;
  const head = `${name} is ${state} for ${ago(since, look.now)}`;
  const blocks = [
    [...say(head, look, ""), ...say(reason, look)],
    ["Priority", ...priorityLines(explanation, look)],
    ...(faults.length === 0 ? [] : [["Faults", ...faults.flatMap((fault) => say(fault, look))]]),
    ["Master", ...say(masterText(master, state), look)],
    [
      "Who would win now",
      ...say(winnerText(explanation), look),
      ...why.flatMap((line) => say(line, look)),
    ],
    ...(change.length === 0 ? [] : [[
      wins === true ? "What would take the role away" : "What would change it",
      ...change.flatMap((line) => say(line, look)),
    ]]),
    ...groupLines(explanation, look),
    ...moveLines(explanation.moves ?? [], look),
  ];
  return blocks.map((lines) => lines.join("\n")).join("\n\n");
}

function priorityLines({ priority }: Explanation, look: Look): string[] {
  const { base, trackers, sum, effective } = priority;
  const clamp = sum === effective
    ? []
    : base === 255
    ? entry("", "the owner of the addresses keeps its priority", look)
    : entry(String(sum), "is kept between 1 and 254", look);
  return [
    ...entry(String(base), "configured", look),
    ...trackers.flatMap((use) => entry(changeText(use), trackerText(use, look.now), look)),
    ...clamp,
    ...entry(String(effective), "in effect", look),
  ];
}

function changeText({ effect, change }: Use): string {
  if (effect === "fault") return "FAULT";
  if (effect === "untested") return "INIT";
  return change > 0 ? `+${change}` : String(change);
}

function trackerText(use: Use, now: number): string {
  const { kind, name, group, weight, reverse, state, value, since, detail } = use;
  const is = value === null ? state : `says ${value}`;
  const time = since === null ? "" : ` for ${ago(since, now)}`;
  const more = detail === null ? "" : ` (${detail})`;
  const turned = reverse ? " reverse" : "";
  const from = group === null ? "" : `, by sync group ${group}`;
  return `${kind} ${name}: ${is}${time}${more}, weight ${weight}${turned}${from}`;
}

function masterText(master: Explanation["master"], state: Explanation["state"]): string {
  if (master === null) return "nobody is heard";
  const self = state === "MASTER" ? ", this node" : "";
  return `${master.address} with priority ${master.priority}${self}`;
}

function winnerText({ wins, master }: Explanation): string {
  if (wins === true) return "this node";
  if (wins === null) return "not known yet";
  return master === null ? "not this node" : master.address;
}

function groupLines({ syncGroup }: Explanation, look: Look): string[][] {
  if (syncGroup === null) return [];
  const { name, state, heldBackBy } = syncGroup;
  return [[
    ...say(`Sync group ${name} is ${state}`, look, ""),
    ...heldBackBy.flatMap((member) => say(`held back by ${member.name}: ${member.why}`, look)),
  ]];
}

function moveLines(lines: readonly string[], look: Look): string[][] {
  if (lines.length === 0) return [];
  return [[
    "What moved it, the last first",
    ...lines.flatMap((line) => {
      const text = line.trimStart();
      return say(text, look, " ".repeat(2 + line.length - text.length));
    }),
  ]];
}

function entry(value: string, text: string, look: Look): string[] {
  return say(text, look, `  ${value.padStart(5)}  `);
}

function say(text: string, { columns }: Look, lead = "  "): string[] {
  return wrap(visible(text), columns, lead);
}
