/**
 * BFD sessions as trackers (behaviour 4.31): weights of the session and of the line that uses it,
 * groups, who is told, and a failover that does not wait for the adverts to be missed.
 */
import assert from "node:assert/strict";
import { seconds } from "../../lib/base/mod.ts";
import { instance, modelOf } from "../support/model.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

function session(neighbor: string, lines = ""): string {
  return `bfd_instance peer {\n neighbor_ip ${neighbor}\n ${lines}\n}\n`;
}

function tracks(words = ""): string {
  return `track_bfd {\n peer ${words}\n}`;
}

/** Node a with its text; node b has the other end of the session. */
function beside(text: string): Story {
  const story = new Story("a b");
  story.startWith("a", modelOf(text));
  story.startWith("b", modelOf(session("10.0.0.1")));
  return story;
}

function effective(story: Story, name = "a"): number | undefined {
  return story.node(name).snapshot()?.instances[0]?.effectivePriority;
}

for (
  const [defined, line, whenUp, whenDown] of [
    ["weight 20", "", 120, 100],
    ["weight -20", "", 100, 80],
    ["weight 20 reverse", "", 80, 100],
    ["weight -20 reverse", "", 100, 120],
    ["weight 20", "weight 30", 130, 100],
    ["weight 20 reverse", "weight 30", 70, 100],
    ["weight 20 reverse", "weight 30 noreverse", 130, 100],
    ["weight 20", "weight 30 reverse", 70, 100],
    ["weight 20\n vrrp", "", 120, 100],
    ["weight 20\n vrrp\n checker", "", 120, 100],
  ] as const
) {
  const name = `"${defined.replace(/\n/g, ",")}", tracked with "${line}"`;
  test(`a session with ${name} is worth ${whenUp} when up, ${whenDown} when down`, () => {
    const story = beside(
      session("10.0.0.2", defined) + instance(`priority 100\n${tracks(line)}`),
    );
    assert.equal(effective(story), whenDown, "down until it was up");
    story.run(seconds(3));
    assert.equal(effective(story), whenUp);
    story.crash("b");
    story.run(seconds(1));
    assert.equal(effective(story), whenDown);
  });
}

test("a session of a group fails all members", () => {
  const group = `vrrp_sync_group G {\n group {\n VI_1\n VI_2\n }\n ${tracks()}\n}\n`;
  const members = instance("priority 100") + instance("priority 100", { name: "VI_2", id: 52 });
  const story = beside(session("10.0.0.2") + group + members);
  const states = (): unknown => story.node("a").snapshot()?.instances.map(({ state }) => state);
  assert.deepEqual(states(), ["FAULT", "FAULT"]);
  story.run(seconds(10));
  assert.deepEqual(states(), ["MASTER", "MASTER"]);
  story.crash("b");
  story.run(seconds(1));
  assert.deepEqual(states(), ["FAULT", "FAULT"]);
});

test("a reload keeps what is known of a session, and takes another weight at once", () => {
  const text = (weight: number): string =>
    session("10.0.0.2", `weight ${weight}`) + instance(`priority 100\n${tracks()}`);
  const story = beside(text(20));
  story.run(seconds(3));
  assert.equal(effective(story), 120);
  story.reload("a", modelOf(text(40)));
  assert.equal(effective(story), 140);
  assert.equal(story.node("a").snapshot()?.bfdSessions[0]?.counters.wentDown, 0);
});

test("a master that loses its gateway hands over before adverts could be missed", () => {
  const story = new Story("a b c");
  const node = (priority: number): string =>
    session("10.0.0.3") + instance(`priority ${priority}\nadvert_int 1\n${tracks()}`);
  story.startWith("a", modelOf(node(200)));
  story.startWith("b", modelOf(node(150)));
  const ends = session("10.0.0.1") + session("10.0.0.2").replace("peer", "other");
  story.startWith("c", modelOf(ends));
  story.run(seconds(12));
  story.expect("a MASTER", "b BACKUP");
  const since = story.now();
  story.part("a", "c");
  story.run(seconds(2));
  story.expect("a FAULT", "b MASTER");
  const took = (name: string): number => {
    for (const entry of story.host.entries) {
      if (entry.kind !== "told" || entry.node !== name || entry.at < since) continue;
      if (entry.tell.kind === "transition") return entry.at - since;
    }
    return Infinity;
  };
  // Five packets of 10 ms, and then the skew of priority 150 after an advert of priority 0.
  assert.ok(took("a") <= 51_000, `a took ${took("a")} µs`);
  const skew = 1_000_000 * (256 - 150) / 256;
  assert.ok(took("b") <= 51_000 + skew + 5_000, `b took ${took("b")} µs`);
});
