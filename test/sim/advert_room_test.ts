/**
 * Adverts fit into the packets of their link: what has no room is held by the master all the same,
 * and both ends leave out the same addresses.
 */
import assert from "node:assert/strict";
import { seconds } from "../../lib/base/mod.ts";
import { addressRoom } from "../../lib/vrrp/mod.ts";
import { router } from "../support/plan.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

const many = Array.from({ length: 30 }, (_, at) => `10.0.0.${at + 100}/24`);

/** Gives eth0 of a node another MTU. */
function setMtu(story: Story, name: string, mtu: number): void {
  const node = story.node(name);
  const link = node.kernel.link("eth0") ?? assert.fail();
  node.feed({ kind: "link", link: { ...link, mtu } });
}

test("keepalived's room: 255 or what the MTU holds, with all headers taken off", () => {
  const ipv4 = router();
  const ipv6 = router({ family: "ipv6" });
  const rooms = [
    addressRoom(ipv4, 1500),
    addressRoom(ipv4, 100),
    addressRoom(router({ version: 2 }), 100),
    addressRoom(router({ version: 2, ahKey: new Uint8Array(8) }), 100),
    addressRoom(ipv6, 1500),
    addressRoom(ipv6, 9000),
    addressRoom(ipv4, 10),
  ];
  assert.deepEqual(rooms, [255, 14, 12, 6, 89, 255, 0]);
});

test("what an advert has no room for is not advertised, told once, and held by the master", () => {
  const story = new Story("a b");
  for (const [name, priority] of [["a", 150], ["b", 100]] as const) {
    story.start(name, router({ priority, vips: many }));
    setMtu(story, name, 100);
  }
  story.runUntil("a", "MASTER");
  story.run(seconds(4.5));
  story.expect("a MASTER", "b BACKUP");
  assert.equal(story.adverts("a").at(-1)?.addresses.length, 14);
  assert.equal(story.held("a").length, 30);
  assert.equal(story.counter("b", "addressListErrors"), 0);
  const told = story.tells("a", "advert-room").map((
    { advertised, count, mtu },
  ) => [advertised, count, mtu]);
  assert.deepEqual(told, [[14, 30, 100]]);
  for (const name of ["a", "b"]) setMtu(story, name, 1500);
  story.run(seconds(5));
  assert.equal(story.adverts("a").at(-1)?.addresses.length, 30);
  assert.equal(story.counter("b", "addressListErrors"), 0);
});
