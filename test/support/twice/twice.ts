/**
 * A story in the lab, then on the virtual network with everything done when it was really done, and
 * what is different: which transitions each node went through in which order, and when.
 */
import { Lab } from "../lab/lab.ts";
import { type Manner, playInLab } from "./in_lab.ts";
import { longestPause, takePulse } from "./pulse.ts";
import { scenarioOf, type Seen, simulate } from "./scenario.ts";
import type { TwiceTold } from "./stories.ts";

/** How alike the two were. */
export interface Likeness {
  /** A line for each node that went another way; none when the order is the same. */
  readonly differences: readonly string[];
  /** How far each transition is apart, in milliseconds; none when the order is another. */
  readonly apartMs: readonly number[];
  /** How the machine held the daemons or us up: then the story is no proof. */
  readonly heldUp: readonly string[];
}

/** Plays a story twice. */
export async function playTwice(story: TwiceTold, manner: Manner): Promise<Likeness> {
  await takePulse();
  const found = Promise.withResolvers<Likeness>();
  const { judged } = await Lab.run(async (lab) => {
    const played = await playInLab(lab, scenarioOf(story), manner);
    const simulated = simulate(played.scenario);
    const seen = await played.seen(simulated);
    const nodes = played.scenario.nodes.map(({ name }) => name);
    const differences = nodes.flatMap((name) => compareOrder(name, simulated, seen));
    const apartMs = differences.length > 0 ? [] : nodes.flatMap((name) => {
      return compareTimes(of(name, simulated), of(name, seen));
    });
    const pauseMs = longestPause(played.originMs);
    const pauses = pauseMs > manner.slackMs ? [`the machine stood still for ${pauseMs} ms`] : [];
    found.resolve({ differences, apartMs, heldUp: [...played.heldUp(), ...pauses] });
  });
  await judged;
  return await found.promise;
}

function of(name: string, all: readonly Seen[]): Seen[] {
  return all.filter(({ node }) => node === name);
}

function compareOrder(name: string, simulated: readonly Seen[], seen: readonly Seen[]): string[] {
  const [one, other] = [simulated, seen].map((all) => of(name, all).map(({ what }) => what));
  if (one?.join() === other?.join()) return [];
  return [`${name}: simulated ${one?.join(", ")}; seen ${other?.join(", ")}`];
}

/** The start is what the others are timed by. */
function compareTimes(simulated: readonly Seen[], seen: readonly Seen[]): number[] {
  return simulated.flatMap(({ what, atMs }, at) => {
    const other = seen[at]?.atMs;
    return other === undefined || what.endsWith(" startup") ? [] : [Math.abs(other - atMs)];
  });
}
