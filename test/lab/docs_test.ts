/**
 * The documentation, read and done as it says: every command on every page is run on the boxes of
 * a scene, and prints what the page shows (`test/support/docs/page.ts` says how a page is written).
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { play } from "../support/docs/play.ts";
import { scenes } from "../support/docs/scenes.ts";
import { whyNoLab } from "../support/lab/makes.ts";
import { repository } from "../support/lab/program.ts";
import { Stories } from "../support/lab/story.ts";

const skip = whyNoLab();
const stories = new Stories(6);

for (const [name, scene] of Object.entries(scenes)) {
  stories.tell(`what ${name} says is so`, async (lab) => {
    await play(lab, name, readFileSync(join(repository, name), "utf8"), scene);
  }, skip === undefined ? {} : { skip });
}
