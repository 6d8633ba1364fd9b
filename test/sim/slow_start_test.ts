/**
 * What keepalived does not have, on virtual time: a server that comes up gets its weight little by
 * little; it may have to succeed more than once; and while there is doubt it is asked more often.
 */
import assert from "node:assert/strict";
import { milliseconds, seconds } from "../../lib/base/mod.ts";
import { modelOf } from "../support/model.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

function begin(ofServer: string, ofCheck = "", weight = 50, ofService = ""): Story {
  const check = `TCP_CHECK { retry 2 \n delay_before_retry 5 \n warmup 0 \n ${ofCheck} }`;
  const servers = [1, 2].map((number) =>
    `real_server 192.0.2.${number} 80 { weight ${weight}\n${ofServer}\n${check} }\n`
  );
  const story = new Story("a");
  story.startWith(
    "a",
    modelOf(
      "virtual_server 10.0.0.80 80 {\nprotocol TCP\nlvs_sched wrr\nlvs_method NAT\n" +
        `delay_loop 10\nquorum ${weight}\n${ofService}\n${servers.join("")}}\n`,
    ),
  );
  story.run(milliseconds(1500));
  return story;
}

function weightOf(story: Story, number: number): number | undefined {
  const start = `10.0.0.80:80 > 192.0.2.${number}:80 weight `;
  const line = story.node("a").balancer.lines().find((one) => one.startsWith(start));
  return line === undefined ? undefined : Number(line.slice(start.length));
}

/** Runs until the second server has a weight, or has none any more; answers after which time. */
function until(story: Story, there: boolean): number {
  let steps = 0;
  while ((weightOf(story, 2) !== undefined) !== there) {
    story.run(milliseconds(100));
    assert.ok(++steps < 2000);
  }
  return steps / 10;
}

test("slow_start: a server that comes up gets its weight in tenths", () => {
  const story = begin("slow_start 20");
  const { servers } = story.node("a").balancer;
  // It was up from the start, and begins with all of it.
  assert.equal(weightOf(story, 2), 50);
  servers.set("192.0.2.2:80", "refused");
  until(story, false);
  servers.delete("192.0.2.2:80");
  until(story, true);
  const seen = [weightOf(story, 2)];
  for (let second = 0; second < 22; second++) {
    story.run(seconds(1));
    const weight = weightOf(story, 2);
    if (weight !== seen.at(-1)) seen.push(weight);
  }
  assert.deepEqual(seen, [5, 10, 15, 20, 25, 30, 35, 40, 45, 50]);
  assert.equal(story.tells("a", "quorum-changed").length, 1);
});

test("slow_start: a server that fails on its way begins anew, and a weight of 1 is whole", () => {
  const story = begin("", "", 50, "slow_start 20");
  const { servers } = story.node("a").balancer;
  for (let round = 0; round < 2; round++) {
    servers.set("192.0.2.2:80", "refused");
    until(story, false);
    servers.delete("192.0.2.2:80");
    until(story, true);
    assert.equal(weightOf(story, 2), 5);
    story.run(seconds(9));
    assert.equal(weightOf(story, 2), 25);
  }
  const light = begin("", "", 1, "slow_start 20");
  light.node("a").balancer.servers.set("192.0.2.2:80", "refused");
  until(light, false);
  light.node("a").balancer.servers.delete("192.0.2.2:80");
  until(light, true);
  assert.equal(weightOf(light, 2), 1);
});

test("rise: a server is up when it succeeded often enough in a row", () => {
  // Of the innermost that says it.
  for (
    const story of [
      begin("rise 9", "rise 3"),
      begin("rise 3", "", 50, "rise 9"),
      begin("", "", 50, "rise 3"),
    ]
  ) {
    const { servers } = story.node("a").balancer;
    servers.set("192.0.2.2:80", "refused");
    until(story, false);
    servers.delete("192.0.2.2:80");
    const slow = until(story, true);
    assert.ok(slow > 25 && slow <= 31, `${slow}`);
  }
});

test("fastinter: while there is doubt it is asked more often", () => {
  doubted(begin("", "rise 3 \n fastinter 0.5"));
  doubted(begin("rise 3 \n fastinter 0.5", "", 50, "fastinter 7"));
  doubted(begin("", "", 50, "rise 3 \n fastinter 0.5"));
});

function doubted(story: Story): void {
  const { servers, connections } = story.node("a").balancer;
  servers.set("192.0.2.2:80", "refused");
  const fails = until(story, false);
  // Looked at after 11 s; twice more, half a second apart, instead of five seconds.
  assert.ok(fails < 11.2, `${fails}`);
  // Down for sure: the usual interval again.
  connections.length = 0;
  story.run(seconds(25));
  const asked = connections.filter((place) => place === "192.0.2.2:80").length;
  assert.ok(asked === 2 || asked === 3, `${asked}`);
  servers.delete("192.0.2.2:80");
  const quick = until(story, true);
  assert.ok(quick <= 11.2, `${quick}`);
}
