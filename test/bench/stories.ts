/**
 * How close the simulator is to the real thing: ten stories (a crash, a lossy link, a split …) are
 * played by daemons in namespaces and then on the virtual network, where everything is done when it
 * was really done. What counts is how far each transition of each node is apart in the two; one
 * that is missing, or out of order, makes the story one that never came.
 */
import { getPriority, setPriority } from "node:os";
import { twiceTold } from "../support/twice/stories.ts";
import { type Likeness, playTwice } from "../support/twice/twice.ts";
import { executable } from "./daemon.ts";
import { Series } from "./row.ts";
import type { Suite } from "./suite.ts";

/** How far transitions may be apart; a machine that stands still for longer spoils a story. */
const apartMs = 50;
const rounds = 3;
/** Daemons of other stories must not hold each other up. */
const atOnce = 5;
/** The longest story with its beginning and its end. */
const storySeconds = 8;
/** How often a story is played anew because the machine stood still. */
const patience = 5;

/** A row for each story. */
export const stories: Suite = {
  name: "stories",
  seconds: rounds * Math.ceil(twiceTold.length / atOnce) * storySeconds,
  run: async (progress) => {
    const usual = getPriority();
    // What else the machine does is not what is measured.
    setPriority(-19);
    const all = twiceTold.map((story) => {
      const what = `simulated and real, ${story.name}: transitions apart`;
      return { story, series: new Series({ what, unit: "ms", budget: { max: apartMs } }) };
    });
    for (let round = 1; round <= rounds; round++) {
      progress(`round ${round} of ${rounds}`);
      for (let from = 0; from < all.length; from += atOnce) {
        await Promise.all(
          all.slice(from, from + atOnce).map(async ({ story, series }) => {
            const found = await playCalmly(story, progress);
            if (found === undefined) return;
            series.add("standin", ...(found.differences.length > 0 ? [undefined] : found.apartMs));
            for (const one of found.differences) progress(`${story.name}: ${one}`);
          }),
        );
      }
    }
    setPriority(usual);
    return all.map(({ series }) => series.row());
  },
};

/** Plays it until the machine does not hold it up; answers nothing when that is in vain. */
async function playCalmly(
  story: (typeof twiceTold)[number],
  progress: (what: string) => void,
): Promise<Likeness | undefined> {
  for (let attempt = 1; attempt <= patience; attempt++) {
    const likeness = await playTwice(story, { command: [executable], slackMs: apartMs });
    if (likeness.heldUp.length === 0) return likeness;
    progress(`${story.name} once more: ${likeness.heldUp.join("; ")}`);
  }
  return undefined;
}
