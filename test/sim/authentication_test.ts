/**
 * Authenticated adverts on the virtual network: one sequence for all copies of AH, one stamp for
 * all copies of `auth_hmac`; clocks that are wrong, are put right, or jump; recorded adverts that
 * somebody plays again, to routers that were there and to one that was started anew.
 */
import assert from "node:assert/strict";
import { seconds } from "../../lib/base/mod.ts";
import { frameOf } from "../support/inject.ts";
import { instance, modelOf } from "../support/model.ts";
import type { SeenAdvert } from "../support/seen.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

const secret = "0123456789abcdef0123456789abcdef";
/** 2026-01-01, in microseconds since 1970. */
const newYear = 1_767_225_600_000_000;

/** An instance whose adverts are signed; the window is ten seconds. */
function signed(priority: number, more = ""): string {
  const block = `auth_hmac {\nkey 1 ${secret}\nactive_key 1\ntime_window 10\n}`;
  return instance(`priority ${priority}\n${block}\n${more}`);
}

function withAh(priority: number, more = ""): string {
  const block = "authentication {\nauth_type AH\nauth_pass secret12\n}";
  return instance(`priority ${priority}\n${block}\n${more}`).replace("version 3", "version 2");
}

/** Puts the clock of a node so many seconds off. */
function setClock(story: Story, name: string, off = 0): void {
  story.node(name).feed({ kind: "wall-clock", offset: newYear + off * 1_000_000 });
}

/** Nodes with the same file but for the priority, the first one the best. */
function started(names: string, fileOf: (priority: number) => string): Story {
  const story = new Story(names);
  for (const [at, name] of names.split(" ").entries()) {
    story.startWith(name, modelOf(fileOf(200 - 10 * at)));
    setClock(story, name);
  }
  story.run(seconds(10));
  return story;
}

function peers(count: number): string {
  const lines = Array.from({ length: count }, (_, at) => `10.0.0.${at + 1}`);
  return `unicast_peer {\n${lines.join("\n")}\n}`;
}

/** The numbers of the authentication headers in some packets. */
function sequenceOf({ packet }: SeenAdvert): number {
  return new DataView(packet.buffer, packet.byteOffset).getUint32(28);
}

/** The stamp of a signed advert: seconds, fraction and counter in hexadecimal. */
function stampOf({ packet }: SeenAdvert): string {
  return Buffer.from(packet.subarray(packet.length - 24, packet.length - 16)).toString("hex");
}

function stationOf({ packet }: SeenAdvert): string {
  return packet.subarray(16, 20).join(".");
}

function replay(story: Story, adverts: readonly SeenAdvert[]): void {
  for (const { packet } of adverts) story.host.inject(story.lan, frameOf(packet));
}

test("AH with unicast peers: the copies of an advert have one number, each its own digest", () => {
  const story = started("a b c", (priority) => withAh(priority, peers(3)));
  story.expect("a MASTER", "b BACKUP", "c BACKUP");
  const since = story.now();
  story.run(seconds(3));
  const sent = story.adverts("a", since);
  const first = sequenceOf(sent[0] ?? assert.fail("nothing was sent"));
  assert.deepEqual(sent.map(sequenceOf), [0, 0, 1, 1, 2, 2].map((step) => first + step));
  const identifications = sent.map(({ packet }) => packet.slice(4, 6).join());
  assert.equal(new Set(identifications).size, 3);
  assert.equal(new Set(sent.map(({ packet }) => packet.slice(32, 44).join())).size, 6);
  assert.deepEqual(sent.slice(0, 2).map(stationOf), ["10.0.0.2", "10.0.0.3"]);
  for (const name of ["b", "c"]) {
    assert.equal(story.counter(name, "authFailure"), 0);
    assert.ok(story.counter(name, "advertReceived") > 3);
  }
  story.crash("a");
  story.runUntil("b", "MASTER");
  story.run(seconds(5));
  story.expect("b MASTER", "c BACKUP");
});

test("AH: who joins later hears the number before it sends one", () => {
  const story = started("a b", (priority) => withAh(priority));
  story.crash("a");
  story.runUntil("b", "MASTER");
  story.run(seconds(60));
  const known = Math.max(...story.adverts("b").map(sequenceOf));
  story.startWith("a", modelOf(withAh(200)));
  story.runUntil("a", "MASTER");
  story.run(seconds(5));
  story.expect("a MASTER", "b BACKUP");
  const [first] = story.adverts("a").slice(-5);
  assert.ok(first !== undefined && sequenceOf(first) > known);
});

test("authentication headers are only heard where somebody asked for them", () => {
  const other = instance("", { name: "other", id: 52 }).replace("version 3", "version 2");
  const third = withAh(100).replace("VI_1", "third").replace("router_id 51", "router_id 53")
    .replace("10.0.0.100", "10.0.0.103");
  for (const [text, expected] of [[other, false], [other + third, true]] as const) {
    const story = new Story("a b");
    story.startWith("a", modelOf(withAh(200)));
    // Else the filter would keep packets for other routers away, whatever their protocol.
    story.startWith("b", modelOf(`global_defs {\nlog_unknown_vrids\n}\n${text}`));
    story.run(seconds(10));
    story.expect("a MASTER");
    const unknown = story.node("b").snapshot()?.unmatchedPackets.unknownVrid ?? Number.NaN;
    assert.equal(unknown > 0, expected);
  }
});

test("auth_hmac with unicast peers: the copies of an advert carry one stamp", () => {
  const story = started("a b c", (priority) => signed(priority, peers(3)));
  story.expect("a MASTER", "b BACKUP", "c BACKUP");
  const since = story.now();
  story.run(seconds(3));
  const sent = story.adverts("a", since);
  assert.equal(sent.length, 6);
  assert.equal(new Set(sent.map(stampOf)).size, 3);
  const digests = sent.map(({ packet }) => packet.slice(-16).join());
  assert.equal(new Set(digests).size, 3, "the destination is not part of what is signed");
  assert.equal(story.counter("c", "authExtReplay"), 0);
});

test("auth_hmac with six nodes: each has its turn as master, and none is forgotten", () => {
  const names = "a b c d e f";
  const fileOf = (priority: number): string => {
    return signed(priority, peers(6)).replace("time_window 10", "time_window 300");
  };
  const story = started(names, fileOf);
  for (const name of names.split(" ").slice(0, 5)) {
    story.expect(`${name} MASTER`);
    story.crash(name);
    const next = names[names.indexOf(name) + 2] ?? "";
    story.runUntil(next, "MASTER");
    story.run(seconds(3));
  }
  const recorded = ["a", "b", "c", "d", "e"].flatMap((name) => story.adverts(name).slice(-1));
  assert.deepEqual(recorded.map(stationOf), Array.from(recorded, () => "10.0.0.6"));
  replay(story, recorded);
  assert.equal(story.counter("f", "authExtReplay"), 5, "more peers are remembered than four");
});

test("a master whose clock is wrong by more than the window is not heard until it is right", () => {
  for (const off of [-20, 20]) {
    const story = started("a b", (priority) => signed(priority));
    setClock(story, "a", off);
    story.run(seconds(2));
    // A stamp only runs back when the clock is further off than the window.
    assert.ok(story.counter("b", "authExtStale") >= 1, String(off));
    setClock(story, "a");
    story.run(seconds(2));
    story.expect("a MASTER", "b BACKUP");
    assert.equal(story.counter("b", "authExtReplay"), 0);
  }
});

test("a clock that steps within the window changes nothing, and half of the window is told", () => {
  const story = started("a b", (priority) => signed(priority));
  for (const off of [-4, 0, 4, 0, 9]) {
    setClock(story, "a", off);
    story.run(seconds(2));
    assert.equal(story.tells("b", "clock-skew").length, off === 9 ? 1 : 0);
  }
  for (const counter of ["authExtStale", "authExtReplay", "authExtInvalidHmac"]) {
    assert.equal(story.counter("b", counter), 0, counter);
  }
  const stamps = story.adverts("a").map(stampOf);
  assert.deepEqual(stamps, stamps.toSorted(), "stamps only grow");
  story.expect("a MASTER", "b BACKUP");
});

test("recorded adverts are refused as heard before, and later as old", () => {
  const story = started("a b", (priority) => signed(priority));
  const recorded = story.adverts("a").slice(-3);
  replay(story, recorded);
  assert.equal(story.counter("b", "authExtReplay"), 3);
  story.run(seconds(20));
  replay(story, recorded);
  assert.equal(story.counter("b", "authExtStale"), 3);
  story.crash("a");
  story.runUntil("b", "MASTER");
});

test("after a restart nothing is remembered, but what is older than the window is refused", () => {
  const story = started("a b", (priority) => signed(priority));
  const recorded = story.adverts("a").slice(-3);
  story.crash("a");
  story.runUntil("b", "MASTER");
  story.crash("b");
  story.run(seconds(20));
  story.startWith("b", modelOf(signed(190)));
  setClock(story, "b");
  replay(story, recorded);
  assert.equal(story.counter("b", "authExtStale"), 3);
  assert.equal(story.counter("b", "advertReceived"), 0);
  story.runUntil("b", "MASTER");
});

test("a router that was started anew is heard at once: its clock went on", () => {
  const story = started("a b", (priority) => signed(priority));
  story.crash("a");
  story.runUntil("b", "MASTER");
  story.startWith("a", modelOf(signed(200)));
  setClock(story, "a");
  story.run(seconds(10));
  story.expect("a MASTER", "b BACKUP");
  assert.equal(story.counter("b", "authExtReplay"), 0);
});

test("permissive hears those who do not sign yet, enforce does not", () => {
  for (const [mode, state] of [["permissive", "BACKUP"], ["enforce", "MASTER"]] as const) {
    const story = new Story("a b");
    story.startWith("a", modelOf(instance("priority 200")));
    const text = signed(100).replace("active_key 1", `active_key 1\nmode ${mode}`);
    story.startWith("b", modelOf(text));
    setClock(story, "b");
    // Two masters are what enforce means here, so the story ends before it lasts.
    story.runUntil("a", "MASTER");
    story.run(seconds(1));
    if (mode === "enforce") story.runUntil("b", state);
    story.expect(`b ${state}`);
    assert.equal(story.counter("b", "authExtMissing") > 0, mode === "enforce");
  }
});
