/**
 * Groups of virtual servers: one quorum and one set of checks for all of their services, which are
 * addresses, ranges, networks and marks.
 */
import assert from "node:assert/strict";
import { ipFromBytes, seconds } from "../../lib/base/mod.ts";
import { modelOf } from "../support/model.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

const check = "TCP_CHECK { connect_timeout 2 \n warmup 0 }";

function grouped(entries: string, method: string, more = ""): string {
  return `virtual_server_group web {\n${entries}\n}\nvirtual_server group web {\nprotocol TCP\n` +
    `lvs_sched rr\nlvs_method ${method}\ndelay_loop 10\n${more}\n` +
    `real_server 192.0.2.1 8080 {\n${check}\n}\n}\n`;
}

function begin(text: string): Story {
  const story = new Story("a");
  story.startWith("a", modelOf(text));
  return story;
}

function services(story: Story): string[] {
  return story.node("a").balancer.lines().filter((line) => !line.includes(">"));
}

test("a range, a network and a mark are services each", () => {
  const story = begin(grouped("10.0.0.1-3 80\n10.0.1.4/31 443\nfwmark 7", "NAT"));
  assert.deepEqual(services(story), [
    "10.0.0.1:80 rr",
    "10.0.0.2:80 rr",
    "10.0.0.3:80 rr",
    "10.0.1.4:443 rr",
    "10.0.1.5:443 rr",
    "fwmark 7 rr",
  ]);
});

test("a range of IPv6 ends in the last sixteen bits, or at an address", () => {
  const story = begin(grouped("2001:db8::fffe-ffff 80\n2001:db8::1:ffff-2001:db8::2:0 80", "TUN"));
  assert.deepEqual(services(story), [
    "2001:db8::1:ffff:80 rr",
    "2001:db8::2:0:80 rr",
    "2001:db8::fffe:80 rr",
    "2001:db8::ffff:80 rr",
  ]);
});

test("with NAT servers have their own port, else that of the service", () => {
  const entries = "10.0.0.1 80\n10.0.0.2 443\nfwmark 7";
  const servers = (method: string): string[] =>
    begin(grouped(entries, method)).node("a").balancer.lines()
      .filter((line) => line.includes(">"));
  assert.deepEqual(servers("NAT"), [
    "10.0.0.1:80 > 192.0.2.1:8080 weight 1",
    "10.0.0.2:443 > 192.0.2.1:8080 weight 1",
    "fwmark 7 > 192.0.2.1:8080 weight 1",
  ]);
  assert.deepEqual(servers("DR"), [
    "10.0.0.1:80 > 192.0.2.1:80 weight 1",
    "10.0.0.2:443 > 192.0.2.1:443 weight 1",
    "fwmark 7 > 192.0.2.1:0 weight 1",
  ]);
});

test("a server is checked once for all services, and leaves all of them", () => {
  const story = begin(grouped("10.0.0.1-2 80", "DR", "sorry_server 192.0.2.9"));
  const { balancer } = story.node("a");
  balancer.servers.set("192.0.2.1:8080", "refused");
  story.run(seconds(3));
  assert.deepEqual(balancer.connections, ["192.0.2.1:8080"]);
  assert.deepEqual(balancer.lines(), [
    "10.0.0.1:80 > 192.0.2.9:80 weight 1",
    "10.0.0.1:80 rr",
    "10.0.0.2:80 > 192.0.2.9:80 weight 1",
    "10.0.0.2:80 rr",
  ]);
  story.stop("a");
  assert.deepEqual(balancer.lines(), []);
});

test("a reload adds and removes services of a group, and does not touch the others", () => {
  const story = begin(grouped("10.0.0.1-2 80", "DR"));
  story.run(seconds(3));
  const { steps } = story.node("a").balancer;
  steps.length = 0;
  story.reload("a", modelOf(grouped("10.0.0.2-3 80", "DR")));
  assert.deepEqual(steps, [
    "newService 10.0.0.3:80",
    "newDestination 10.0.0.3:80 192.0.2.1:80 1",
    "deleteDestination 10.0.0.1:80 192.0.2.1:80 1",
    "deleteService 10.0.0.1:80",
  ]);
});

test("one address without a port makes all services of a group persistent", () => {
  const model = modelOf(grouped("10.0.0.1\n10.0.0.2 80", "DR"));
  const timeouts = model.virtualServers[0]?.services.map(({ timeoutSeconds }) => timeoutSeconds);
  assert.deepEqual(timeouts, [360, 360]);
});

test("what went through the services of a group is added up, by server", () => {
  const story = begin(grouped("10.0.0.1-2 80", "DR"));
  story.run(seconds(1));
  const node = story.node("a");
  assert.equal(node.snapshot()?.virtualServers[0]?.statistics, null);
  const counters = { connections: 3, inPackets: 30, outPackets: 0, inBytes: 300, outBytes: 0 };
  const services = (modelOf(grouped("10.0.0.1-2 80", "DR")).virtualServers[0]?.services ?? [])
    .map(({ id }) => ({
      id,
      counters,
      destinations: [{
        destination: {
          address: ipFromBytes(Uint8Array.of(192, 0, 2, 1)),
          port: 80,
          method: 3,
          weight: 1,
          upperThreshold: 0,
          lowerThreshold: 0,
        },
        counters: { ...counters, activeConnections: 1, inactiveConnections: 2 },
      }],
    }));
  node.feed({ kind: "ipvs-statistics", services });
  const [found] = node.snapshot()?.virtualServers ?? [];
  assert.equal(found?.statistics?.connections, 6);
  assert.equal(found?.realServers[0]?.statistics?.inBytes, 600);
  assert.equal(found?.realServers[0]?.statistics?.activeConnections, 2);
});
