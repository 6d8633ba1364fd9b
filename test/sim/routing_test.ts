/**
 * Routes and rules that somebody else deletes: the master steps down and stands again, puts them
 * back where that is asked for, and does not care where that is said; static ones come back by
 * themselves. The same when the kernel's tables are read anew after events were lost.
 */
import assert from "node:assert/strict";
import { seconds } from "../../lib/base/mod.ts";
import type { EngineEvent } from "../../lib/engine/mod.ts";
import { routeLine, type RoutePlan, ruleLine, type RulePlan } from "../../lib/vrrp/mod.ts";
import { instance, modelOf } from "../support/model.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

const route = "10.60.0.0/24 via 10.0.0.9 dev eth0";
const rule = "from 10.61.0.0/24 table 7 preference 100";

type Event<K extends EngineEvent["kind"]> = Extract<EngineEvent, { kind: K }>;

/** A master with a route and a rule, and static ones of the same kinds. */
function master(lines = "", word = ""): Story {
  const text = "static_routes {\n10.62.0.0/24 dev eth1\n}\n" +
    "static_rules {\nto 10.63.0.0/24 table 7 preference 200\n}\n" +
    instance(
      `priority 100\n${lines}\nvirtual_routes {\n${route} ${word}\n}\n` +
        `virtual_rules {\n${rule} ${word}\n}`,
    );
  const story = new Story("a b");
  story.startWith("a", modelOf(text));
  story.runUntil("a", "MASTER");
  story.run(seconds(1));
  assert.equal(tables(story).length, 4);
  return story;
}

function tables(story: Story): string[] {
  return [...story.node("a").kernel.routing].sort();
}

function plans(story: Story): { routes: readonly RoutePlan[]; rules: readonly RulePlan[] } {
  const { model } = story.node("a");
  assert.ok(model !== undefined);
  const { statics, instances: [own] } = model;
  assert.ok(own !== undefined);
  return { routes: [...own.routes, ...statics.routes], rules: [...own.rules, ...statics.rules] };
}

/** What the kernel says of a route. */
function messageOf(story: Story, plan: RoutePlan): Event<"route-gone">["route"] {
  const { family, kind, destination, tos, table, metric = 0 } = plan;
  const ifIndex = story.node("a").kernel.link(plan.device ?? "")?.ifIndex;
  const words = { family, kind, destination, tos, table, metric };
  return ifIndex === undefined ? words : { ...words, ifIndex };
}

/** Somebody deletes what stands at this place among all routes, or rules. */
function loses(story: Story, what: "route" | "rule", at: number): void {
  const node = story.node("a");
  const { routes, rules } = plans(story);
  const [lostRoute, lostRule] = [routes[at], rules[at]];
  assert.ok(lostRoute !== undefined && lostRule !== undefined);
  if (what === "route") {
    node.kernel.deleteRouting(`route ${routeLine(lostRoute)}`);
    node.feed({ kind: "route-gone", route: messageOf(story, lostRoute) });
  } else {
    node.kernel.deleteRouting(`rule ${ruleLine(lostRule)}`);
    node.feed({ kind: "rule-gone", rule: lostRule });
  }
}

for (const what of ["route", "rule"] as const) {
  test(`a master whose ${what} is deleted steps down, and has it again when it returns`, () => {
    const story = master();
    const before = tables(story);
    const from = story.now();
    loses(story, what, 0);
    story.expect("a BACKUP");
    assert.equal(story.adverts("a", from).at(-1)?.priority, 0);
    assert.deepEqual(tables(story).length, 2, "static ones stay");
    story.runUntil("a", "MASTER");
    assert.deepEqual(tables(story), before);
    assert.equal(story.counter("a", "externalDeletions"), 1);
  });

  test(`on_external_delete restore: a ${what} that is deleted is put back at once`, () => {
    const story = master("on_external_delete restore");
    const before = tables(story);
    for (let time = 1; time <= 3; time++) {
      loses(story, what, 0);
      story.expect("a MASTER");
      assert.deepEqual(tables(story), before);
      assert.equal(story.counter("a", "externalDeletions"), time);
    }
    assert.equal(story.tells("a", "put-back").length, 3);
  });

  test(`no_track: nobody minds that a ${what} is deleted`, () => {
    const story = master("", "no_track");
    loses(story, what, 0);
    story.run(seconds(5));
    story.expect("a MASTER");
    assert.equal(tables(story).length, 3);
    assert.equal(story.counter("a", "externalDeletions"), 0);
  });

  test(`a static ${what} that is deleted comes back, and no router minds`, () => {
    const story = master();
    const before = tables(story);
    loses(story, what, 1);
    assert.deepEqual(tables(story), before);
    story.expect("a MASTER");
  });
}

test("what is missing when the tables are read anew was deleted by somebody", () => {
  const story = master("on_external_delete restore");
  const node = story.node("a");
  const before = tables(story);
  const { routes: [first, ...routes], rules } = plans(story);
  assert.ok(first !== undefined);
  node.kernel.deleteRouting(`route ${routeLine(first)}`);
  const { links, addresses } = node.kernel.tables() as Event<"kernel-tables">;
  const routing = { routes: routes.map((plan) => messageOf(story, plan)), rules };
  node.feed({ kind: "kernel-tables", links, addresses, routing });
  assert.deepEqual(tables(story), before);
  assert.equal(story.counter("a", "externalDeletions"), 1);
  story.expect("a MASTER");
});

test("an interface that comes back has its static route again", () => {
  const story = master();
  const before = tables(story);
  story.down("a", "eth1");
  story.node("a").kernel.deleteRouting("route 10.62.0.0/24 dev eth1");
  assert.equal(tables(story).length, 3);
  story.up("a", "eth1");
  assert.deepEqual(tables(story), before);
});
