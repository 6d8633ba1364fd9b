/**
 * Somebody else uses an address of a master: heard in ARP and neighbour discovery, told with the
 * likely cause, but not while a role changes hands in order, and not more often than people read.
 */
import assert from "node:assert/strict";
import { milliseconds, seconds } from "../../lib/base/mod.ts";
import { renderTell } from "../../lib/engine/mod.ts";
import {
  arpOperation,
  encodeArp,
  encodeEthernet,
  encodeGratuitousArp,
  encodeUnsolicitedNeighborAdvertisement,
  etherType,
} from "../../lib/wire/mod.ts";
import { ip, mac, router, type RouterWords } from "../support/plan.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

const stranger = mac("02:00:00:00:00:99");

/** A master that has been one for so long. */
function master(words: RouterWords = {}, howLong = 5): Story {
  const story = new Story("a");
  story.start("a", router(words));
  story.runUntil("a", "MASTER");
  story.run(seconds(howLong));
  return story;
}

/** A frame comes to eth0 of the node. */
function arrive(story: Story, frame: Uint8Array, linkName = "eth0"): void {
  const node = story.node("a");
  const link = node.kernel.link(linkName);
  assert.ok(link !== undefined);
  node.receive(link.ifIndex, frame);
}

/** What was told of duplicates: the sentences after the name of the instance. */
function told(story: Story, name = "a"): string[] {
  return story.tells(name, "duplicate-address").map((tell) => renderTell(tell));
}

const announcement = encodeGratuitousArp(stranger, ip("10.0.0.100"));

test("a gratuitous ARP of somebody else is told a second later, with the likely cause", () => {
  const story = master();
  arrive(story, announcement);
  story.run(milliseconds(900));
  assert.deepEqual(told(story), []);
  assert.deepEqual(story.node("a").snapshot()?.instances[0]?.duplicateAddresses, []);
  story.run(milliseconds(200));
  assert.deepEqual(told(story), [
    "VI_1: 10.0.0.100 is used by 02:00:00:00:00:99, too, on eth0; it announces the address, as " +
    "another VRRP master does whose adverts do not come here (a firewall, another VRID, one-way " +
    "multicast), or a host that was given it",
  ]);
  assert.equal(story.counter("a", "duplicateClaims"), 1);
  const [seen] = story.node("a").snapshot()?.instances[0]?.duplicateAddresses ?? [];
  assert.equal(seen?.address, "10.0.0.100");
  assert.equal(seen?.hardwareAddress, "02:00:00:00:00:99");
  assert.equal(seen?.claims, 1);
  assert.match(seen?.likelyCause ?? "", /^it announces the address/);
});

test("a neighbour advertisement of somebody else is told, too", () => {
  const story = master({ family: "ipv6", vips: ["fe80::100/64", "2001:db8::1/64"] });
  arrive(story, encodeUnsolicitedNeighborAdvertisement(stranger, ip("2001:db8::1"), false));
  arrive(story, encodeUnsolicitedNeighborAdvertisement(stranger, ip("2001:db8::2"), false));
  story.run(seconds(2));
  assert.match(told(story).join(), /^VI_1: 2001:db8::1 is used by 02:00:00:00:00:99, too/);
});

for (
  const { name, senderMac = stranger, senderAddress = "10.0.0.100", expected } of [
    {
      name: "a host that asks from the address",
      expected: /a host was given the address, or a real/,
    },
    {
      name: "a virtual router",
      senderMac: mac("00:00:5e:00:01:07"),
      expected: /it is a VRRP router with VRID 7 that is master for it/,
    },
    { name: "a host that asks from its own address", senderAddress: "10.0.0.7", expected: /^$/ },
    {
      name: "a host that looks whether the address is free (RFC 5227)",
      senderAddress: "0.0.0.0",
      expected: /^$/,
    },
    {
      name: "our own packet that came back",
      senderMac: mac("02:00:00:00:01:01"),
      expected: /^$/,
    },
  ]
) {
  test(`who uses the address in ARP: ${name}`, () => {
    const story = master();
    const packet = encodeArp({
      operation: arpOperation.request,
      senderMac,
      senderAddress: ip(senderAddress),
      targetMac: mac("00:00:00:00:00:00"),
      targetAddress: ip(senderAddress === "0.0.0.0" ? "10.0.0.100" : "10.0.0.55"),
    });
    const ends = { destination: mac("ff:ff:ff:ff:ff:ff"), source: senderMac };
    arrive(story, encodeEthernet({ ...ends, etherType: etherType.arp }, packet));
    story.run(seconds(2));
    assert.match(told(story).join(), expected);
  });
}

test("two masters that do not hear each other's adverts find out by their announcements", () => {
  const story = new Story("a b");
  story.start("a", router({ id: 51 }));
  story.start("b", router({ id: 52 }));
  story.run(seconds(30));
  story.expect("a MASTER", "b MASTER");
  assert.match(told(story, "a").join(), /is used by 02:00:00:00:00:02, too.*5 times.*another VRID/);
  assert.match(told(story, "b").join(), /is used by 02:00:00:00:00:01, too/);
});

test("a second master that is heard is named as the cause", () => {
  const story = new Story("a b");
  story.start("a", router({ priority: 150 }));
  story.cut("a", "b");
  story.start("b", router({ priority: 100 }));
  story.run(seconds(30));
  assert.match(told(story).join(), /it is 10\.0\.0\.2, which is master, too$/);
});

test("nothing is told while the role changes hands in order", () => {
  const story = new Story("a b");
  const announce = { refresh: seconds(1) };
  story.start("b", router({ priority: 100, announce }));
  story.run(seconds(20));
  story.start("a", router({ priority: 150, announce }));
  story.run(seconds(20));
  story.stop("a");
  story.run(seconds(20));
  story.start("a", router({ priority: 150, announce }));
  story.run(seconds(20));
  story.crash("a");
  story.run(seconds(20));
  story.expect("b MASTER");
  assert.deepEqual([...told(story, "a"), ...told(story, "b")], []);
});

test("a suspicion is dropped when the router gives way", () => {
  const story = new Story("a b");
  story.start("a", router({ priority: 100 }));
  story.runUntil("a", "MASTER");
  story.run(seconds(5));
  arrive(story, announcement);
  story.start("b", router({ priority: 255 }));
  story.run(seconds(10));
  story.expect("a BACKUP");
  assert.deepEqual(told(story), []);
  assert.equal(story.counter("a", "duplicateClaims"), 0);
});

test("what goes on is told once a minute and counted always", () => {
  const story = master();
  for (let second = 0; second < 150; second++) {
    arrive(story, announcement);
    story.run(seconds(1));
  }
  assert.equal(told(story).length, 3);
  assert.equal(story.counter("a", "duplicateClaims"), 150);
});

test("a flood of claims is left to the kernel but for some in each second", () => {
  const story = master();
  for (let round = 0; round < 10; round++) {
    for (let count = 0; count < 1000; count++) {
      const forged = mac(`02:00:00:00:${(count >> 8).toString(16).padStart(2, "0")}:77`);
      arrive(story, encodeGratuitousArp(forged, ip("10.0.0.100")));
    }
    story.run(milliseconds(1500));
  }
  const claims = story.counter("a", "duplicateClaims");
  assert.ok(claims > 100 && claims <= 32 * 10, String(claims));
  assert.ok(told(story).length <= 16);
  story.expect("a MASTER");
});

test("addresses are watched where they are, and those that are given up no more", () => {
  const story = master({ vips: ["10.0.0.100/24"] });
  arrive(story, announcement, "eth1");
  story.run(seconds(2));
  assert.deepEqual(told(story), []);
  const { addresses: [address] } = router({ vips: ["10.1.0.100/24"] });
  assert.ok(address !== undefined);
  const moved = router({ vips: [] });
  story.reload("a", {
    ...(story.node("a").model ?? assert.fail()),
    instances: [{ ...moved, addresses: [{ ...address, device: "eth1" }] }],
  });
  story.run(seconds(2));
  arrive(story, announcement);
  arrive(story, encodeGratuitousArp(stranger, ip("10.1.0.100")), "eth1");
  story.run(seconds(2));
  assert.match(told(story).join(), /^VI_1: 10\.1\.0\.100 is used by .*, too, on eth1;[^\n]*$/);
  assert.equal(told(story).length, 1);
});
