/**
 * A story as a scenario, and what is seen of it on the virtual network: the transitions of every
 * node with their times.
 */
import { assemble, play, readScript, type Scenario } from "../../../lib/simulate/mod.ts";
import type { TwiceTold } from "./stories.ts";

/** A change of state of one router of a node. */
export interface Seen {
  readonly node: string;
  /** Milliseconds from the beginning. */
  readonly atMs: number;
  /** Instance, states and the kind of the reason: `VI_1 BACKUP>MASTER master-down`. */
  readonly what: string;
}

/** The words of a transition. */
export function wordsOf(
  instance: string,
  from: string,
  to: string,
  reason: { readonly kind: string },
): string {
  return `${instance} ${from}>${to} ${reason.kind}`;
}

/** The scenario of a story; throws a sentence when it can not be played. */
export function scenarioOf({ scenario, files }: TwiceTold): Scenario {
  const { script, problems } = readScript(scenario);
  const text = (path: string): string => files[path] ?? "";
  const named = script.nodes.map(({ name, path }) => ({ name, config: text(path) }));
  const { nodes, segments, problems: more } = assemble(named, script);
  const [wrong] = [...problems, ...more];
  if (wrong !== undefined) throw new Error(wrong);
  const acts = script.acts.map((act) =>
    act.kind === "reload" ? { ...act, config: text(act.config) } : act
  );
  return { seed: script.seed, nodes, segments, acts, lastsMs: script.lastsMs ?? 0 };
}

/** What the virtual network shows; throws when the watchers object. */
export function simulate(scenario: Scenario): Seen[] {
  const { entries, violations } = play(scenario);
  if (violations.length > 0) throw new Error(violations.join("\n"));
  return entries.flatMap((entry): Seen[] => {
    if (entry.kind !== "told" || entry.tell.kind !== "transition") return [];
    const { instance, from, to, reason } = entry.tell;
    return [{ node: entry.node, atMs: entry.at / 1000, what: wordsOf(instance, from, to, reason) }];
  });
}
