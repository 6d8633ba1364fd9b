/**
 * Unicast: adverts go to named routers, one copy to each, and nobody else takes part; elections,
 * crashes and priority 0 are as with multicast. The same file serves all nodes: a node leaves
 * itself out.
 */
import assert from "node:assert/strict";
import { type Duration, seconds } from "../../lib/base/mod.ts";
import type { InstancePlan, UnicastPlan } from "../../lib/vrrp/mod.ts";
import { ip, router, type RouterWords } from "../support/plan.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

const kinds = [
  { version: 2, family: "ipv4" },
  { version: 3, family: "ipv4" },
  { version: 3, family: "ipv6" },
] as const;

type Kind = typeof kinds[number];

/** Peers by their numbers on the lan. */
function peers(family: Kind["family"], ...numbers: readonly number[]): UnicastPlan["peers"] {
  return numbers.map((number) => ({
    address: ip(family === "ipv4" ? `10.0.0.${number}` : `fe80::${number}`),
    minTtl: 0,
    maxTtl: 255,
  }));
}

function unicast(list: UnicastPlan["peers"], rest: Partial<UnicastPlan> = {}): UnicastPlan {
  return { peers: list, checkSource: false, oldChecksum: "detect", ...rest };
}

/** One router of three nodes that have one list of peers. */
function member(kind: Kind, priority: number, rest: RouterWords = {}): InstancePlan {
  return router({ ...kind, priority, unicast: unicast(peers(kind.family, 1, 2, 3)), ...rest });
}

function threeNodes(kind: Kind, settle: Duration): Story {
  const story = new Story("a b c");
  story.start("a", member(kind, 150));
  story.start("b", member(kind, 120));
  story.start("c", member(kind, 100));
  story.run(settle);
  return story;
}

for (const kind of kinds) {
  const name = `version ${kind.version} over ${kind.family}`;

  test(`${name}: the best of the peers is master, one copy goes to each other node`, () => {
    const story = threeNodes(kind, seconds(10));
    story.expect("a MASTER", "b BACKUP", "c BACKUP");
    const since = story.now();
    story.run(seconds(10));
    assert.equal(story.adverts("a", since).length, 20);
    const expected = kind.family === "ipv4" ? ["10.0.0.2", "10.0.0.3"] : ["fe80::2", "fe80::3"];
    const destinations = new Set(story.adverts("a", since).map(({ destination }) => destination));
    assert.deepEqual([...destinations], expected);
    assert.deepEqual([story.adverts("b", since), story.adverts("c", since)], [[], []]);
    assert.equal(story.counter("b", "advertReceived") > 0, true);
    assert.equal(story.counter("a", "ownAdvertReceived"), 0);
  });

  test(`${name}: the next best takes over after a crash and gives way again`, () => {
    const story = threeNodes(kind, seconds(10));
    story.crash("a");
    story.runUntil("b", "MASTER");
    story.run(seconds(10));
    story.expect("b MASTER", "c BACKUP");
    story.start("a", member(kind, 150));
    story.run(seconds(10));
    story.expect("a MASTER", "b BACKUP", "c BACKUP");
    const goodbye = story.now();
    story.stop("a");
    story.runUntil("b", "MASTER");
    assert.ok(story.now() - goodbye < seconds(1), "priority 0 was heard");
    assert.equal(story.adverts("a", goodbye).every(({ priority }) => priority === 0), true);
  });
}

test("routers of one VRID with other peers and with multicast do not disturb each other", () => {
  const story = new Story("a b c d");
  const kind = kinds[1];
  const pair = (...numbers: readonly number[]): UnicastPlan => unicast(peers("ipv4", ...numbers));
  const first = { name: "one", vips: ["10.0.0.101/24"] };
  const other = { name: "two", vips: ["10.0.0.102/24"] };
  const group = { name: "all", vips: ["10.0.0.103/24"] };
  story.start(
    "a",
    member(kind, 150, { ...first, unicast: pair(1, 2) }),
    member(kind, 100, { ...other, unicast: pair(3) }),
    router({ ...group, priority: 100 }),
  );
  story.start("b", member(kind, 100, { ...first, unicast: pair(1, 2) }));
  story.start("c", member(kind, 150, { ...other, unicast: pair(1) }));
  story.start("d", router({ ...group, priority: 150 }));
  story.run(seconds(20));
  story.expect("a one MASTER", "b one BACKUP", "a two BACKUP", "c two MASTER");
  story.expect("a all BACKUP", "d all MASTER");
});

test("an address that a node gets makes it leave that peer out", () => {
  const story = new Story("a b");
  const kind = kinds[1];
  story.start("a", member(kind, 150, { unicast: unicast(peers("ipv4", 2, 9)) }));
  story.start("b", member(kind, 100));
  story.run(seconds(10));
  const shown = (): unknown => story.node("a").snapshot()?.instances[0]?.unicastPeers;
  assert.deepEqual(shown(), [
    { address: "10.0.0.2", self: false },
    { address: "10.0.0.9", self: false },
  ]);
  story.address("a", "10.0.0.9/24", "eth1");
  assert.deepEqual(shown(), [
    { address: "10.0.0.2", self: false },
    { address: "10.0.0.9", self: true },
  ]);
  const since = story.now();
  story.run(seconds(3));
  assert.ok(story.adverts("a", since).every(({ destination }) => destination === "10.0.0.2"));
});

test("a router without an interface elects by its source address", () => {
  const story = new Story("a b");
  const without = (number: number, priority: number): InstancePlan =>
    router({
      interfaceName: "",
      priority,
      vips: [],
      excludedAddresses: [],
      sourceAddress: ip(`10.0.0.${number}`),
      unicast: unicast(peers("ipv4", 1, 2)),
    });
  story.start("a", without(1, 150));
  story.start("b", without(2, 100));
  story.run(seconds(10));
  story.expect("a MASTER", "b BACKUP");
  story.crash("a");
  story.runUntil("b", "MASTER");
});

test("no peers is a fault where the configuration says so", () => {
  const story = new Story("a");
  story.start("a", member(kinds[0], 150, { unicast: unicast([]) }));
  story.run(seconds(20));
  story.expect("a FAULT");
  assert.deepEqual(story.node("a").snapshot()?.instances[0]?.faults, ["it has no unicast peers"]);
});

for (const kind of kinds) {
  test(`version ${kind.version} over ${kind.family}: after a fault the source is announced`, () => {
    const story = threeNodes(kind, seconds(10));
    const own = kind.family === "ipv4" ? "10.0.0.3" : "fe80::3";
    const calls = (since: number): number =>
      story.announcements("c", since).filter(({ address }) => address === own).length;
    assert.equal(calls(0), 0, "there was no fault yet");
    story.down("c");
    story.run(seconds(5));
    const since = story.now();
    story.up("c");
    story.run(seconds(5));
    assert.equal(calls(since), 1);
  });
}
