/**
 * `AGENT_CHECK` on virtual time: weight, drain, up and down as a program on the server says, what
 * happens when it says nothing or rubbish, and what is left of its words after a restart.
 */
import assert from "node:assert/strict";
import { milliseconds, seconds } from "../../lib/base/mod.ts";
import { modelOf } from "../support/model.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

const agent = "192.0.2.1:9999";

/** A server of weight 20 with an agent, and one of weight 20 without. */
function textOf(words = "", outside = ""): string {
  return `virtual_server 10.0.0.80 80 {
    protocol TCP
    lvs_sched wrr
    lvs_method DR
    delay_loop 10
    ${outside}
    real_server 192.0.2.1 80 {
      weight 20
      @standin AGENT_CHECK {
      @standin   connect_port 9999
      @standin   delay_loop 2
      @standin   warmup 0
      ${words}
      @standin }
    }
    real_server 192.0.2.2 80 {
      weight 20
    }
  }\n`;
}

function begin(line: string, text = textOf()): Story {
  const story = new Story("a");
  says(story, line);
  story.startWith("a", modelOf(text));
  return story;
}

function says(story: Story, line: string): void {
  story.node("a").balancer.agents.set(agent, line);
}

/** The weight of the server with the agent in the kernel; "gone" when it is not there. */
function weight(story: Story): string {
  const line = story.node("a").balancer.lines().find((one) => one.includes("> 192.0.2.1:"));
  return line?.replace(/.*weight /, "") ?? "gone";
}

for (
  const [line, expected] of [
    ["75%", "15"],
    ["1%", "1"],
    ["0%", "0"],
    ["150% up", "30"],
    ["up ready 50%", "10"],
    ["UP,READY\t50%\r", "10"],
    ["drain", "0"],
    ["drain 75%", "0"],
    ["maint", "gone"],
    ["down", "gone"],
    ["fail", "gone"],
    ["stopped#for the night, 75% of it", "gone"],
    ["50% # up and down", "10"],
    ["maxconn:30", "20"],
    ["", "20"],
    ["hello 75 % constructor", "20"],
    ["75%%", "20"],
  ] as const
) {
  test(`an agent that says ${JSON.stringify(line)} makes weight 20 ${expected}`, () => {
    const story = begin(line);
    story.run(milliseconds(1100));
    assert.equal(weight(story), expected);
  });
}

test("what a line does not speak of stays as it was", () => {
  const story = begin("50%");
  const seen = ["drain", "up", "ready", "down#disk", "75%", "up", "maint", "100%", "ready"]
    .map((line) => {
      story.run(milliseconds(1900));
      says(story, line);
      story.run(seconds(2));
      return weight(story);
    });
  assert.deepEqual(seen, ["0", "0", "10", "gone", "gone", "15", "gone", "gone", "20"]);
  const told = story.tells("a", "server-changed").map(({ up, detail }) => [up, detail]);
  assert.deepEqual(told, [[false, "the agent says down: disk"], [true, undefined]]);
  const standings = story.tells("a", "server-overridden").map(({ state, by }) => `${state} ${by}`);
  assert.deepEqual(standings, [
    "drained its agent",
    "as configured its agent",
    "disabled its agent",
    "as configured its agent",
  ]);
});

for (const answer of ["refused", "silent", "mute"] as const) {
  test(`an agent that is ${answer} changes nothing, and is asked again`, () => {
    const story = begin("down", textOf("", "connect_timeout 1"));
    story.run(seconds(2));
    assert.equal(weight(story), "gone");
    says(story, "50% up");
    story.run(seconds(4));
    assert.equal(weight(story), "10");
    story.node("a").balancer.servers.set(agent, answer);
    story.run(seconds(30));
    assert.equal(weight(story), "10");
    const [told] = story.tells("a", "agent-silent");
    assert.match(told?.detail ?? "", /refused|no connection within 1 s|no whole answer within 1 s/);
    assert.equal(story.tells("a", "agent-silent").length, 1);
    const server = story.node("a").snapshot()?.virtualServers[0]?.realServers[0];
    assert.deepEqual([server?.up, server?.checks[0]?.failure], [true, told?.detail]);
    story.node("a").balancer.servers.delete(agent);
    says(story, "100%");
    story.run(seconds(4));
    assert.equal(weight(story), "20");
  });
}

test("alpha: a server waits for its agent, whatever that says first", () => {
  const story = begin("75%", textOf("@standin alpha"));
  assert.equal(weight(story), "gone");
  story.run(milliseconds(1100));
  assert.equal(weight(story), "15");
});

test("an agent is obeyed at once, whatever retry and rise are around it", () => {
  const story = begin("up", textOf("", "retry 5\n rise 3\n delay_before_retry 5"));
  story.run(seconds(2));
  says(story, "down");
  story.run(seconds(2));
  assert.equal(weight(story), "gone");
  says(story, "up");
  story.run(seconds(2));
  assert.equal(weight(story), "20");
});

test("what an agent said holds over a reload and a restart", () => {
  const story = begin("drain");
  story.run(seconds(2));
  story.reload("a", modelOf(textOf("@standin connect_timeout 3")));
  assert.equal(weight(story), "0");
  story.crash("a");
  story.node("a").balancer.servers.set(agent, "refused");
  story.startWith("a", modelOf(textOf()));
  story.run(seconds(5));
  assert.equal(weight(story), "0");
});

test("what an agent said ends with it: another check in its place would never take it back", () => {
  const other = modelOf(
    textOf().replace(/@standin AGENT_CHECK[^]*?}/, "TCP_CHECK {\n}"),
  );
  for (const line of ["drain", "maint", "50%"]) {
    const story = begin(line);
    story.run(seconds(3));
    assert.notEqual(weight(story), "20");
    story.reload("a", other);
    assert.equal(weight(story), "20", `${line}, reload`);
    const again = begin(line);
    again.run(seconds(3));
    again.crash("a");
    again.startWith("a", other);
    again.run(milliseconds(100));
    assert.equal(weight(again), "20", `${line}, restart`);
  }
});

test("an agent is asked with what the file says", () => {
  const words = '@standin send "how are\\tyou\\r\\n"';
  const check = modelOf(textOf(words)).checks[0];
  assert.deepEqual(
    check?.subject.kind === "agent" && check.subject.send,
    "how are\tyou\r\n",
  );
});
