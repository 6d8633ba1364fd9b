/**
 * Virtual routers on macvlans, beside keepalived and FRR: the same file makes the same interface,
 * the same addresses and the same settings in the kernel; adverts and announcements carry the
 * virtual router's Ethernet address; whoever takes over, clients reach it; and nothing is left.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { poll } from "../support/lab/bell.ts";
import { frr, whyNoFrr } from "../support/lab/frr.ts";
import type { Node } from "../support/lab/lab.ts";
import { keepalived, standin, whyNoLab } from "../support/lab/makes.ts";
import { type Protocol, protocols, type RouterPlan } from "../support/lab/plan.ts";
import { type Make, Router } from "../support/lab/router.ts";
import { sendSignal } from "../support/lab/program.ts";
import type { Segment } from "../support/lab/segment.ts";
import { guardOf } from "../support/lab/standin.ts";
import { Stories } from "../support/lab/story.ts";

const [, overIpv4, overIpv6] = protocols;
const skip = whyNoLab();
const options = skip === undefined ? {} : { skip };
const stories = new Stories(4);

function planOf(protocol: Protocol, priority: number): RouterPlan {
  return { protocol, priority, lines: ["use_vmac"] };
}

/** The Ethernet address of the virtual router. */
function macOf({ family }: Protocol): string {
  return `00:00:5e:00:0${family === "ipv4" ? 1 : 2}:33`;
}

/** Ethernet sources of the adverts, and of the announcements, that passed from a frame on. */
function sourcesFrom(segment: Segment, from: number): Set<string> {
  const sources = new Set<string>();
  for (const { bytes } of segment.capture.frames.slice(from)) {
    const type = (bytes[12] ?? 0) << 8 | (bytes[13] ?? 0);
    const advert = type === 0x0800 ? bytes[23] === 112 : type === 0x86dd && bytes[20] === 112;
    const gratuitous = type === 0x0806 &&
      bytes.subarray(28, 32).join() === bytes.subarray(38, 42).join();
    const unsolicited = type === 0x86dd && bytes[20] === 58 && bytes[54] === 136 &&
      bytes[0] === 0x33;
    if (advert || gratuitous || unsolicited) sources.add(hardware(bytes.subarray(6, 12)));
  }
  return sources;
}

function hardware(bytes: Uint8Array): string {
  return Array.from(bytes, (octet) => octet.toString(16).padStart(2, "0")).join(":");
}

/** What `ip` tells of the interface, without what differs from run to run. */
async function kernelOf({ namespace }: Node, { family }: Protocol): Promise<unknown> {
  const link = JSON.parse(namespace.ip("-d -j link show dev vrrp.51"));
  const addresses = JSON.parse(namespace.ip("-j address show dev vrrp.51"));
  const [{ ifindex: _i, ...facts }] = link;
  const settings = [
    // An IPv6 macvlan of 2.2.7 answers ARP for the addresses of others.
    ...(family === "ipv4" ? ["vrrp.51/arp_ignore"] : []),
    ...["accept_local", "rp_filter", "promote_secondaries"].map((name) => `vrrp.51/${name}`),
    ...["arp_ignore", "arp_filter"].map((name) => `eth0/${name}`),
  ].map((name) => `/proc/sys/net/ipv4/conf/${name}`);
  const { stdout } = await namespace.run(["head", "-n", "1", ...settings]);
  const lines = addresses[0].addr_info.map((one: Readonly<Record<string, unknown>>) =>
    JSON.stringify(one)
  ).sort();
  return { facts, lines, stdout };
}

/** A client beside the routers that asks for the address. */
async function reaches(client: Node, protocol: Protocol): Promise<void> {
  const target = protocol.family === "ipv4" ? "10.77.0.100" : "2001:db8:77::100";
  await poll(
    `${target} answers`,
    () => client.namespace.run(["ping", "-c", "1", "-W", "1", target]),
    ({ code }) => code === 0,
  );
  // An IPv4 neighbour may also be learned from a question of the router, which has another source.
  const { stdout } = protocol.family === "ipv4"
    ? await client.namespace.run(["arping", "-c", "2", "-i", "eth0", target])
    : { stdout: client.namespace.ip(`neigh show ${target}`) };
  assert.deepEqual(stdout.match(/(?:[\da-f]{2}:){5}[\da-f]{2}/g)?.slice(0, 1), [macOf(protocol)]);
}

/** Makes in both roles; FRR's interfaces always have the virtual address. */
const pairings: readonly (readonly [a: Make, b: Make])[] = [
  [standin, keepalived],
  [keepalived, standin],
  [standin, standin],
  [standin, frr],
  [frr, standin],
];

for (const protocol of [overIpv4, overIpv6]) {
  stories.tell(`${protocol.name}: the kernel has what keepalived gives it`, async (lab) => {
    const { segment, a } = await lab.pair();
    const seen: unknown[] = [];
    // standin comes first: it puts back what it changes, which keepalived does not do.
    for (const make of [standin, keepalived]) {
      const router = new Router(lab, a, make, planOf(protocol, 200));
      const from = segment.passed;
      await router.start();
      await router.untilItRules();
      seen.push(await kernelOf(a, protocol));
      await lab.bell.until("it announces itself", () => sourcesFrom(segment, from).size > 0);
      assert.deepEqual([...sourcesFrom(segment, from)], [macOf(protocol)], make.name);
      await router.terminate();
      await lab.bell.until("the macvlan is gone", () => a.namespace.table("vrrp.51") === undefined);
    }
    assert.deepEqual(seen[0], seen[1]);
  }, options);

  for (const [makeA, makeB] of pairings) {
    const names = `${makeA.name} and ${makeB.name}`;
    const needed = [makeA, makeB].includes(frr) ? whyNoFrr() : undefined;
    const why = skip ?? needed;
    stories.tell(`${names}, ${protocol.name}: who takes over is reached`, async (lab) => {
      const { segment, a, b } = await lab.pair();
      const other = await lab.node("c", 9);
      segment.join(other);
      const from = segment.passed;
      // FRR leaves this to the administrator.
      for (const [node, make] of [[a, makeA], [b, makeB]] as const) {
        if (make === frr) node.namespace.sysctl({ "ipv4/conf/all/arp_ignore": "1" });
      }
      const first = new Router(lab, a, makeA, planOf(protocol, 200));
      const second = new Router(lab, b, makeB, planOf(protocol, 100));
      await first.start();
      await first.untilItRules();
      await second.start();
      await second.untilItWaits();
      await reaches(other, protocol);
      // keepalived would not start again at once after a crash.
      await (makeA === standin ? first.crash() : first.terminate());
      await second.untilItRules();
      await reaches(other, protocol);
      await first.start();
      await first.untilItRules();
      await second.untilItWaits();
      await reaches(other, protocol);
      assert.deepEqual([...sourcesFrom(segment, from)], [macOf(protocol)]);
    }, why === undefined ? {} : { skip: why });
  }
}

/** Settings of the interface below that the daemon changes. */
function settingsOf(node: Node): Promise<string> {
  const paths = ["all/rp_filter", "default/rp_filter", "eth0/rp_filter"].concat([
    "eth0/arp_ignore",
    "eth0/arp_filter",
  ]).map((path) => `/proc/sys/net/ipv4/conf/${path}`);
  return node.namespace.run(["cat", ...paths]).then(({ stdout }) => stdout.replaceAll("\n", " "));
}

for (const signal of ["SIGTERM", "SIGKILL"] as const) {
  stories.tell(`${signal} leaves no macvlan, and the settings as they were`, async (lab) => {
    const { a } = await lab.pair();
    a.namespace.sysctl({ "ipv4/conf/all/rp_filter": "2" });
    const router = new Router(lab, a, standin, planOf(overIpv4, 200));
    const before = await settingsOf(a);
    await router.start();
    await router.untilItRules();
    assert.equal(await settingsOf(a), "0 2 2 1 1 ");
    router.program.signal(signal);
    await lab.bell.until("the macvlan is gone", () => a.namespace.table("vrrp.51") === undefined);
    await poll("settings are put back", () => settingsOf(a), (after) => after === before);
  }, options);
}

stories.tell("what two crashes at once leave is cleared away by the next start", async (lab) => {
  const { a } = await lab.pair();
  const router = new Router(lab, a, standin, planOf(overIpv6, 200));
  const before = await settingsOf(a);
  await router.start();
  await router.untilItRules();
  const guard = guardOf(a);
  if (guard !== undefined) sendSignal(guard, "SIGKILL");
  await router.crash();
  const index = linkIndex(a);
  await router.start();
  await router.untilItRules();
  assert.notEqual(linkIndex(a), index);
  await router.terminate();
  assert.equal(await settingsOf(a), before);
}, options);

function linkIndex({ namespace }: Node): number {
  const [{ ifindex }] = JSON.parse(namespace.ip("-j link show dev vrrp.51"));
  return ifindex;
}

stories.tell("a macvlan that fits is taken over, one that does not is made anew", async (lab) => {
  const { a } = await lab.pair();
  a.namespace.batch([
    "link add vrrp.51 link eth0 address 00:00:5e:00:01:33 type macvlan mode private",
    "link add mine link eth0 type macvlan mode bridge",
  ]);
  const index = linkIndex(a);
  const router = new Router(lab, a, standin, planOf(overIpv4, 200));
  await router.start();
  await router.untilItRules();
  assert.equal(linkIndex(a), index);
  await router.terminate();
  const named = { ...planOf(overIpv4, 200), lines: ["use_vmac mine group 7"] };
  await router.start(named);
  await lab.bell.until("it holds the address", () => a.namespace.has("mine", "10.77.0.100/24"));
  const [link] = JSON.parse(a.namespace.ip("-d -j link show dev mine"));
  assert.equal(link.linkinfo.info_data.mode, "private");
  assert.equal(link.address, "00:00:5e:00:01:33");
  assert.equal(String(link.group), "7");
}, options);

stories.tell(
  "names of groups, peers, and the interface below is told of once more",
  async (lab) => {
    const { a } = await lab.pair();
    writeFileSync(join(a.directory, "group"), "7 gates\n");
    const monitor = lab.start(a, ["ip", "monitor", "link"]);
    // The kernel tells of a change on the loopback: from then on nothing is missed.
    let mtu = 2000;
    await lab.bell.until("ip monitor listens", () => {
      a.namespace.ip(`link set lo mtu ${mtu++}`);
      return monitor.lines.some((line) => /\blo:/.test(line));
    });
    const globals = [`iproute_etc_dir ${a.directory}`];
    const excluded = "virtual_ipaddress_excluded { 10.99.1.1 peer 10.99.1.2/32 dev eth0 }";
    const told: number[] = [];
    for (const words of ["", "netlink_notify_msg"]) {
      const from = monitor.lines.length;
      const lines = [`use_vmac group gates ${words}`, excluded];
      const router = new Router(lab, a, standin, { ...planOf(overIpv4, 200), globals, lines });
      await router.start();
      await lab.bell.until("it holds its addresses", () => {
        return a.namespace.has("vrrp.51", "10.77.0.100/24") &&
          / 10\.99\.1\.1 peer 10\.99\.1\.2\/32 /.test(a.namespace.ip("address show dev vrrp.51"));
      });
      const [link] = JSON.parse(a.namespace.ip("-N -j link show dev vrrp.51"));
      assert.equal(String(link.group), "7");
      await router.terminate();
      const deleted = (line: string): boolean => /^Deleted .*vrrp\.51/.test(line);
      await lab.bell.until("it is gone", () => monitor.lines.slice(from).some(deleted));
      const seen = monitor.lines.slice(from);
      const until = seen.slice(0, seen.findIndex(deleted));
      told.push(until.filter((line) => /^\d+: eth0@/.test(line)).length);
    }
    // The kernel has something to tell of it in any case.
    const [usual = 0, more = 0] = told;
    assert.ok(more > usual, `${usual} and then ${more} messages`);
  },
  options,
);
