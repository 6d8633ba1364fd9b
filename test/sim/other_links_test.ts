/**
 * What a virtual router does to interfaces beside its own adverts: announcements where none of them
 * leaves (`garp_extra_if`), and the setting that keeps the other addresses of a subnet
 * (`promote_secondaries`).
 */
import assert from "node:assert/strict";
import { seconds } from "../../lib/base/mod.ts";
import { loadConfig, type Model } from "../../lib/config/mod.ts";
import { renderTell } from "../../lib/engine/mod.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";
import { testEnvironment } from "../unit/config/memory.ts";

/** A configuration of one instance with such lines; nothing is to be said against it. */
function instance(lines: string, global = "", addresses = "10.0.0.100/24"): Model {
  const text = `
global_defs {
  ${global}
}
vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 51
  version 3
  garp_master_delay 0
  garp_master_repeat 1
  ${lines}
  virtual_ipaddress {
    ${addresses}
  }
}`;
  const { model, diagnostics } = loadConfig("file", testEnvironment({ file: text }));
  assert.ok(model !== undefined);
  assert.deepEqual(diagnostics, []);
  return model;
}

/** Announcements after the first burst: how many seconds later, and of which address. */
function repeated(model: Model, howLong = 25): string[] {
  const story = new Story("a");
  story.startWith("a", model);
  const rose = story.runUntil("a", "MASTER");
  story.run(seconds(howLong));
  return story.announcements("a", rose + 1).map(({ at, address }) =>
    `${(at - rose) / 1_000_000} ${address}`
  );
}

const elsewhere = "10.0.0.100/24\n10.1.0.100/24 dev eth1\n10.1.0.101/24 dev eth1";

for (
  const { name, lines = "", global = "", addresses = elsewhere, expected } of [
    { name: "nothing is said of them", expected: [] },
    { name: "only macvlans are meant", lines: "garp_extra_if 10", expected: [] },
    {
      name: "macvlans, one address for each",
      lines: "use_vmac_addr\ngarp_extra_if 10",
      expected: ["10 10.1.0.100", "20 10.1.0.100"],
    },
    {
      name: "all of them",
      lines: "garp_extra_if all 10",
      expected: ["10 10.1.0.100", "20 10.1.0.100"],
    },
    {
      name: "as global_defs says",
      global: "vrrp_garp_extra_if all 20",
      expected: ["20 10.1.0.100"],
    },
    {
      name: "0 switches off what global_defs says",
      lines: "garp_extra_if 0",
      global: "vrrp_garp_extra_if all 20",
      expected: [],
    },
    {
      name: "the macvlan that adverts do not leave by (vmac_xmit_base)",
      lines: "use_vmac\nvmac_xmit_base\ngarp_extra_if 10",
      addresses: "10.0.0.100/24",
      expected: ["10 10.0.0.100", "20 10.0.0.100"],
    },
    {
      name: "not the macvlan that adverts leave by",
      lines: "use_vmac\ngarp_extra_if all 10",
      addresses: "10.0.0.100/24",
      expected: [],
    },
    {
      name: "excluded addresses, too",
      lines: "garp_extra_if all 10\nvirtual_ipaddress_excluded {\n10.1.0.7/24 dev eth1\n}",
      addresses: "10.0.0.100/24",
      expected: ["10 10.1.0.7", "20 10.1.0.7"],
    },
  ]
) {
  test(`garp_extra_if announces on other interfaces: ${name}`, () => {
    assert.deepEqual(repeated(instance(lines, global, addresses)), expected);
  });
}

test("a reload starts and ends announcements on other interfaces", () => {
  const story = new Story("a");
  story.startWith("a", instance("", "", elsewhere));
  story.runUntil("a", "MASTER");
  const before = story.announcements("a").length;
  story.reload("a", instance("garp_extra_if all 10", "", elsewhere));
  story.run(seconds(25));
  assert.equal(story.announcements("a").length, before + 2);
  story.reload("a", instance("", "", elsewhere));
  story.run(seconds(60));
  assert.equal(story.announcements("a").length, before + 2);
});

test("promote_secondaries is set while it is needed and put back, and nothing else is", () => {
  const story = new Story("a");
  const { settings } = story.node("a");
  settings.set("all/rp_filter", 1);
  story.startWith("a", instance("promote_secondaries"));
  story.runUntil("a", "MASTER");
  const others = [["all/rp_filter", 1]];
  assert.deepEqual([...settings], [...others, ["eth0/promote_secondaries", 1]]);
  story.reload("a", instance(""));
  assert.deepEqual([...settings], [...others, ["eth0/promote_secondaries", 0]]);
  story.reload("a", instance("promote_secondaries"));
  story.stop("a");
  assert.deepEqual([...settings], [...others, ["eth0/promote_secondaries", 0]]);
  const told = story.tells("a", "sysctl-changed").map(({ after, restored }) => [after, restored]);
  assert.deepEqual(told, [[1, false], [0, true], [1, false]]);
});

test("disable_local_igmp: the setting is changed before groups are joined, and put back", () => {
  const story = new Story("a");
  const { settings } = story.node("a");
  settings.set("/igmp_link_local_mcast_reports", 1);
  story.startWith("a", instance("", "disable_local_igmp"));
  assert.equal(settings.get("/igmp_link_local_mcast_reports"), 0);
  const [told] = story.tells("a", "sysctl-changed");
  assert.equal(
    told && renderTell(told),
    "net.ipv4.igmp_link_local_mcast_reports: 1 → 0",
  );
  story.reload("a", instance(""));
  assert.equal(settings.get("/igmp_link_local_mcast_reports"), 1);
  story.reload("a", instance("", "disable_local_igmp"));
  story.stop("a");
  assert.equal(settings.get("/igmp_link_local_mcast_reports"), 1);
});

test("promote_secondaries that was on already stays on", () => {
  const story = new Story("a");
  const { settings } = story.node("a");
  settings.set("eth0/promote_secondaries", 1);
  story.startWith("a", instance("promote_secondaries"));
  story.stop("a");
  assert.equal(settings.get("eth0/promote_secondaries"), 1);
  assert.deepEqual(story.tells("a", "sysctl-changed"), []);
});

test("an interface that comes later, or comes back, gets its settings then", () => {
  const story = new Story("a");
  const { settings } = story.node("a");
  story.startWith("a", instance("promote_secondaries"));
  story.unplug("a");
  settings.clear();
  story.plug("a", "eth0");
  story.runUntil("a", "MASTER");
  assert.equal(settings.get("eth0/promote_secondaries"), 1);
});
