/**
 * The doors of the engine: that calling too early or too often is harmless, that it never waits for
 * something that does not come, and that the snapshot has the shape on which scripts rely.
 */
import assert from "node:assert/strict";
import {
  after,
  instant,
  microseconds,
  milliseconds,
  never,
  seconds,
} from "../../../lib/base/mod.ts";
import { Engine, type InterfaceAddress } from "../../../lib/engine/mod.ts";
import { counterNames } from "../../../lib/vrrp/mod.ts";
import { backupEngine, configure, describe, facts, oneInterface } from "../../support/engine.ts";
import {
  configuration,
  eth0,
  ip,
  prefix,
  router,
  type RouterWords,
  vip,
} from "../../support/plan.ts";
import { instance, modelOf } from "../../support/model.ts";
import { test } from "../../support/test.ts";

test("an engine without configuration waits for nothing", () => {
  const engine = new Engine(instant(0));
  assert.equal(engine.nextDeadline(), never);
  assert.deepEqual(engine.step({ kind: "clock" }, instant(5)), []);
  assert.deepEqual(engine.snapshot(facts).instances, []);
});

test("a clock that comes too early, or again, changes nothing", () => {
  const engine = backupEngine();
  const before = describe(engine);
  for (const at of [101, 500, 3_000_000, 3_609_474]) {
    assert.deepEqual(engine.step({ kind: "clock" }, instant(at)), []);
  }
  assert.deepEqual(describe(engine), before);
  assert.equal(engine.nextDeadline(), 3_609_475);
  assert.ok(engine.step({ kind: "clock" }, instant(3_609_475)).length > 0);
  assert.deepEqual(engine.step({ kind: "clock" }, instant(3_609_475)), []);
});

test("a backup does not rise while packets wait unread, and looks again soon", () => {
  const engine = backupEngine();
  const due = engine.nextDeadline();
  assert.deepEqual(engine.step({ kind: "clock", unread: true }, due), []);
  assert.equal(describe(engine).instance?.state, "BACKUP");
  assert.ok(engine.nextDeadline() <= after(due, milliseconds(1)));
  engine.step({ kind: "clock" }, engine.nextDeadline());
  assert.equal(describe(engine).instance?.state, "MASTER");
});

test("a static address that goes with the daemon is not put back", () => {
  const engine = new Engine(instant(0));
  engine.step(oneInterface(), instant(0));
  const text = "static_ipaddress {\n 2001:db8:99::1/64 dev eth0\n}\n" + instance("priority 100");
  engine.step(
    { kind: "configure", model: modelOf(text), file: "", changes: [] },
    instant(0),
  );
  const address = ip("2001:db8:99::1");
  const seen = { ifIndex: eth0, address, prefixLength: 64, secondary: false, tentative: false };
  engine.step({ kind: "address", address: seen }, instant(1));
  const gone = { kind: "address-gone", address: seen } as const;
  const back = engine.step(gone, instant(2));
  assert.ok(back.some(({ kind }) => kind === "add-address"), "somebody else's deletion");
  engine.step({ kind: "address", address: seen }, instant(3));
  assert.ok(
    engine.step({ kind: "stop" }, instant(4)).some(({ kind }) => kind === "delete-address"),
  );
  assert.deepEqual(engine.step(gone, instant(5)), [], "our own");
});

test("mail that never ends does not keep a backup down", () => {
  const engine = backupEngine();
  const due = engine.nextDeadline();
  let at = due;
  while (describe(engine).instance?.state === "BACKUP") {
    engine.step({ kind: "clock", unread: true }, at);
    assert.ok(at <= after(due, milliseconds(60)), "a flood keeps it down");
    at = after(at, milliseconds(1));
  }
  assert.ok(at >= after(due, milliseconds(40)), "it read before it rose");
});

test("a master that gets its clock late keeps its beat, and does not catch up", () => {
  const engine = backupEngine();
  engine.step({ kind: "clock" }, instant(3_609_475));
  const adverts = (at: number): number =>
    engine.step({ kind: "clock" }, instant(at)).filter(({ kind }) => kind === "send-vrrp").length;
  assert.equal(adverts(4_609_475 + 900), 1);
  assert.equal(engine.nextDeadline(), 5_609_475);
  assert.equal(adverts(9_000_000), 1);
  assert.equal(engine.nextDeadline(), 10_000_000);
});

test("what the kernel refuses is told and changes nothing", () => {
  const engine = backupEngine();
  const before = describe(engine);
  const refusal = { errno: "EPERM", message: "no" };
  for (const operation of ["add-address", "delete-address", "send"] as const) {
    const address = ip("10.0.0.100");
    const effects = engine.step(
      { kind: "refused", operation, ifIndex: eth0, address, refusal },
      instant(200),
    );
    assert.deepEqual(effects.map(({ kind }) => kind), ["tell"]);
  }
  assert.deepEqual(describe(engine), before);
});

test("a refusal to send is told once until the interface changes", () => {
  const engine = backupEngine();
  const refusal = { errno: "EPERM", message: "no" };
  const refused = { kind: "refused", operation: "send", ifIndex: eth0, refusal } as const;
  assert.equal(engine.step(refused, instant(200)).length, 1);
  assert.equal(engine.step(refused, instant(300)).length, 0);
  const tables = oneInterface();
  assert.ok(tables.kind === "kernel-tables" && tables.links[0] !== undefined);
  engine.step({ kind: "link", link: tables.links[0] }, instant(400));
  assert.equal(engine.step(refused, instant(500)).length, 1);
  engine.step({ kind: "link", link: { ...tables.links[0], up: false } }, instant(600));
  assert.deepEqual(engine.step(refused, instant(700)), [], "it is known to be down");
});

test("a router that may not listen is in FAULT until the interface changes and it may", () => {
  const engine = backupEngine();
  const refusal = { errno: "EPERM", message: "no" };
  const state = (): string | undefined => describe(engine).instance?.state;
  engine.step(
    { kind: "refused", operation: "listen", ifIndex: eth0, family: "ipv6", refusal },
    instant(200),
  );
  assert.equal(state(), "BACKUP");
  engine.step(
    { kind: "refused", operation: "listen", ifIndex: eth0, family: "ipv4", refusal },
    instant(200),
  );
  assert.equal(state(), "FAULT");
  const tables = oneInterface();
  assert.ok(tables.kind === "kernel-tables" && tables.links[0] !== undefined);
  const effects = engine.step({ kind: "link", link: tables.links[0] }, instant(400));
  assert.ok(effects.some(({ kind }) => kind === "listen"));
  assert.equal(state(), "BACKUP");
});

test("stop is answered by stopped, after it nothing is waited for and nothing is done", () => {
  const engine = backupEngine();
  const kinds = engine.step({ kind: "stop" }, instant(300)).map(({ kind }) => kind);
  assert.equal(kinds.at(-1), "stopped");
  assert.equal(engine.nextDeadline(), never);
  assert.deepEqual(engine.step(configure(configuration([router()])), instant(400)), []);
  assert.deepEqual(engine.step(oneInterface(), instant(400)), []);
  assert.equal(engine.nextDeadline(), never);
});

test("whole tables without a held address take the master down, also behind untracked ones", () => {
  const engine = new Engine(instant(0));
  engine.step(oneInterface(), instant(0));
  const untracked = vip("10.0.0.90/24", { tracked: false });
  const plan = { ...router(), addresses: [untracked, vip("10.0.0.100/24")] };
  engine.step(configure(configuration([plan])), instant(0));
  engine.step({ kind: "clock" }, engine.nextDeadline());
  assert.equal(describe(engine).instance?.state, "MASTER");
  engine.step(oneInterface(), instant(4_000_000));
  assert.equal(describe(engine).instance?.state, "BACKUP");
});

test("an interface that gets another name keeps its addresses", () => {
  const engine = new Engine(instant(0));
  const tables = oneInterface();
  engine.step(tables, instant(0));
  const plans = [router({ name: "old" }), router({ name: "new", interfaceName: "lan0", id: 52 })];
  engine.step(configure(configuration(plans)), instant(0));
  const states = (): string[] => engine.snapshot(facts).instances.map(({ state }) => state);
  assert.deepEqual(states(), ["BACKUP", "FAULT"]);
  assert.ok(tables.kind === "kernel-tables" && tables.links[0] !== undefined);
  engine.step({ kind: "link", link: { ...tables.links[0], name: "lan0" } }, instant(10));
  assert.deepEqual(states(), ["FAULT", "BACKUP"]);
});

/** What the source of adverts is when the kernel has these addresses. */
function sourceAmong(
  addresses: readonly Partial<InterfaceAddress>[],
  words: RouterWords = {},
): string | undefined {
  const engine = new Engine(instant(0));
  const tables = oneInterface();
  assert.ok(tables.kind === "kernel-tables");
  const plain = { ifIndex: eth0, ...prefix("0.0.0.0"), secondary: false, tentative: false };
  const known = addresses.map((address) => ({ ...plain, ...address }));
  engine.step({ ...tables, addresses: known }, instant(0));
  engine.step(configure(configuration([router(words)])), instant(0));
  engine.step({ kind: "clock" }, engine.nextDeadline());
  return describe(engine).instance?.master?.address;
}

test("adverts come from the first primary address that is no virtual one", () => {
  const own = prefix("10.0.0.1/24");
  const secondary = { ...prefix("10.0.0.7/24"), secondary: true };
  const virtual = prefix("10.0.0.100/24");
  assert.equal(sourceAmong([virtual, secondary, own]), "10.0.0.1");
  assert.equal(sourceAmong([virtual]), undefined);
  assert.equal(sourceAmong([virtual], { priority: 255 }), "10.0.0.100");
});

test("IPv6 adverts come from a link-local address that is not tentative", () => {
  const words = { family: "ipv6" } as const;
  const own = prefix("fe80::1/64");
  const global = prefix("2001:db8::1/64");
  assert.equal(sourceAmong([global, own], words), "fe80::1");
  assert.equal(sourceAmong([global, { ...own, tentative: true }], words), undefined);
});

test("the snapshot has the shape that the contract shows", () => {
  const engine = backupEngine({ initialState: "BACKUP", vips: ["10.0.0.100/24"] });
  engine.step(configure(configuration([router()], { G1: ["VI_1"] })), instant(seconds(1)));
  const { instances, ...rest } = engine.snapshot(facts);
  assert.deepEqual(rest, {
    version: "1.2.3",
    node: "node",
    pid: 4711,
    startedAt: "t0",
    config: { file: "standin.conf", loadedAt: "t1000000", reloads: 1, refused: null },
    syncGroups: [{ name: "G1", state: "BACKUP", members: ["VI_1"] }],
    bfdSessions: [],
    statics: [],
    trackers: [],
    resources: [],
    virtualServers: [],
    maintenance: null,
    stalls: { count: 0, longestMs: 0, lastAt: null },
    unmatchedPackets: { malformed: 0, unknownVrid: 0 },
    lostPackets: 0,
    unmatchedBfdPackets: { malformed: 0, unknownSession: 0 },
  });
  const { counters, ...instance } = instances[0] ?? assert.fail("no instance");
  assert.deepEqual(instance, {
    name: "VI_1",
    interface: "eth0",
    family: "ipv4",
    version: 3,
    vrid: 51,
    state: "BACKUP",
    basePriority: 100,
    effectivePriority: 100,
    sourceAddress: "10.0.0.1",
    tracking: [],
    preempt: true,
    preemptDelayMs: 0,
    advertIntervalMs: 1000,
    gratuitousArpDelayMs: 5000,
    master: { address: "10.0.0.2", priority: 150 },
    unicastPeers: null,
    handedOver: false,
    waitingFor: null,
    witness: null,
    addresses: ["10.0.0.100/24"],
    excludedAddresses: [],
    routes: [],
    rules: [],
    syncGroup: "G1",
    faults: [],
    lastTransition: { from: "INIT", to: "BACKUP", at: "t0", reason: "start" },
    twoMasters: null,
    duplicateAddresses: [],
    addressDifference: null,
  });
  assert.deepEqual(Object.keys(counters).sort(), [...counterNames].sort());
});

test("the snapshot says who is master as far as the node knows", () => {
  const engine = backupEngine();
  assert.equal(describe(engine).instance?.master?.address, "10.0.0.2");
  engine.step({ kind: "clock" }, engine.nextDeadline());
  assert.deepEqual(describe(engine).instance?.master, { address: "10.0.0.1", priority: 100 });
  engine.step({ kind: "stop" }, instant(9_000_000));
  assert.equal(describe(engine).instance?.master, null);
});

test("the end of a node that had no virtual servers asks for nothing about them", () => {
  const effects = backupEngine().step({ kind: "stop" }, instant(1000)).map(({ kind }) => kind);
  assert.deepEqual(effects, ["tell", "stopped"]);
});

test("a wall clock that is set is told, moves no timer, and a sleep is nobody's doing", () => {
  const engine = backupEngine();
  const due = engine.nextDeadline();
  const tellsOf = (offset: number): number[] =>
    engine.step({ kind: "wall-clock", offset }, instant(1000)).flatMap((effect) =>
      effect.kind === "tell" && effect.tell.kind === "clock-set" ? [effect.tell.by] : []
    );
  const hour = 3_600_000_000;
  assert.deepEqual(tellsOf(400 * hour), []);
  assert.deepEqual(tellsOf(401 * hour), [hour]);
  assert.deepEqual(tellsOf(400 * hour), [-hour]);
  assert.deepEqual(tellsOf(400 * hour + 50_000), []);
  assert.equal(engine.nextDeadline(), due);
  engine.step({ kind: "slept", duration: microseconds(hour) }, instant(2000));
  assert.deepEqual(tellsOf(401 * hour + 50_000), []);
});
