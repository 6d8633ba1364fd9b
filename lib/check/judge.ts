/**
 * What the ends of commands, numbers in files and BFD sessions mean for a server (keepalived's
 * rules), and the weight that comes of it.
 */
import { type CommandEnd, formatCommandEnd } from "../base/mod.ts";
import type { Standing } from "./agent.ts";
import type { Checker, Outcome, WeightWord } from "./checker.ts";
import type { CommandCheckPlan, FileCheckPlan } from "./plan.ts";

/** The limits of a weight in IPVS. */
const weightMax = 2_147_483_647;
/** A file that takes so much is a failure. */
const failingChange = -2_147_483_648;

/**
 * A command: 0 is good and leaves the weight as it is; with `misc_dynamic` 2 to 255 are good, and
 * the weight is two less.
 */
export function judgeCommand({ dynamic }: CommandCheckPlan, end: CommandEnd): Outcome {
  if (end.kind !== "exited") return { failure: formatCommandEnd(end) };
  if (end.code === 0) return {};
  if (!dynamic || end.code === 1) return { failure: formatCommandEnd(end) };
  return { weight: { kind: "is", value: end.code - 2 } };
}

/** The number in a file. */
export function judgeNumber({ weight, reverse }: FileCheckPlan, value: number): Outcome {
  if (weight === 0) {
    return (value !== 0) === reverse ? {} : { failure: `the number is ${value}` };
  }
  const change = value * (reverse ? -weight : weight);
  if (change <= failingChange) return { failure: `the number is ${value}` };
  return { weight: { kind: "adds", value: Math.min(weightMax, change) } };
}

/** A BFD session. */
export function judgeSession(up: boolean): Outcome {
  return up ? {} : { failure: "the session is down" };
}

/** How far a word moves the configured weight; a part of a weight is 1 at least. */
function changeOf(word: WeightWord, configured: number): number {
  switch (word.kind) {
    case "is":
      return word.value - configured;
    case "adds":
      return word.value;
    case "part": {
      const part = Math.floor(configured * word.percent / 100);
      return (word.percent === 0 || configured === 0 ? 0 : Math.max(1, part)) - configured;
    }
  }
}

/** What agents say of connections to a server; the strictest counts. */
export function standingOf(checkers: readonly Checker[]): Standing {
  const said = checkers.map(({ standing }) => standing);
  if (said.includes("disabled")) return "disabled";
  return said.includes("drained") ? "drained" : "ready";
}

/** The weight of a server from the configured one and what its checks say. */
export function weightOf(configured: number, checkers: readonly Checker[]): number {
  let weight = configured;
  for (const { weight: word } of checkers) {
    if (word === undefined) continue;
    weight += changeOf(word, configured);
  }
  return Math.max(0, Math.min(weightMax, weight));
}
