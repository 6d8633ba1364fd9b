/**
 * Who is told of virtual servers and real servers: scripts and FIFOs, in keepalived's order and
 * words.
 */
import assert from "node:assert/strict";
import { seconds } from "../../lib/base/mod.ts";
import { modelOf } from "../support/model.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

const check = "TCP_CHECK { connect_timeout 2 \n retry 0 \n warmup 0 }";
const fifos = "notify_fifo /all\nlvs_notify_fifo /lvs\nvrrp_notify_fifo /vrrp\n";

function server(number: number, more = check): string {
  return `real_server 192.0.2.${number} 80 {\nnotify_up "/up ${number}"\n` +
    `notify_down "/down ${number}"\n${more}\n}\n`;
}

function service(more: string, servers: string, head = "10.0.0.80 80"): string {
  return `virtual_server ${head} {\n${head.startsWith("fwmark") ? "" : "protocol TCP\n"}` +
    `lvs_sched rr\nlvs_method NAT\ndelay_loop 10\nquorum_up "/gained x"\nquorum_down "/lost"\n` +
    `${more}\n${servers}}\n`;
}

function begin(text: string, globals = ""): Story {
  const story = new Story("a");
  story.startWith("a", modelOf(`global_defs {\n${globals}\n}\n${text}`));
  return story;
}

function told(story: Story): readonly string[] {
  return story.node("a").machine.commands;
}

test("the quorum is told from the start, servers when they change", () => {
  const story = begin(service("quorum 2", server(1) + server(2)));
  story.run(seconds(5));
  assert.deepEqual(told(story), ["/gained x"]);
  story.node("a").balancer.servers.set("192.0.2.2:80", "refused");
  story.run(seconds(10));
  assert.deepEqual(told(story).slice(1), ["/down 2", "/lost"]);
  story.node("a").balancer.servers.delete("192.0.2.2:80");
  story.run(seconds(10));
  assert.deepEqual(told(story).slice(3), ["/up 2", "/gained x"]);
});

test("rs_init_notifies: servers that are up from the start are told, too", () => {
  const story = begin(service("", server(1) + server(2, `alpha\n${check}`)), "rs_init_notifies");
  assert.deepEqual(told(story), ["/up 1", "/gained x"]);
});

test("a server that is down from the start is told when its first check fails", () => {
  const story = begin(service("alpha", server(1)), fifos);
  story.node("a").balancer.servers.set("192.0.2.1:80", "refused");
  story.run(seconds(40));
  assert.deepEqual(told(story), ["/down 1"]);
});

test("without omega nothing is told at the end", () => {
  const story = begin(service("", server(1)));
  story.run(seconds(5));
  story.stop("a");
  assert.deepEqual(told(story), ["/gained x"]);
});

test("omega: at the end everything that is in use goes down, and then the service", () => {
  const story = begin(service("omega", server(1) + server(2)));
  story.node("a").balancer.servers.set("192.0.2.2:80", "refused");
  story.run(seconds(5));
  story.stop("a");
  assert.deepEqual(told(story), ["/gained x", "/down 2", "/down 1", "/lost"]);
});

test("omega: servers that the sorry server stands in for are not told", () => {
  const story = begin(service("omega\nquorum 2\nsorry_server 192.0.2.9 80", server(1) + server(2)));
  story.node("a").balancer.servers.set("192.0.2.2:80", "refused");
  story.run(seconds(5));
  story.stop("a");
  assert.deepEqual(told(story).slice(1), ["/down 2", "/lost", "/lost"]);
});

test("FIFOs call servers as keepalived does, and the one of VRRP does not", () => {
  const bare = "real_server 192.0.2.1 80 {\n}\n";
  const groups = "virtual_server_group web {\n10.0.0.1-2 443\n}\n";
  const text = service("", bare) + service("", bare, "fwmark 7") + groups +
    service("", `real_server 192.0.2.1 81 {\n${check}\n}\n`, "group web") +
    service("", "real_server 2001:db8::2 80 {\n}\n", "2001:db8::1 80");
  const story = begin(text, `${fifos}lvs_notify_fifo_script /reader\nrs_init_notifies`);
  const { machine, balancer } = story.node("a");
  balancer.servers.set("192.0.2.1:81", "refused");
  story.run(seconds(5));
  const lines = [
    "RS [192.0.2.1]:tcp:80 [10.0.0.80]:tcp:80 UP\n",
    "VS [10.0.0.80]:tcp:80 UP\n",
    "RS [192.0.2.1]:none:80 FWM 7 UP\n",
    "VS FWM 7 UP\n",
    "RS [192.0.2.1]:tcp:81 [web]:0 UP\n",
    "VS [web]:0 UP\n",
    "RS [2001:db8::2]:tcp:80 [2001:db8::1]:tcp:80 UP\n",
    "VS [2001:db8::1]:tcp:80 UP\n",
    "RS [192.0.2.1]:tcp:81 [web]:0 DOWN\n",
    "VS [web]:0 DOWN\n",
  ];
  assert.deepEqual(machine.fifos.get("/all"), lines);
  assert.deepEqual(machine.fifos.get("/lvs"), lines);
  assert.deepEqual(machine.fifos.get("/vrrp"), []);
  assert.ok(machine.commands.includes("/reader /lvs"));
});

test("ha_suspend: servers are checked while the address is on this node", () => {
  const vrrp = `vrrp_instance V {\ninterface eth0\nvirtual_router_id 1\nversion 3\npriority 100\n` +
    "virtual_ipaddress {\n10.0.0.80\n}\n}\n";
  const story = new Story("a b");
  const { balancer } = story.node("a");
  story.startWith("b", modelOf(vrrp.replace("priority 100", "priority 200")));
  story.run(seconds(10));
  story.startWith("a", modelOf(vrrp + service("ha_suspend", server(1))));
  story.run(seconds(60));
  assert.deepEqual(balancer.connections, []);
  assert.equal(story.node("a").snapshot()?.virtualServers[0]?.up, true);
  story.stop("b");
  story.run(seconds(15));
  assert.ok(balancer.connections.length > 0);
  story.startWith("b", modelOf(vrrp.replace("priority 100", "priority 200")));
  story.run(seconds(10));
  const checked = balancer.connections.length;
  story.run(seconds(60));
  assert.equal(balancer.connections.length, checked);
});

test("the servers of a mark are checked whatever ha_suspend says", () => {
  const story = begin(service("ha_suspend", server(1), "fwmark 7"));
  story.run(seconds(5));
  assert.equal(story.node("a").balancer.connections.length, 1);
});
