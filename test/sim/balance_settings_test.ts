/**
 * IPVS as a whole: what was there before is cleared where that is asked, timeouts are put back at
 * the end, and sync daemons follow their virtual router.
 */
import assert from "node:assert/strict";
import { seconds } from "../../lib/base/mod.ts";
import { modelOf } from "../support/model.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

const service = "virtual_server 10.0.0.80 80 {\nprotocol TCP\nlvs_sched rr\nlvs_method DR\n" +
  "real_server 192.0.2.1 80 {\n}\n}\n";
const other = service.replace("10.0.0.80", "10.0.0.81");
const router =
  "vrrp_instance V {\ninterface eth0\nvirtual_router_id 51\nversion 3\npriority 100\n" +
  "virtual_ipaddress {\n10.0.0.99\n}\n}\n";

function globals(line: string): string {
  return `global_defs {\n${line}\n}\n`;
}

/** A node on which somebody else's service is left. */
function withOther(text: string): Story {
  const story = new Story("a");
  story.startWith("a", modelOf(other));
  story.crash("a");
  story.startWith("a", modelOf(text));
  return story;
}

function table(story: Story): string[] {
  return story.node("a").balancer.lines();
}

const ours = ["10.0.0.80:80 > 192.0.2.1:80 weight 1", "10.0.0.80:80 rr"];
const theirs = ["10.0.0.81:80 > 192.0.2.1:80 weight 1", "10.0.0.81:80 rr"];

test("the services of others stay, also at the end", () => {
  const story = withOther(service);
  assert.deepEqual(table(story), [...ours, ...theirs]);
  story.stop("a");
  assert.deepEqual(table(story), theirs);
});

test("lvs_flush: at the start everything goes, at a reload nothing", () => {
  const story = withOther(globals("lvs_flush") + service);
  assert.deepEqual(table(story), ours);
  const { steps } = story.node("a").balancer;
  steps.length = 0;
  story.reload("a", modelOf(globals("lvs_flush") + service));
  assert.deepEqual(steps, []);
});

test("lvs_flush_on_stop: at the end everything goes", () => {
  for (const keyword of ["lvs_flush_on_stop", "lvs_flush_onstop"]) {
    const story = withOther(globals(keyword) + service);
    story.stop("a");
    assert.deepEqual(table(story), [], keyword);
  }
});

test("lvs_flush_on_stop VS: our services go with all that is in them", () => {
  const story = withOther(globals("lvs_flush_on_stop VS") + service);
  const { steps } = story.node("a").balancer;
  steps.length = 0;
  story.stop("a");
  assert.deepEqual(table(story), theirs);
  assert.deepEqual(steps, ["deleteService 10.0.0.80:80"]);
});

test("lvs_timeouts: what is not said stays, and all is put back", () => {
  const story = new Story("a");
  const { balancer } = story.node("a");
  const usual = balancer.timeouts;
  story.startWith("a", modelOf(globals("lvs_timeouts tcp 100 udp 50") + service));
  assert.deepEqual(balancer.timeouts, { tcp: 100, tcpFin: 120, udp: 50 });
  story.reload("a", modelOf(globals("lvs_timeouts tcpfin 7") + service));
  assert.deepEqual(balancer.timeouts, { tcp: 900, tcpFin: 7, udp: 300 });
  story.reload("a", modelOf(service));
  assert.deepEqual(balancer.timeouts, usual);
  story.reload("a", modelOf(globals("lvs_timeouts udp 9")));
  assert.deepEqual(balancer.timeouts, { ...usual, udp: 9 });
  story.stop("a");
  assert.deepEqual(balancer.timeouts, usual);
});

test("lvs_sync_daemon: without an instance both daemons run", () => {
  const story = new Story("a");
  const { syncs } = story.node("a").balancer;
  story.startWith("a", modelOf(globals("lvs_sync_daemon eth0 id 7 maxlen 1000")));
  const daemon = { interfaceName: "eth0", id: 7, maxLength: 1000 };
  assert.deepEqual([...syncs], [["master", daemon], ["backup", daemon]]);
  story.stop("a");
  assert.equal(syncs.size, 0);
});

test("lvs_sync_daemon: the state of an instance says which daemon runs", () => {
  for (const line of ["lvs_sync_daemon eth1 inst V", "lvs_sync_daemon eth1 V port 8888 ttl 3"]) {
    const story = new Story("a b");
    const { syncs } = story.node("a").balancer;
    const roles = (): string => [...syncs.keys()].join(" ");
    story.startWith("a", modelOf(globals(line) + router));
    assert.equal(roles(), "backup");
    const { backup } = Object.fromEntries(syncs);
    assert.equal(backup?.id, 51);
    assert.equal(backup?.interfaceName, "eth1");
    assert.equal(backup?.port, line.includes("port") ? 8888 : undefined);
    story.run(seconds(5));
    assert.equal(roles(), "master");
    story.startWith("b", modelOf(router.replace("priority 100", "priority 200")));
    story.run(seconds(10));
    assert.equal(roles(), "backup");
    story.stop("a");
    assert.equal(roles(), "");
  }
});

test("lvs_sync_daemon_interface: the older way to say it, in the instance", () => {
  const story = new Story("a");
  const { syncs } = story.node("a").balancer;
  story.startWith("a", modelOf(router.replace("version 3", "lvs_sync_daemon_interface eth1")));
  assert.deepEqual([...syncs], [["backup", { interfaceName: "eth1", id: 51 }]]);
});

test("lvs_sync_daemon: a reload starts a daemon anew when it is to do something else", () => {
  const story = new Story("a");
  const { syncs } = story.node("a").balancer;
  story.startWith("a", modelOf(globals("lvs_sync_daemon eth0 id 7") + router));
  story.reload("a", modelOf(globals("lvs_sync_daemon eth0 id 8 group 224.0.0.99") + router));
  assert.deepEqual([...syncs.values()].map(({ id, group }) => [id, group?.bytes.at(-1)]), [
    [8, 99],
    [8, 99],
  ]);
  story.reload("a", modelOf(router));
  assert.equal(syncs.size, 0);
});

test("a daemon that is told to leave virtual servers behind does so (-I)", () => {
  const story = new Story("a");
  const node = story.node("a");
  story.startWith("a", modelOf(globals("lvs_flush_on_stop\nlvs_timeouts udp 9") + service));
  node.feed({ kind: "stop", keepIpvs: true });
  assert.equal(node.running(), false);
  assert.deepEqual(table(story), ours);
  assert.equal(node.balancer.timeouts.udp, 9);
});
