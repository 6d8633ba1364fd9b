/**
 * Who drops packets to its addresses: `no_accept` and strict mode, not the owner, and only while it
 * holds them. The sets change before addresses come, and after they go.
 */
import assert from "node:assert/strict";
import type { Model } from "../../lib/config/mod.ts";
import type { FirewallTable } from "../../lib/engine/mod.ts";
import { instance, modelOf } from "../support/model.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

function model(lines: string, addresses = "10.0.0.100/24", globals = ""): Model {
  return modelOf(`global_defs {\n${globals}\n}\n${instance(lines, { addresses })}`);
}

function started(...parts: Parameters<typeof model>): Story {
  const story = new Story("a");
  story.startWith("a", model(...parts));
  return story;
}

function table(story: Story, family: "ipv4" | "ipv6" = "ipv4"): FirewallTable | undefined {
  return story.node("a").firewall?.[family];
}

test("nothing is asked of the firewall when nobody needs it", () => {
  const story = started("");
  story.runUntil("a", "MASTER");
  assert.equal(story.node("a").firewall, undefined);
});

test("no_accept: the addresses are dropped while they are held", () => {
  const story = started("no_accept");
  assert.deepEqual(table(story)?.addresses, []);
  story.runUntil("a", "MASTER");
  assert.deepEqual(table(story)?.addresses, ["10.0.0.100"]);
  story.down("a");
  assert.deepEqual(table(story)?.addresses, []);
  story.up("a");
  story.runUntil("a", "MASTER");
  story.stop("a");
  assert.equal(story.node("a").firewall, undefined);
});

test("accept takes no_accept back, and strict mode does not accept but from an owner", () => {
  assert.equal(table(started("no_accept\naccept")), undefined);
  assert.equal(table(started("strict_mode"))?.drops, true);
  assert.equal(table(started("strict_mode\npriority 255")), undefined);
  assert.equal(table(started("no_accept\npriority 255")), undefined);
});

test("link-local addresses are dropped on their interface only", () => {
  const addresses = "fe80::100\n2001:db8::100/64";
  const story = started("no_accept", addresses);
  story.runUntil("a", "MASTER");
  assert.deepEqual(table(story, "ipv6")?.addresses, ["2001:db8::100"]);
  assert.deepEqual(table(story, "ipv6")?.byIndex, [{ address: "fe80::100", interface: 2 }]);
  const named = started("no_accept\ndont_track_primary", addresses);
  named.runUntil("a", "MASTER");
  assert.deepEqual(table(named, "ipv6")?.byName, [{ address: "fe80::100", interface: "eth0" }]);
  const index = started("no_accept\ndont_track_primary", addresses, "nftables_ifindex");
  index.runUntil("a", "MASTER");
  assert.equal(table(index, "ipv6")?.byIndex.length, 1);
});

test("nftables, nftables_priority and nftables_counters say how it looks", () => {
  const globals = "nftables mine\nnftables_priority 7\nnftables_counters";
  const { firewall } = started("no_accept", "10.0.0.100/24", globals).node("a");
  const { table: name, priority, counters } = firewall ?? {};
  assert.deepEqual([name, priority, counters], ["mine", 7, true]);
});

test("a reload changes who is dropped", () => {
  const story = started("no_accept");
  story.runUntil("a", "MASTER");
  story.reload("a", model("no_accept", "10.0.0.100/24\n10.0.0.101/24"));
  assert.deepEqual(table(story)?.addresses, ["10.0.0.100", "10.0.0.101"]);
  story.reload("a", model(""));
  assert.equal(story.node("a").firewall, undefined);
});

test("macvlans are known with what they stand on", () => {
  const story = started("use_vmac", "fe80::100");
  const macvlan = story.node("a").kernel.link("vrrp.51")?.ifIndex;
  assert.deepEqual(table(story, "ipv6")?.macvlans, [[macvlan, 2]]);
  assert.deepEqual(table(story, "ipv6")?.baseAddresses, ["fe80::1"]);
  story.stop("a");
  assert.equal(story.node("a").firewall, undefined);
});
