/**
 * Trackers: what is checked (scripts, files, processes, BFD sessions, interfaces), who uses it,
 * and what it can do to a priority. A weight of 0, which is the default, makes a failure a FAULT;
 * any other changes the priority. A positive weight is added while the check is good, a negative
 * one while it is bad; `reverse` turns the sign of the change round (behaviour 4.26).
 */
import type { Statement } from "../parse.ts";
import type { Place } from "../source.ts";
import type { Word } from "../token.ts";

/** The kinds of what can be tracked. */
export type TrackerKind = "script" | "file" | "process" | "bfd" | "interface" | "probe";

/** A block that defines something to track. */
export interface Tracker {
  readonly kind: TrackerKind;
  readonly name: string;
  readonly statement: Statement;
}

/** What is added to the priority, and where it was written. */
export interface Weight {
  readonly value: number;
  readonly reverse: boolean;
  readonly place: Place;
}

/** A line of `track_script` and its like. */
export interface TrackerUse {
  readonly kind: TrackerKind;
  readonly name: string;
  readonly line: Statement;
  /** The definition; absent for interfaces and for names that nobody defined. */
  readonly tracker: Tracker | undefined;
  /** Absent when nobody wrote one. */
  readonly weight: Weight | undefined;
  /** Whether the group of the instance names it, and not the instance. */
  readonly ofGroup: boolean;
}

/** The blocks that define, and the kinds of what they define. */
const definitions: ReadonlyMap<string, TrackerKind> = new Map([
  ["vrrp_script", "script"],
  ["track_file", "file"],
  ["vrrp_track_file", "file"],
  ["vrrp_track_process", "process"],
  ["bfd_instance", "bfd"],
  ["track_probe", "probe"],
]);

const kinds: readonly TrackerKind[] = ["script", "file", "process", "bfd", "interface", "probe"];

/** Everything that the file defines; a name may be defined twice. */
export function trackersOf(statements: readonly Statement[]): Tracker[] {
  return statements.flatMap((statement): Tracker[] => {
    const kind = definitions.get(statement.name);
    const name = statement.words[0];
    return kind === undefined || name === undefined ? [] : [{ kind, name, statement }];
  });
}

/** The trackers that an instance or a group names. */
export function usesOf(block: Statement, trackers: readonly Tracker[]): TrackerUse[] {
  const ofGroup = block.name === "vrrp_sync_group";
  return (block.children ?? []).flatMap((child): TrackerUse[] => {
    const kind = kinds.find((known) => child.name === `track_${known}`);
    if (kind === undefined) return [];
    return (child.children ?? []).map((line) => useOf(kind, line, trackers, ofGroup));
  });
}

function useOf(
  kind: TrackerKind,
  line: Statement,
  trackers: readonly Tracker[],
  ofGroup: boolean,
): TrackerUse {
  const { name } = line;
  const tracker = trackers.find((one) => one.kind === kind && one.name === name);
  const defined = tracker && weightOfDefinition(tracker);
  const own = readWeight(line.args);
  const inherits = defined?.reverse === true && line.words.at(-1) !== "noreverse";
  const weight = own === undefined ? defined : { ...own, reverse: own.reverse || inherits };
  return { kind, name, line, tracker, weight, ofGroup };
}

function weightOfDefinition({ statement }: Tracker): Weight | undefined {
  const given = statement.children?.findLast(({ name }) => name === "weight");
  return given && readWeight([given.keyword, ...given.args]);
}

/** `weight N [reverse]` among words. */
function readWeight(words: readonly Word[]): Weight | undefined {
  const at = words.findIndex(({ text }) => text === "weight");
  const word = at < 0 ? undefined : words[at + 1];
  if (word === undefined || !/^[+-]?\d{1,3}$/.test(word.text)) return undefined;
  const reverse = words[at + 2]?.text === "reverse";
  return { value: Number(word.text), reverse, place: word.place };
}

/** What a tracker adds while its check is good, and while it is bad. */
export function additions({ value, reverse }: Weight): readonly [good: number, bad: number] {
  const change = reverse ? -value : value;
  return value > 0 ? [change, 0] : [0, change];
}

/** Whether the use changes the priority; the number in a file can be anything and is left out. */
export function changesPriority(
  use: TrackerUse,
): use is TrackerUse & { readonly weight: Weight } {
  return use.kind !== "file" && use.weight !== undefined && use.weight.value !== 0;
}

/** A tracker in the words of the file. */
export function trackerTitle({ statement, name }: Tracker): string {
  return `${statement.name} "${name}"`;
}
