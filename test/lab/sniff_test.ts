/**
 * `standin sniff` beside keepalived: what it says of a master, and of a second one that says other
 * things.
 */
import assert from "node:assert/strict";
import { keepalived, standinCommand, whyNoLab } from "../support/lab/makes.ts";
import { protocols } from "../support/lab/plan.ts";
import { Router } from "../support/lab/router.ts";
import { Stories } from "../support/lab/story.ts";

const skip = whyNoLab();
const stories = new Stories(1);

stories.tell("sniff shows adverts, and who does not agree", async (lab) => {
  const { segment, a, b } = await lab.pair();
  const onlooker = await lab.node("c", 3);
  segment.join(onlooker);
  const sniff = lab.start(onlooker, [...standinCommand, "sniff", "eth0", "--json"]);
  const [protocol] = protocols;
  const first = new Router(lab, a, keepalived, { protocol, priority: 150 });
  await first.start();
  const line = await sniff.line(/"vrid":51/);
  assert.deepEqual(JSON.parse(line).problems, []);
  assert.equal(JSON.parse(line).priority, 150);
  // Of another version, so neither takes the other's adverts: both are masters.
  const other = protocols.find((one) => one.family === "ipv4" && one.version !== protocol.version);
  assert.ok(other !== undefined);
  const second = new Router(lab, b, keepalived, { protocol: other, priority: 100 });
  await second.start();
  const two = JSON.parse(await sniff.line(/two masters/));
  assert.match(two.problems.join("; "), /version \d, but \S+ speaks version \d/);
  sniff.signal("SIGINT");
  assert.equal((await sniff.ended()).code, 0);
}, skip === undefined ? {} : { skip });
