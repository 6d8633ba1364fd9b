/**
 * `nftables_ipvs`: a group is one service by mark, and tables of nftables give the marks; and
 * `net_namespace_ipvs`: all of it somewhere else.
 */
import assert from "node:assert/strict";
import { seconds } from "../../lib/base/mod.ts";
import { modelOf } from "../support/model.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

const group = "virtual_server_group web {\n10.0.0.1-3 80\n10.0.0.9 443\n10.0.1.1\n}\n";
const service = "virtual_server group web {\nprotocol TCP\nlvs_sched rr\nlvs_method DR\n" +
  "real_server 192.0.2.1 8080 {\nTCP_CHECK {\nwarmup 0\nconnect_timeout 2\n}\n}\n}\n";

function globals(...lines: readonly string[]): string {
  return `global_defs {\n${lines.join("\n")}\n}\n`;
}

function begin(text: string): Story {
  const story = new Story("a");
  story.startWith("a", modelOf(text));
  return story;
}

function table(story: Story): string[] {
  return story.node("a").balancer.lines();
}

/** The texts of nft since the last look. */
function texts(story: Story): (string | undefined)[] {
  return story.node("a").balancer.marks.splice(0);
}

test("nftables_ipvs: a group is one service by mark, which a table gives", () => {
  const story = begin(globals("nftables_ipvs") + group + service);
  story.run(seconds(2));
  assert.deepEqual(table(story), ["fwmark 1000 > 192.0.2.1:0 weight 1", "fwmark 1000 rr"]);
  const [text = ""] = texts(story);
  assert.match(text, /^table ip keepalived_ipvs\ndelete table ip keepalived_ipvs\n/);
  assert.match(text, /hook input priority -1;/);
  assert.match(text, /10\.0\.0\.1-10\.0\.0\.3 \. 80 : 1000, 10\.0\.0\.9 \. 443 : 1000 \}/);
  assert.match(
    text,
    /map tcp_hosts \{\ntype ipv4_addr : mark; .*\nelements = \{ 10\.0\.1\.1 : 1000 \}/,
  );
  assert.doesNotMatch(text, /ip6 keepalived_ipvs \{/);
  // Servers are asked on the port that is written.
  assert.deepEqual(story.node("a").balancer.connections, ["192.0.2.1:8080"]);
});

test("name, priority and first mark can be chosen; marks of the file are passed over", () => {
  const words = ["nftables_ipvs mine", "nftables_ipvs_priority -5", "nftables_ipvs_start_fwmark 7"];
  const own = "virtual_server fwmark 8 {\nlvs_sched rr\nlvs_method NAT\nreal_server 192.0.2.2 80 " +
    "{\n}\n}\n";
  const story = begin(globals(...words) + group + service + service.replace("TCP", "UDP") + own);
  const services = table(story).filter((line) => !line.includes(">"));
  assert.deepEqual(services, ["fwmark 7 rr", "fwmark 8 rr", "fwmark 9 rr"]);
  const [text = ""] = texts(story);
  assert.match(text, /table ip mine \{[^]*priority -5;/);
});

test("a group with a mark of its own, and a service without a group, are as written", () => {
  const story = begin(
    globals("nftables_ipvs") + group.replace("}", "fwmark 5\n}") + service +
      service.replace("group web", "10.0.2.1 80"),
  );
  assert.ok(table(story).includes("10.0.0.1:80 rr"));
  assert.ok(table(story).includes("fwmark 5 rr"));
  assert.ok(table(story).includes("10.0.2.1:80 rr"));
  assert.deepEqual(texts(story), [undefined]);
});

test("a reload changes the tables with the group, and removes them with the keyword", () => {
  const story = begin(globals("nftables_ipvs") + group + service);
  texts(story);
  story.reload("a", modelOf(globals("nftables_ipvs") + group + service));
  assert.deepEqual(texts(story), []);
  story.reload("a", modelOf(globals("nftables_ipvs") + group.replace("443", "444") + service));
  assert.match(texts(story).join(), /444 : 1000/);
  story.reload("a", modelOf(globals("nftables_ipvs b") + group + service));
  const [gone, made] = texts(story);
  assert.deepEqual([gone, made?.includes("table ip b {")], [undefined, true]);
  story.reload("a", modelOf(group + service));
  assert.deepEqual(texts(story), [undefined]);
  assert.ok(!table(story).some((line) => line.startsWith("fwmark")));
});

test("marks and addresses that another virtual server gets in a reload are handed over", () => {
  const other = (name: string, lines: string): string =>
    group.replace("web", name).replace(/\{[^]*\}/, `{\n${lines}\n}`) +
    service.replace("group web", `group ${name}`).replace("192.0.2.1", "192.0.2.9");
  const marked = globals("nftables_ipvs");
  const story = begin(marked + group + service);
  story.reload("a", modelOf(marked + other("first", "10.0.5.1 80") + group + service));
  assert.deepEqual(table(story), [
    "fwmark 1000 > 192.0.2.9:0 weight 1",
    "fwmark 1000 rr",
    "fwmark 1001 > 192.0.2.1:0 weight 1",
    "fwmark 1001 rr",
  ]);
  const [one, two] = ["10.0.5.1 80", "10.0.5.2 80"];
  const moved = begin(other("a", `${one}\n${two}`) + other("b", "10.0.5.3 80"));
  const { steps } = moved.node("a").balancer;
  steps.length = 0;
  moved.reload("a", modelOf(other("a", one) + other("b", `${two}\n10.0.5.3 80`)));
  assert.equal(table(moved).filter((line) => line.startsWith("10.0.5.2:80 >")).length, 1);
  moved.reload("a", modelOf(other("a", `${one}\n${two}`) + other("b", "10.0.5.3 80")));
  assert.deepEqual(steps, []);
  // A group that has another name is a new virtual server for the same clients.
  moved.reload("a", modelOf(other("c", `${one}\n${two}`) + other("b", "10.0.5.3 80")));
  assert.deepEqual(steps, []);
});

test("the tables go with the daemon, and stay when it is killed", () => {
  const story = begin(globals("nftables_ipvs") + group + service);
  texts(story);
  story.crash("a");
  assert.deepEqual(texts(story), []);
  story.startWith("a", modelOf(globals("nftables_ipvs") + group + service));
  assert.equal(texts(story).length, 1);
  story.stop("a");
  assert.deepEqual(texts(story), [undefined]);
});

test("where virtual servers are in nftables, nobody needs marks", () => {
  const text = globals("nftables_ipvs") + group + service.replace("DR", "NAT");
  const story = begin(`balancer nftables\n${text}`);
  assert.deepEqual(texts(story), [undefined]);
  assert.match(story.node("a").balancer.texts.join(), /10\.0\.0\.1 \. tcp \. 80 : goto/);
});

test("net_namespace_ipvs: virtual servers go there, and come back with a reload", () => {
  const story = begin(`net_namespace_ipvs edge\n${group}${service}`);
  const { balancer } = story.node("a");
  assert.equal(balancer.namespace, "edge");
  balancer.steps.length = 0;
  story.reload("a", modelOf(group + service));
  assert.equal(balancer.namespace, undefined);
  const [first, last] = [balancer.steps.at(0), balancer.steps.at(-1)];
  assert.match(`${first} ${last}`, /^deleteDestination .* newDestination /);
  assert.equal(begin(`net_namespace_ipvs\n${group}${service}`).node("a").balancer.namespace, "");
});
