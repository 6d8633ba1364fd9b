/**
 * Virtual servers as trackers: without a quorum a router is worth less, or is in FAULT, so the
 * address goes to the node whose servers answer.
 */
import assert from "node:assert/strict";
import { milliseconds, seconds } from "../../lib/base/mod.ts";
import { instance, modelOf } from "../support/model.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

const service = "virtual_server 10.0.0.100 80 {\nprotocol TCP\nlvs_sched rr\nlvs_method NAT\n" +
  "delay_loop 2\nreal_server 192.0.2.1 80 {\nTCP_CHECK { retry 0 \n warmup 0 }\n}\n}\n";

function begin(line: string, more = ""): Story {
  const story = new Story("a b");
  const router = `priority 100\n${more}\ntrack_virtual_server {\n ${line}\n}`;
  story.startWith("a", modelOf(service + instance(router)));
  story.startWith("b", modelOf(instance("priority 90")));
  story.run(seconds(6));
  return story;
}

function look(story: Story): readonly [state: string | undefined, priority: number | undefined] {
  const [found] = story.node("a").snapshot()?.instances ?? [];
  return [found?.state, found?.effectivePriority];
}

test("a weight counts while the quorum is there, or is not", () => {
  for (
    const [line, up, down] of [
      ['"10.0.0.100:80 TCP" weight -20', 100, 80],
      ["10.0.0.100:80 weight 20", 120, 100],
      ["10.0.0.100:80 weight -20 reverse", 100, 120],
    ] as const
  ) {
    const story = begin(line);
    assert.deepEqual(look(story), ["MASTER", up], line);
    story.node("a").balancer.servers.set("192.0.2.1:80", "refused");
    story.run(seconds(10));
    assert.deepEqual(look(story), [down < 90 ? "BACKUP" : "MASTER", down], line);
    story.node("a").balancer.servers.delete("192.0.2.1:80");
    story.run(seconds(10));
    assert.deepEqual(look(story), ["MASTER", up], line);
  }
});

test("without a weight a lost quorum is a FAULT, from the start or later", () => {
  const story = begin("10.0.0.100:80");
  assert.equal(look(story)[0], "MASTER");
  const { servers } = story.node("a").balancer;
  servers.set("192.0.2.1:80", "refused");
  story.run(milliseconds(3500));
  assert.equal(look(story)[0], "FAULT");
  assert.match(story.node("a").snapshot()?.instances[0]?.faults.join() ?? "", /10\.0\.0\.100:80/);
  story.reload("a", modelOf(service + instance("priority 100")));
  story.run(seconds(10));
  assert.equal(look(story)[0], "MASTER");
  // The quorum that is lost already counts for who asks later.
  const lines = "priority 100\ntrack_virtual_server {\n 10.0.0.100:80\n}";
  story.reload("a", modelOf(service + instance(lines)));
  assert.equal(look(story)[0], "FAULT");
});
