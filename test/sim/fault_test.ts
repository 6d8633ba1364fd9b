/**
 * Faults that the kernel reports: interfaces that go down, vanish and come back, source addresses
 * and virtual addresses that somebody else deletes, addresses that a crash left behind.
 */
import assert from "node:assert/strict";
import { formatIp, milliseconds, seconds } from "../../lib/base/mod.ts";
import { configuration, ip, router, type RouterWords } from "../support/plan.ts";
import { downInterval } from "../support/rfc.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

function pair(words: RouterWords = {}): Story {
  const story = new Story("a b");
  story.start("a", router({ ...words, priority: 150 }));
  story.start("b", router({ ...words, priority: 100 }));
  story.run(seconds(10));
  story.expect("a MASTER", "b BACKUP");
  return story;
}

test("an interface that goes down is a fault, and its end makes a backup", () => {
  const story = pair();
  story.down("a");
  story.expect("a FAULT");
  assert.deepEqual(story.held("a"), []);
  assert.equal(story.counter("a", "priorityZeroSent"), 1);
  story.run(seconds(5));
  story.expect("b MASTER");
  const up = story.now();
  story.up("a");
  story.expect("a BACKUP");
  assert.equal(story.runUntil("a", "MASTER") - up, downInterval(3, 150, 1));
});

test("dont_track_primary keeps a master on an interface without carrier", () => {
  const story = new Story("a");
  story.start("a", router({ trackPrimary: false }));
  story.run(seconds(10));
  story.down("a");
  story.expect("a MASTER");
});

test("an administrator who takes an IPv6 interface down and up gets a backup again", () => {
  const story = pair({ family: "ipv6", vips: ["fe80::100/64", "2001:db8::100/64"] });
  story.down("a", "eth0", "administrator");
  story.expect("a FAULT");
  story.run(seconds(5));
  story.expect("b MASTER");
  story.up("a");
  story.expect("a BACKUP");
  story.run(seconds(5));
  story.expect("a MASTER", "b BACKUP");
});

test("a missing interface is waited for, and nothing is said about its addresses", () => {
  const story = new Story("a");
  story.unplug("a");
  story.start("a", router());
  story.expect("a FAULT");
  assert.equal(story.tells("a", "address-refused").length, 0);
  story.run(seconds(10));
  story.plug("a", "eth0");
  story.expect("a BACKUP");
  // No state is entered in between: there is no address yet when the interface appears.
  assert.deepEqual(story.transitions("a").map(({ from, to }) => `${from} ${to}`), [
    "INIT FAULT",
    "FAULT BACKUP",
  ]);
  story.run(seconds(5));
  story.expect("a MASTER");
});

test("an interface that is deleted and made anew under a master", () => {
  const story = pair();
  story.unplug("a");
  story.expect("a FAULT");
  story.run(seconds(5));
  story.expect("b MASTER");
  story.plug("a", "eth0");
  story.expect("a BACKUP");
  story.run(seconds(5));
  story.expect("a MASTER", "b BACKUP");
  assert.equal(story.tells("a", "address-refused").length, 0);
});

test("an owner whose interface vanishes and returns is never master without an address", () => {
  const story = new Story("a");
  story.start("a", router({ priority: 255 }));
  story.unplug("a");
  story.plug("a", "eth0");
  assert.deepEqual(story.transitions("a").map(({ to }) => to), ["MASTER", "FAULT", "MASTER"]);
});

test("a master that loses its source address says goodbye from it and waits for another", () => {
  const story = pair({ vips: ["10.0.0.100/32"] });
  const lost = story.now();
  story.removeAddress("a", "10.0.0.1/24");
  story.expect("a FAULT");
  assert.deepEqual(story.adverts("a", lost).map(({ priority }) => priority), [0]);
  story.run(milliseconds(700));
  story.expect("b MASTER");
  story.address("a", "10.0.0.9/24");
  story.expect("a BACKUP");
  story.run(seconds(5));
  story.expect("a MASTER");
  assert.match(story.host.transcript(), /10\.0\.0\.9 > 224\.0\.0\.18/);
});

test("the kernel takes a virtual address of the subnet along with the source address", () => {
  const story = pair();
  story.removeAddress("a", "10.0.0.1/24");
  story.expect("a FAULT");
  assert.deepEqual(story.transitions("a").slice(-2).map(({ reason }) => reason.kind), [
    "address-deleted",
    "fault",
  ]);
});

test("losing a configured source address is a fault only when it is tracked", () => {
  for (const trackSourceAddress of [true, false]) {
    const story = new Story("a");
    story.address("a", "10.0.0.77/32");
    story.start("a", router({ sourceAddress: ip("10.0.0.77"), trackSourceAddress }));
    story.run(seconds(5));
    story.removeAddress("a", "10.0.0.77/32");
    story.expect(trackSourceAddress ? "a FAULT" : "a MASTER");
  }
});

test("a virtual address that somebody deletes makes the master a backup, for an election", () => {
  const story = pair();
  const deleted = story.now();
  story.removeAddress("a", "10.0.0.100/24");
  story.expect("a BACKUP");
  assert.deepEqual(story.held("a"), []);
  const said = story.adverts("a", deleted).map(({ priority }) => priority);
  assert.deepEqual(said, [0], "as keepalived 2.2.7: the others need not wait");
  const { reason } = story.transitions("a", deleted)[0] ?? {};
  assert.equal(reason?.kind, "address-deleted");
  // It is the better one of two that wait equally long, but b heard the last advert later.
  assert.equal(story.runUntil("a", "MASTER") - deleted, downInterval(3, 150, 1));
  assert.deepEqual(story.held("a"), ["10.0.0.100"]);
});

test("no_track: a virtual address that somebody deletes is of no concern", () => {
  const story = new Story("a");
  const plan = router();
  const untracked = plan.addresses.map((address) => ({ ...address, tracked: false }));
  story.start("a", { ...plan, addresses: untracked });
  story.run(seconds(5));
  // The checker objects to the missing address, and it is right: nobody puts it back.
  story.node("a").model = configuration([]);
  story.removeAddress("a", "10.0.0.100/24");
  story.expect("a MASTER");
});

test("addresses that a crash without guard left behind are removed at the next start", () => {
  const story = pair();
  story.crash("a", { guarded: false });
  assert.deepEqual(story.held("a"), ["10.0.0.100"]);
  story.run(seconds(5));
  story.expect("b MASTER");
  story.start("a", router({ priority: 90 }));
  assert.deepEqual(story.held("a"), []);
  assert.equal(story.tells("a", "leftover-removed").length, 1);
  story.run(seconds(5));
  story.expect("a BACKUP", "b MASTER");
});

test("an address that is no longer configured is removed, too, when a crash left it behind", () => {
  const story = pair();
  story.crash("a", { guarded: false });
  story.start("a", router({ vips: ["10.0.0.200/24"] }));
  assert.deepEqual(story.held("a"), []);
});

test("a virtual address that is there before the start is removed, whoever put it there", () => {
  const story = new Story("a");
  story.address("a", "10.0.0.100/32");
  story.start("a", router());
  assert.equal(story.tells("a", "leftover-removed").length, 1);
  const { ifIndex } = story.node("a").kernel.link("eth0") ?? assert.fail();
  const left = story.node("a").kernel.addresses(ifIndex).map(({ address }) => formatIp(address));
  assert.deepEqual(left, ["10.0.0.1", "fe80::1"]);
});

test("an owner that crashed without guard takes its old address along at the end", () => {
  const story = new Story("a");
  story.start("a", router({ priority: 255 }));
  story.crash("a", { guarded: false });
  story.start("a", router({ priority: 255 }));
  story.expect("a MASTER");
  assert.deepEqual(story.held("a"), ["10.0.0.100"]);
  story.stop("a");
  assert.deepEqual(story.held("a"), []);
});

test("an address that is there already does not keep a node from becoming master", () => {
  const story = new Story("a");
  story.start("a", router());
  story.run(seconds(1));
  story.address("a", "10.0.0.100/24");
  story.run(seconds(5));
  story.expect("a MASTER");
  assert.equal(story.tells("a", "address-refused").length, 0);
});

test("an interface of a tracked address that is missing or down is a fault", () => {
  const story = new Story("a");
  const plan = router({ vips: ["10.0.0.100/24", "10.1.0.101/24"] });
  const [first, second] = plan.addresses;
  assert.ok(first !== undefined && second !== undefined);
  story.start("a", { ...plan, addresses: [first, { ...second, device: "eth1" }] });
  story.run(seconds(5));
  story.expect("a MASTER");
  story.down("a", "eth1");
  story.expect("a FAULT");
  story.up("a", "eth1");
  story.expect("a BACKUP");
});

test("an address for an untracked missing interface is told, the others are put up", () => {
  const story = new Story("a");
  const plan = router({ vips: ["10.0.0.100/24", "10.0.0.101/24"] });
  const [first, second] = plan.addresses;
  assert.ok(first !== undefined && second !== undefined);
  const elsewhere = { ...first, device: "eth7", tracked: false };
  story.start("a", { ...plan, addresses: [elsewhere, second] });
  story.run(seconds(5));
  story.expect("a MASTER");
  assert.deepEqual(story.held("a"), ["10.0.0.101"]);
  assert.equal(story.tells("a", "address-refused").length, 1);
});

for (const operation of ["add-address", "delete-address"] as const) {
  test(`${operation} that the kernel refuses for a while is asked for again`, () => {
    const story = new Story("a b");
    const a = story.node("a");
    story.start("a", router({ priority: 200 }));
    story.start("b", router());
    if (operation === "add-address") a.faults.refuse(operation, "ENOBUFS");
    story.run(seconds(5));
    story.expect("a MASTER", "b BACKUP");
    if (operation === "delete-address") {
      a.faults.refuse(operation, "ENOBUFS");
      story.down("a");
      story.run(seconds(5));
    }
    const placed = (): boolean => story.held("a").length > 0;
    assert.equal(placed(), operation === "delete-address", "the kernel has refused");
    assert.equal(story.tells("a", "address-refused").length, 1, "it is told once");
    a.faults.refuse(operation, undefined);
    story.run(seconds(31));
    assert.equal(placed(), operation === "add-address");
  });
}
