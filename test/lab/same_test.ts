/**
 * The same file and the same tale, played to keepalived and to standin: the same scripts are called
 * with the same words in the same order, the kernel has the same addresses, links, routes and rules
 * after every step, and the same adverts and announcements pass on the wire.
 */
import { whyNoLab } from "../support/lab/makes.ts";
import { Stories } from "../support/lab/story.ts";
import { playToBoth } from "../support/lab/tale.ts";
import { whyNoConnector } from "../support/lab/process_connector.ts";
import { tales } from "../support/lab/tales.ts";
import { processTales } from "../support/lab/tales_process.ts";

const skip = whyNoLab();
const stories = new Stories(6);

const notTold = skip ?? await whyNoConnector();

for (const tale of [...tales, ...processTales]) {
  const why = tale.toldOfProcesses === true ? notTold : skip;
  stories.tell(`standin does what keepalived does: ${tale.name}`, (lab) => playToBoth(lab, tale), {
    ...(why === undefined ? {} : { skip: why }),
  });
}
