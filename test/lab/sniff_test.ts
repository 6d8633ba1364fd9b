/**
 * `standin sniff` beside keepalived: what it says of a master, and of two at once.
 */
import assert from "node:assert/strict";
import { keepalived, standinCommand, whyNoLab } from "../support/lab/makes.ts";
import { protocols } from "../support/lab/plan.ts";
import { Router } from "../support/lab/router.ts";
import { Stories } from "../support/lab/story.ts";

const skip = whyNoLab();
const stories = new Stories(1);

stories.tell("sniff shows adverts, and a second master", async (lab) => {
  const { segment, a, b } = await lab.pair();
  const onlooker = await lab.node("c", 3);
  segment.join(onlooker);
  const sniff = lab.start(onlooker, [...standinCommand, "sniff", "--json"]);
  const [protocol] = protocols;
  const first = new Router(lab, a, keepalived, { protocol, priority: 150 });
  await first.start();
  const line = await sniff.line(/"vrid":51/);
  assert.deepEqual(JSON.parse(line).problems, []);
  assert.equal(JSON.parse(line).priority, 150);
  assert.equal(JSON.parse(line).interface, "eth0");
  // Whoever asks for a new pair is not offered the number of this one.
  const dialogue = [...standinCommand, "init", "--dir", onlooker.directory, "--interface", "eth0"]
    .concat("--peer", "10.77.0.9", "--address", "10.77.0.200", "--multicast").join(" ");
  const asked = await onlooker.namespace.run(
    ["sh", "-c", `echo | script -qec '${dialogue}' /dev/null`],
  );
  assert.match(asked.stdout, /in use there: 51 \(.*virtual_router_id\) \[52\]/s);
  const locked = (word: string): string[] => [
    "authentication {",
    "  auth_type PASS",
    `  auth_pass ${word}`,
    "}",
  ];
  await first.terminate();
  // Of other passwords, so neither takes the other's adverts: both are masters.
  const plans = [{ node: a, word: "one" }, { node: b, word: "two" }];
  for (const { node, word } of plans) {
    await new Router(lab, node, keepalived, { protocol, priority: 150, lines: locked(word) })
      .start();
  }
  const two = JSON.parse(await sniff.line(/two masters/));
  assert.equal(two.authentication, "PASS");
  sniff.signal("SIGINT");
  assert.equal((await sniff.ended()).code, 0);
}, skip === undefined ? {} : { skip });
