/**
 * What people say of servers while the daemon runs, on virtual time: it counts at once, over what
 * checks say; a reload takes it back, unless it was to persist, which a restart does not end.
 */
import assert from "node:assert/strict";
import { seconds } from "../../lib/base/mod.ts";
import type { OverrideAction } from "../../lib/engine/mod.ts";
import { modelOf } from "../support/model.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

function service(port: number): string {
  const servers = [1, 2].map((number) =>
    `real_server 192.0.2.${number} 80 { weight 5\nTCP_CHECK { retry 0 \n warmup 0 } }\n`
  );
  return `virtual_server 10.0.0.80 ${port} {\nprotocol TCP\nlvs_sched rr\nlvs_method NAT\n` +
    `delay_loop 10\nquorum 5\nsorry_server 192.0.2.9 80\n${servers.join("")}}\n`;
}

const text = service(80) + service(81);

function begin(): Story {
  const story = new Story("a");
  story.startWith("a", modelOf(text));
  story.run(seconds(2));
  return story;
}

function say(
  story: Story,
  action: OverrideAction,
  more: { server?: string; virtualServer?: string; persist?: boolean } = {},
): void {
  const { server = "192.0.2.1:80", persist = false, ...of } = more;
  story.node("a").feed({ kind: "override-server", server, action, persist, ...of });
}

/** Weights of the destinations of a port, by the last part of their addresses. */
function weights(story: Story, port = 80): Record<string, number> {
  const found = story.node("a").balancer.lines().flatMap((line) => {
    const [, last, weight] =
      new RegExp(`^10.0.0.80:${port} > 192.0.2.(\\d):80 weight (\\d+)`).exec(line) ?? [];
    return last === undefined ? [] : [[last, Number(weight)] as const];
  });
  return Object.fromEntries(found);
}

test("a drained server has weight 0, a disabled one is out, and enable undoes both", () => {
  const story = begin();
  say(story, { kind: "drain" });
  assert.deepEqual([weights(story), weights(story, 81)], [{ 1: 0, 2: 5 }, { 1: 0, 2: 5 }]);
  say(story, { kind: "disable" });
  assert.deepEqual(weights(story), { 2: 5 });
  const [shown] = story.node("a").snapshot()?.virtualServers[0]?.realServers ?? [];
  assert.deepEqual(shown?.override, { state: "disabled", persistent: false });
  // It is still looked at, and it is up.
  assert.equal(shown?.up, true);
  say(story, { kind: "enable" });
  assert.deepEqual(weights(story), { 1: 5, 2: 5 });
  const states = story.tells("a", "server-overridden").map(({ state }) => state);
  assert.deepEqual(states.filter((_, index) => index % 2 === 0), [
    "drained",
    "disabled",
    "as configured",
  ]);
});

test("a weight holds for one virtual server where that is said, and enable leaves it", () => {
  const story = begin();
  say(story, { kind: "weight", weight: 2 }, { virtualServer: "10.0.0.80:81" });
  assert.deepEqual([weights(story), weights(story, 81)], [{ 1: 5, 2: 5 }, { 1: 2, 2: 5 }]);
  say(story, { kind: "drain" }, { server: "192.0.2.1" });
  assert.deepEqual(weights(story, 81), { 1: 0, 2: 5 });
  say(story, { kind: "enable" });
  assert.deepEqual(weights(story, 81), { 1: 2, 2: 5 });
  say(story, { kind: "reset" });
  assert.deepEqual(weights(story, 81), { 1: 5, 2: 5 });
});

test("what is said counts for the quorum, and checks go on counting", () => {
  const story = begin();
  say(story, { kind: "drain" });
  say(story, { kind: "disable" }, { server: "192.0.2.2:80" });
  assert.deepEqual(weights(story), { 9: 1 });
  say(story, { kind: "reset" }, { server: "192.0.2.2:80" });
  assert.deepEqual(weights(story), { 1: 0, 2: 5 });
  story.node("a").balancer.servers.set("192.0.2.1:80", "refused");
  story.run(seconds(15));
  assert.deepEqual(weights(story), { 2: 5 });
});

test("a reload takes it back, unless it is to persist", () => {
  const story = begin();
  say(story, { kind: "drain" });
  say(story, { kind: "weight", weight: 6 }, { server: "192.0.2.2:80", persist: true });
  assert.deepEqual(weights(story), { 1: 0, 2: 6 });
  story.reload("a", modelOf(text));
  assert.deepEqual(weights(story), { 1: 5, 2: 6 });
  const { balancer } = story.node("a");
  const virtualServers = balancer.kept.map(({ virtualServer }) => virtualServer);
  assert.deepEqual(virtualServers, ["10.0.0.80:80 TCP", "10.0.0.80:81 TCP"]);
  say(story, { kind: "reset" }, { server: "192.0.2.2:80" });
  assert.deepEqual([weights(story), balancer.kept], [{ 1: 5, 2: 5 }, []]);
});

test("what persists is there from the first moment of the next run", () => {
  const story = begin();
  const kept = { virtualServer: "10.0.0.80:80 TCP", server: "192.0.2.1:80", persistent: true };
  const other = new Story("a");
  other.startWith("a", modelOf(""));
  other.node("a").feed({ kind: "overrides-kept", overrides: [{ ...kept, state: "disabled" }] });
  other.reload("a", modelOf(text));
  assert.deepEqual([weights(story), weights(other)], [{ 1: 5, 2: 5 }, { 2: 5 }]);
  assert.ok(!other.node("a").balancer.steps.some((step) => step.includes("0.80:80 192.0.2.1")));
});
