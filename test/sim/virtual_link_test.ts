/**
 * Virtual routers on interfaces of their own: the macvlan is there before the router starts, goes
 * with it, comes back when somebody deletes it, and falls with the interface below.
 */
import assert from "node:assert/strict";
import { formatMac, seconds } from "../../lib/base/mod.ts";
import type { InstancePlan } from "../../lib/vrrp/mod.ts";
import { configuration, router } from "../support/plan.ts";
import { instance, modelOf } from "../support/model.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

/** What the configuration room makes of an instance with such lines. */
function planned(lines: string, addresses = "10.0.0.100/24"): InstancePlan {
  return modelOf(instance(lines, { addresses })).instances[0] ?? assert.fail("no instance");
}

/** Frames with adverts, or those with announcements: by which interface, from where. */
function sent(story: Story, what: "advert" | "announcement"): { by: string; from: string }[] {
  return story.host.entries.flatMap((entry) => {
    if (entry.kind !== "sent") return [];
    const { frame, interfaceName: by } = entry;
    const isIpv4 = frame[12] === 8 && frame[13] === 0;
    const isAdvert = frame[isIpv4 ? 23 : 20] === 112;
    const from = isIpv4 ? frame.subarray(26, 30).join(".") : frame.subarray(22, 38).join(".");
    return isAdvert === (what === "advert") ? [{ by, from }] : [];
  });
}

/** A node with a master. */
function masterWith(plan: InstancePlan): Story {
  const story = new Story("a");
  story.start("a", plan);
  story.runUntil("a", "MASTER");
  return story;
}

function linkNames(story: Story): string[] {
  const { kernel } = story.node("a");
  const virtual = ["eth0", "eth1"].flatMap((name) => {
    const index = kernel.link(name)?.ifIndex;
    return index === undefined ? [] : kernel.virtualLinksOn(index);
  });
  return virtual.map(({ name }) => name);
}

/** The interfaces that the daemon's addresses are on. */
function homes(story: Story): (string | undefined)[] {
  const { kernel } = story.node("a");
  return kernel.addresses().filter(({ byDaemon }) => byDaemon)
    .map(({ ifIndex }) => kernel.linkAt(ifIndex)?.name);
}

test("use_vmac: the router runs on a macvlan with the virtual router's address", () => {
  const story = masterWith(planned("use_vmac"));
  assert.deepEqual(story.transitions("a").map(({ to }) => to), ["BACKUP", "MASTER"]);
  const mac = story.node("a").kernel.link("vrrp.51")?.mac;
  assert.equal(mac && formatMac(mac), "00:00:5e:00:01:33");
  assert.deepEqual(homes(story), ["vrrp.51"]);
  assert.deepEqual(sent(story, "advert")[0], { by: "vrrp.51", from: "10.0.0.1" });
  assert.ok(sent(story, "announcement").every(({ by }) => by === "vrrp.51"));
  story.stop("a");
  assert.deepEqual(linkNames(story), []);
});

test("use_vmac: an address with the instance's interface as dev goes to the macvlan, too", () => {
  const story = masterWith(
    planned("use_vmac", "10.0.0.100/24 dev eth0\n10.1.0.100/24 dev eth1"),
  );
  assert.deepEqual(homes(story), ["vrrp.51", "eth1"]);
});

test("use_vmac over IPv6: the macvlan has the link-local address of the one below", () => {
  const story = masterWith(planned("use_vmac", "fe80::100"));
  assert.deepEqual(story.held("a"), ["fe80::1", "fe80::100"]);
  assert.deepEqual(homes(story), ["vrrp.51", "vrrp.51"]);
  const from = "254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.1";
  assert.deepEqual(sent(story, "advert")[0], { by: "vrrp.51", from });
});

test("vmac_xmit_base: adverts leave by the interface below, addresses stay on the macvlan", () => {
  const story = masterWith(planned("use_vmac\nvmac_xmit_base"));
  assert.equal(sent(story, "advert")[0]?.by, "eth0");
  assert.equal(sent(story, "announcement")[0]?.by, "vrrp.51");
  assert.deepEqual(homes(story), ["vrrp.51"]);
});

test("use_vmac with a name and another address", () => {
  const named = masterWith(planned("use_vmac mine 02:00:00:00:77"));
  assert.deepEqual(linkNames(named), ["mine"]);
  const mac = named.node("a").kernel.link("mine")?.mac;
  assert.equal(mac && formatMac(mac), "02:00:00:00:77:33");
});

test("use_vmac_addr: a macvlan for each other interface of the addresses", () => {
  const addresses = "10.0.0.100/24\n10.1.0.100/24 dev eth1";
  const plain = masterWith(planned("", addresses));
  assert.deepEqual(homes(plain), ["eth0", "eth1"]);
  const story = masterWith(planned("use_vmac_addr", addresses));
  assert.deepEqual(homes(story), ["eth0", "vrrp.51"]);
});

test("use_vmac of an address: that one only", () => {
  const story = masterWith(planned(
    "",
    "10.0.0.100/24\n10.1.0.100/24 dev eth1 use_vmac\n10.1.0.101/24 dev eth1",
  ));
  assert.deepEqual(homes(story), ["eth0", "vrrp.51", "eth1"]);
});

test("the interface below falls: so does the router, and both come back", () => {
  const story = masterWith(planned("use_vmac"));
  story.down("a");
  story.expect("a FAULT");
  story.up("a");
  story.runUntil("a", "MASTER");
  story.unplug("a");
  story.expect("a FAULT");
  assert.deepEqual(linkNames(story), []);
  story.plug("a", "eth0");
  story.runUntil("a", "MASTER");
  assert.deepEqual(linkNames(story), ["vrrp.51"]);
});

test("a macvlan that somebody deletes is made again", () => {
  const story = masterWith(planned("use_vmac"));
  story.unplug("a", "vrrp.51");
  story.runUntil("a", "MASTER");
  assert.deepEqual(linkNames(story), ["vrrp.51"]);
  assert.deepEqual(homes(story), ["vrrp.51"]);
});

test("a name that is taken gives way to the next", () => {
  const story = new Story("a");
  story.plug("a", "vrrp.51");
  story.start("a", planned("use_vmac"));
  story.runUntil("a", "MASTER");
  assert.deepEqual(linkNames(story), ["vrrp1.51"]);
});

test("a reload makes and deletes macvlans, and leaves those that stay alone", () => {
  const story = masterWith(planned("use_vmac"));
  const index = story.node("a").kernel.link("vrrp.51")?.ifIndex;
  story.reload("a", configuration([{ ...planned("use_vmac"), lowerPriorityNoAdvert: true }]));
  story.expect("a MASTER");
  assert.equal(story.node("a").kernel.link("vrrp.51")?.ifIndex, index);
  story.reload("a", configuration([router()]));
  story.runUntil("a", "MASTER");
  assert.deepEqual(linkNames(story), []);
  assert.deepEqual(homes(story), ["eth0"]);
});

test("a crash leaves no macvlan, and the next start makes it anew", () => {
  const story = masterWith(planned("use_vmac"));
  story.crash("a");
  assert.deepEqual(linkNames(story), []);
  story.start("a", planned("use_vmac"));
  story.runUntil("a", "MASTER");
});

test("two routers with macvlans hear each other, and the better one is master", () => {
  const story = new Story("a b");
  story.start("a", { ...planned("use_vmac\npriority 150") });
  story.start("b", { ...planned("use_vmac\npriority 100") });
  story.run(seconds(10));
  story.expect("a MASTER", "b BACKUP");
  story.stop("a");
  story.run(seconds(3));
  story.expect("b MASTER");
});

test("settings of the kernel are changed for a macvlan, and put back", () => {
  const story = new Story("a");
  const { settings } = story.node("a");
  settings.set("all/rp_filter", 1);
  story.start("a", planned("use_vmac"));
  const value = (key: string): number | undefined => settings.get(key);
  assert.deepEqual(
    ["vrrp.51/accept_local", "eth0/arp_ignore", "eth0/arp_filter", "all/rp_filter"].map(value),
    [1, 1, 1, 0],
  );
  assert.deepEqual(["vrrp.51/rp_filter", "eth0/rp_filter", "default/rp_filter"].map(value), [
    0,
    1,
    1,
  ]);
  story.stop("a");
  assert.deepEqual(
    ["eth0/arp_ignore", "eth0/arp_filter", "all/rp_filter", "eth0/rp_filter"].map(value),
    [0, 0, 1, 0],
  );
});
