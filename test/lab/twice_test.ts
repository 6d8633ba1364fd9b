/**
 * What `standin simulate` promises: ten stories, played by daemons in network namespaces and on the
 * virtual network, have the same transitions in the same order. How far apart they are in time
 * `make bench BENCH=stories` measures, on a machine that has nothing else to do.
 *
 * A story that went otherwise is told again. When the machine held it up meanwhile it proves
 * nothing; one that differs twice without that is another story.
 */
import assert from "node:assert/strict";
import { standinCommand, whyNoLab } from "../support/lab/makes.ts";
import { Stories } from "../support/lab/story.ts";
import { type TwiceTold, twiceTold } from "../support/twice/stories.ts";
import { playTwice } from "../support/twice/twice.ts";

const skip = whyNoLab();
const stories = new Stories(twiceTold.length);
const [patience, enough] = [5, 2];
// The order of what daemons do is not changed by less.
const manner = { command: standinCommand, slackMs: 100 };

async function tell(story: TwiceTold): Promise<void> {
  const objections: string[] = [];
  for (let attempt = 0; attempt < patience; attempt++) {
    const { differences, apartMs, heldUp } = await playTwice(story, manner);
    if (differences.length === 0) {
      console.log(`${story.name}: ${Math.max(...apartMs).toFixed(0)} ms apart at most`);
      return;
    }
    console.log([`${story.name} went otherwise`, ...differences, ...heldUp].join("\n  "));
    if (heldUp.length === 0) objections.push(differences.join("\n"));
    assert.ok(objections.length < enough, objections.join("\n"));
  }
  console.log(`${story.name}: nothing is proved, the machine stood still in every attempt`);
}

for (const story of twiceTold) {
  stories.tellInLabs(
    `the simulator tells what daemons do: ${story.name}`,
    () => tell(story),
    skip === undefined ? {} : { skip },
  );
}
