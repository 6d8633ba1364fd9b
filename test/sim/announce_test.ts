/**
 * When a master tells the network where its addresses are: bursts, pauses and refreshes of
 * gratuitous ARP and neighbour advertisements, each packet counted.
 */
import assert from "node:assert/strict";
import { milliseconds, seconds } from "../../lib/base/mod.ts";
import type { AnnouncePlan } from "../../lib/vrrp/mod.ts";
import { decodeEthernet, decodeIpv6, decodeNeighborAdvertisement } from "../../lib/wire/mod.ts";
import { configuration, router } from "../support/plan.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

/** Seconds after the takeover at which announcements were sent, each with how many. */
function bursts(story: Story, rose: number, name = "a"): [number, number][] {
  const counts = new Map<number, number>();
  for (const { at } of story.announcements(name, rose)) {
    const second = (at - rose) / 1_000_000;
    counts.set(second, (counts.get(second) ?? 0) + 1);
  }
  return [...counts];
}

for (
  const { name, announce, expected } of [
    {
      name: "five at once and five more after five seconds",
      announce: {},
      expected: [[0, 5], [5, 5]],
    },
    {
      name: "no second burst without garp_master_delay",
      announce: { masterDelay: seconds(0), masterRepeat: 3 },
      expected: [[0, 3]],
    },
    {
      name: "refreshes from delay and refresh on",
      announce: { refresh: seconds(10), refreshRepeat: 2 },
      expected: [[0, 5], [5, 5], [15, 2], [25, 2], [35, 2]],
    },
    {
      name: "refreshes without a second burst",
      announce: { masterDelay: seconds(0), masterRepeat: 1, refresh: seconds(15) },
      expected: [[0, 1], [15, 1], [30, 1]],
    },
  ] satisfies { name: string; announce: Partial<AnnouncePlan>; expected: [number, number][] }[]
) {
  test(`a new master announces each address: ${name}`, () => {
    const story = new Story("a");
    story.start("a", router({ announce }));
    const rose = story.runUntil("a", "MASTER");
    story.run(seconds(40));
    assert.deepEqual(bursts(story, rose), expected);
    assert.equal(story.counter("a", "gratuitousArpSent"), story.announcements("a").length);
  });
}

test("nothing is announced any more after the role is lost", () => {
  const story = new Story("a b");
  story.start("a", router({ priority: 100 }));
  const rose = story.runUntil("a", "MASTER");
  story.start("b", router({ priority: 255 }));
  story.run(seconds(40));
  assert.deepEqual(bursts(story, rose), [[0, 5]]);
});

test("an advert of lower priority does not take the second burst of a new master away", () => {
  const story = new Story("a b");
  story.cut("a", "b");
  const announce = { lowerPriorityRepeat: 1, lowerPriorityDelay: seconds(0) };
  story.start("b", router({ priority: 100 }));
  story.runUntil("b", "MASTER");
  story.start("a", router({ priority: 150, announce }));
  const rose = story.runUntil("a", "MASTER");
  story.run(seconds(6.5));
  const sent = story.adverts("b", rose).map(({ at }) => at);
  const total = story.announcements("a", rose).filter(({ at }) => at === rose + 5_000_000).length;
  assert.equal(total, 5);
  assert.equal(bursts(story, rose).length, sent.length + 2);
});

test("an advert of lower priority has its own second burst", () => {
  const story = new Story("a b");
  story.part("a", "b");
  const announce = { lowerPriorityRepeat: 2, lowerPriorityDelay: seconds(3) };
  story.start("a", router({ priority: 150, announce }));
  story.start("b", router({ priority: 100 }));
  // The segment heals just before an advert of b, and the answer to it makes b a backup.
  story.run(seconds(20.5));
  story.heal();
  const opened = story.now();
  story.run(seconds(20));
  story.expect("a MASTER", "b BACKUP");
  const heard = (story.adverts("b", opened)[0]?.at ?? 0) + 100;
  assert.deepEqual(bursts(story, heard), [[0, 2], [3, 2]]);
});

test("a second burst that was still to come is forgotten with the role", () => {
  const story = new Story("a b c");
  story.cut("a", "b");
  story.start("a", router({ priority: 150, announce: { lowerPriorityDelay: seconds(30) } }));
  story.start("b", router({ priority: 100 }));
  story.run(seconds(10));
  assert.ok(story.tells("a", "lower-priority-advert").length > 0);
  story.heal();
  story.start("c", router({ priority: 255 }));
  story.run(seconds(5));
  story.expect("a BACKUP");
  story.stop("c");
  const rose = story.runUntil("a", "MASTER");
  story.run(seconds(60));
  assert.deepEqual(bursts(story, rose), [[0, 5], [5, 5]]);
});

test("the members of a sync group announce their addresses together after a lower advert", () => {
  const story = new Story("a b");
  const members = (priority: number) => [
    router({ name: "in", priority }),
    router({ name: "out", interfaceName: "eth1", id: 52, priority, vips: ["10.1.0.100/24"] }),
  ];
  const model = (priority: number) => configuration(members(priority), { G: ["in", "out"] });
  story.cut("a", "b");
  story.startWith("a", model(150));
  story.startWith("b", configuration([members(100)[0] ?? router()]));
  story.run(seconds(20));
  const [lower] = story.adverts("b", 15_000_000);
  const heard = (lower?.at ?? 0) + 100;
  const announced = story.announcements("a", heard).filter(({ at }) => at === heard);
  assert.equal(announced.filter(({ address }) => address === "10.0.0.100").length, 5);
  assert.equal(announced.filter(({ address }) => address === "10.1.0.100").length, 5);
});

/** When announcements of a node were sent, in milliseconds after the first. */
function pace(story: Story, name = "a"): number[] {
  const times = story.announcements(name).map(({ at }) => at);
  return times.map((at) => (at - (times[0] ?? 0)) / 1000);
}

const gap = { interfaces: [], ipv4: milliseconds(100), ipv6: milliseconds(300) };

test("announcements wait for the gap of their interface and none is left out", () => {
  for (const [family, step] of [["ipv4", 100], ["ipv6", 300]] as const) {
    const story = new Story("a");
    const announce = { masterDelay: seconds(0), masterRepeat: 2 };
    const vips = family === "ipv4"
      ? ["10.0.0.100/24", "10.0.0.101/24"]
      : ["fe80::a/64", "fe80::b/64"];
    const model = configuration([router({ family, announce, vips })], {}, { announceGaps: [gap] });
    story.startWith("a", model);
    story.run(seconds(20));
    assert.deepEqual(pace(story), [0, step, 2 * step, 3 * step]);
    const told = story.announcements("a").map(({ address }) => address);
    assert.equal(told[0], told[2]);
    assert.notEqual(told[0], told[1]);
  }
});

test("interfaces of a group share one limit, others have their own", () => {
  const announce = { masterDelay: seconds(0), masterRepeat: 2 };
  const routers = [
    router({ announce, priority: 255 }),
    router({ announce, priority: 255, name: "W", id: 52, interfaceName: "eth1" }),
  ];
  const shared = { ...gap, interfaces: ["eth0", "eth1"] };
  for (
    const [announceGaps, expected] of [
      [[shared, { ...gap, ipv4: seconds(1) }], [0, 100, 200, 300]],
      [[gap], [0, 0, 100, 100]],
    ] as const
  ) {
    const story = new Story("a");
    story.startWith("a", configuration(routers, {}, { announceGaps }));
    story.run(seconds(5));
    assert.deepEqual(pace(story), expected);
  }
});

test("what waits for its gap is forgotten with the role", () => {
  const story = new Story("a b");
  const announceGaps = [{ ...gap, ipv4: seconds(1) }];
  story.startWith("a", configuration([router({ priority: 100 })], {}, { announceGaps }));
  story.runUntil("a", "MASTER");
  story.start("b", router({ priority: 255 }));
  story.run(seconds(30));
  assert.equal(story.announcements("a").length, 1);
});

test("a refresh that is faster than the gap does not fill the queue", () => {
  const story = new Story("a");
  const announce = { masterDelay: seconds(0), masterRepeat: 1, refresh: seconds(1) };
  const announceGaps = [{ ...gap, ipv4: seconds(10) }];
  story.startWith("a", configuration([router({ announce })], {}, { announceGaps }));
  story.run(seconds(100));
  const before = story.announcements("a").length;
  story.reload(
    "a",
    configuration([router({ announce: { ...announce, refresh: seconds(0) } })], {}, {
      announceGaps,
    }),
  );
  story.run(seconds(100));
  assert.ok(story.announcements("a").length - before <= 4);
});

/** The router flags of the neighbour advertisements that a node sent since an instant. */
function routerFlags(story: Story, since: number): boolean[] {
  return story.host.entries.flatMap((entry) => {
    if (entry.kind !== "sent" || entry.at < since) return [];
    const ethernet = decodeEthernet(entry.frame);
    const packet = ethernet.ok ? decodeIpv6(ethernet.value.payload) : undefined;
    if (packet?.ok !== true) return [];
    const advertisement = decodeNeighborAdvertisement(packet.value.payload);
    return advertisement.ok ? [advertisement.value.router] : [];
  });
}

test("neighbour advertisements say whether the interface forwards by now", () => {
  const story = new Story("a");
  const announce = { masterDelay: seconds(0), masterRepeat: 1, refresh: seconds(10) };
  story.start("a", router({ family: "ipv6", announce }));
  const rose = story.runUntil("a", "MASTER");
  const { ifIndex } = story.node("a").kernel.link("eth0") ?? assert.fail();
  story.run(seconds(5));
  for (const forwards of [false, true]) {
    story.node("a").feed({ kind: "forwarding", ifIndex, forwards });
    story.run(seconds(10));
  }
  assert.deepEqual(routerFlags(story, rose), [true, false, true]);
});
