/**
 * The transport of adverts, from the words of the file to the octets on the wire: who may send,
 * from how far, with which checksum, from which address and to which group; and interfaces that are
 * not there yet, get another name or come back with another number.
 */
import assert from "node:assert/strict";
import { ifIndex, seconds } from "../../lib/base/mod.ts";
import { loadConfig, type Model } from "../../lib/config/mod.ts";
import { advertPdu, type AdvertWords, type PacketWords } from "../support/advert.ts";
import { checksumIs, packetFrame } from "../support/inject.ts";
import { instance, modelOf } from "../support/model.ts";
import { mac } from "../support/plan.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";
import { testEnvironment } from "../unit/config/memory.ts";

/** The router of node a, whose only peer is 10.0.0.2. */
function peerOf(more: string, line = "10.0.0.2"): string {
  return instance(`priority 100\nunicast_peer {\n${line}\n}\n${more}`);
}

/** Node a runs; b is there to be sent to. */
function started(model: Model): Story {
  const story = new Story("a b");
  story.startWith("a", model);
  return story;
}

interface Words extends AdvertWords, PacketWords {
  /** The destination that its checksum is made for, if that is another one. */
  readonly summedTo?: string;
}

/** Somebody's advert to node a; answers the counter that it raises. */
function hear(story: Story, words: Words): string {
  const ends = { source: "10.0.0.2", destination: "10.0.0.1", ...words };
  const pdu = advertPdu({ ...ends, destination: words.summedTo ?? ends.destination });
  const before = { ...story.node("a").snapshot()?.instances[0]?.counters };
  story.host.inject(story.lan, packetFrame(pdu, ends));
  const after: Record<string, number> = { ...story.node("a").snapshot()?.instances[0]?.counters };
  const raised = Object.entries(after).filter(([name, count]) =>
    count !== Object.entries(before).find(([other]) => other === name)?.[1]
  );
  return raised.map(([name]) => name).join(" ");
}

const global = "global_defs {\nvrrp_check_unicast_src\n}\n";

test("check_unicast_src, vrrp_check_unicast_src: adverts of others than peers are dropped", () => {
  const stranger = { source: "10.0.0.3" };
  for (const text of [peerOf("check_unicast_src"), global + peerOf("")]) {
    const story = started(modelOf(text));
    assert.equal(hear(story, stranger), "unknownPeer", text);
    assert.equal(hear(story, {}), "advertReceived", text);
  }
  assert.equal(hear(started(modelOf(peerOf(""))), stranger), "advertReceived");
});

test("min_ttl and max_ttl: a peer's adverts are taken within them, a stranger's never", () => {
  const limits: readonly (readonly [string, readonly string[]])[] = [
    ["min_ttl 250 max_ttl 254", ["ipTtlErrors", "advertReceived", "advertReceived", "ipTtlErrors"]],
    ["min_ttl 250", ["ipTtlErrors", "advertReceived", "advertReceived", "advertReceived"]],
    ["max_ttl 254", ["advertReceived", "advertReceived", "advertReceived", "ipTtlErrors"]],
    ["", ["advertReceived", "advertReceived", "advertReceived", "advertReceived"]],
  ];
  for (const [words, expected] of limits) {
    const story = started(modelOf(peerOf("", `10.0.0.2 ${words}`)));
    const found = [249, 250, 254, 255].map((ttl) => hear(story, { ttl }));
    assert.deepEqual(found, expected, words);
    const stranger = hear(story, { source: "10.0.0.3", ttl: 252 });
    assert.equal(stranger, words === "" ? "advertReceived" : "unknownPeer", words);
  }
});

test("unicast_ttl: adverts leave with it, and with 255 without it", () => {
  for (const [lines, ttl] of [["unicast_ttl 7", 7], ["", 255]] as const) {
    const story = started(modelOf(peerOf(lines)));
    story.run(seconds(10));
    story.expect("a MASTER");
    assert.deepEqual([...new Set(story.adverts("a").map((advert) => advert.ttl))], [ttl]);
  }
  const six = (lines: string): string =>
    `vrrp_instance VI_1 {\ninterface eth0\nvirtual_router_id 51\nversion 3\n${lines}\n` +
    "unicast_peer {\nfe80::2\n}\nvirtual_ipaddress {\nfe80::100\n}\n}\n";
  for (const [lines, ttl] of [["unicast_ttl 7", 7], ["", 64]] as const) {
    const story = started(modelOf(six(lines)));
    story.run(seconds(10));
    assert.deepEqual([...new Set(story.adverts("a").map((advert) => advert.ttl))], [ttl]);
  }
});

const old = { summedTo: "224.0.0.18" } as const;

test("old_unicast_checksum: sums for the group, never, or once a peer does", () => {
  const sums = (lines: string, heard: Words): readonly unknown[] => {
    const story = started(modelOf(peerOf(lines)));
    const said = hear(story, { ...heard, priority: 200 });
    story.run(seconds(10));
    story.expect("a MASTER");
    const [last] = story.adverts("a").slice(-1);
    assert.ok(last !== undefined);
    const [right, group] = ["10.0.0.2", "224.0.0.18"].map((to) => checksumIs(last.packet, to));
    assert.notEqual(right, group);
    return [said, group === true ? "old" : "new", story.tells("a", "old-checksum").length];
  };
  assert.deepEqual(sums("", {}), ["advertReceived", "new", 0]);
  assert.deepEqual(sums("", old), ["advertReceived", "old", 1]);
  assert.deepEqual(sums("old_unicast_checksum", {}), ["advertReceived", "old", 0]);
  assert.deepEqual(sums("old_unicast_checksum", old)[1], "old");
  assert.deepEqual(sums("old_unicast_checksum never", {}), ["advertReceived", "new", 0]);
  assert.deepEqual(sums("old_unicast_checksum never", old), ["checksumErrors", "new", 0]);
});

test("once a peer has the old checksum, it stays so through changes of state", () => {
  const story = started(modelOf(peerOf("")));
  hear(story, { ...old, priority: 200 });
  hear(story, { priority: 200 });
  story.run(seconds(10));
  story.down("a");
  story.up("a");
  story.run(seconds(10));
  const [last] = story.adverts("a").slice(-1);
  assert.ok(last !== undefined && checksumIs(last.packet, "224.0.0.18"));
});

test("unicast_fault_no_peer: no peers is a fault, without it the group is used", () => {
  const story = started(modelOf(instance("unicast_fault_no_peer")));
  story.run(seconds(10));
  story.expect("a FAULT");
  const other = started(modelOf(instance("")));
  other.run(seconds(10));
  other.expect("a MASTER");
});

test("mcast_src_ip: adverts come from it", () => {
  const story = started(modelOf(instance("mcast_src_ip 10.0.0.77")));
  story.run(seconds(5));
  const sources = story.adverts("a").map(({ source }) => source);
  assert.deepEqual([...new Set(sources)], ["10.0.0.77"]);
});

test("mcast_dst_ip: adverts go to that group, and those to the usual one are not heard", () => {
  const story = started(modelOf(instance("mcast_dst_ip 224.0.0.99")));
  assert.equal(hear(story, { destination: "224.0.0.18" }), "");
  assert.equal(hear(story, { destination: "224.0.0.99" }), "advertReceived");
  story.run(seconds(10));
  const destinations = story.adverts("a").map(({ destination }) => destination);
  assert.deepEqual([...new Set(destinations)], ["224.0.0.99"]);
});

test("track_src_ip: losing the source address is a fault until it is back", () => {
  for (const [lines, state] of [["track_src_ip", "FAULT"], ["", "MASTER"]] as const) {
    const story = new Story("a");
    story.address("a", "10.0.0.77/32");
    story.startWith("a", modelOf(instance(`mcast_src_ip 10.0.0.77\n${lines}`)));
    story.run(seconds(5));
    story.removeAddress("a", "10.0.0.77/32");
    story.expect(`a ${state}`);
    story.address("a", "10.0.0.77/32");
    story.run(seconds(5));
    story.expect("a MASTER");
  }
});

test("vrf: an instance without an interface waits for its VRF", () => {
  const lines = "virtual_router_id 51\nunicast_src_ip 10.0.0.1\nunicast_peer {\n10.0.0.2\n}\n" +
    "virtual_ipaddress {\n10.0.0.100 dev eth0\n}\n";
  const text = (vrf: string): string =>
    `global_defs {\ndynamic_interfaces\n}\nvrrp_instance VI_1 {\n${lines}${vrf}\n}\n`;
  const without = started(modelOf(text("")));
  without.expect("a BACKUP");
  const story = started(modelOf(text("vrf blue")));
  story.expect("a FAULT");
  assert.deepEqual(story.node("a").snapshot()?.instances[0]?.faults, [
    "waiting for interface blue",
  ]);
  story.plug("a", "blue");
  story.expect("a BACKUP");
  story.unplug("a", "blue");
  story.expect("a FAULT");
});

const waiting = instance("").replace("eth0", "eth7");

test("dynamic_interfaces: an absent interface is waited for, else the file is refused", () => {
  const read = (text: string): ReturnType<typeof loadConfig> =>
    loadConfig("f", testEnvironment({ f: text }));
  const refused = read(waiting);
  assert.deepEqual([refused.model, refused.diagnostics.map(({ severity }) => severity)], [
    undefined,
    ["fatal"],
  ]);
  for (const word of ["dynamic_interfaces", "dynamic_interfaces allow_if_changes"]) {
    const story = started(modelOf(`global_defs {\n${word}\n}\n${waiting}`));
    story.run(seconds(10));
    story.expect("a FAULT");
    story.plug("a", "eth7");
    story.expect("a BACKUP");
    story.run(seconds(5));
    story.expect("a MASTER");
  }
});

test("an interface that gets another name is missing until it has its name again", () => {
  const story = started(modelOf(instance("")));
  story.run(seconds(5));
  story.expect("a MASTER");
  const link = story.node("a").kernel.link("eth0");
  assert.ok(link !== undefined);
  const renamed = (name: string): void =>
    story.host.kernelChanged(story.node("a"), [{ kind: "link", link: { ...link, name } }]);
  renamed("lan0");
  story.expect("a FAULT");
  assert.deepEqual(story.node("a").snapshot()?.instances[0]?.faults, [
    "waiting for interface eth0",
  ]);
  story.run(seconds(5));
  renamed("eth0");
  story.expect("a BACKUP");
  story.run(seconds(5));
  story.expect("a MASTER");
});

test("an interface that comes back with another number, kind and station is used", () => {
  const story = started(modelOf(instance("")));
  story.run(seconds(5));
  const before = story.node("a").kernel.link("eth0");
  story.unplug("a");
  story.expect("a FAULT");
  story.host.plug(story.node("a"), "eth0", story.lan, mac("02:00:00:00:00:77"));
  story.address("a", "10.0.0.8/24");
  const after = story.node("a").kernel.link("eth0");
  assert.notEqual(after?.ifIndex, before?.ifIndex ?? ifIndex(1));
  story.run(seconds(5));
  story.expect("a MASTER");
  assert.equal(story.adverts("a").at(-1)?.source, "10.0.0.8");
  assert.match(hear(story, { destination: "224.0.0.18", priority: 90 }), /^advertReceived/);
});
