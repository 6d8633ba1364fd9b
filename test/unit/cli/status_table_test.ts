/** What `standin status` shows. */
import assert from "node:assert/strict";
import type { InstanceStatus, Snapshot } from "../../../lib/engine/mod.ts";
import { namesIn, statusAbout } from "../../../lib/cli/status_about.ts";
import { ago, renderStatus, transitionText } from "../../../lib/cli/status_table.ts";
import { test } from "../../support/test.ts";
import { example, inside, outside } from "../status/example.ts";

const now = Date.parse("2026-01-02T03:07:17.678Z");
const plain = { now, columns: 80, colours: false };

test("the status of a node reads like this", () => {
  assert.equal(
    renderStatus(example, plain),
    `\
standin 1.2.3 on node1, pid 4711, up 7m17s
/etc/keepalived/keepalived.conf, read 7m17s ago, 2 reloads

INSTANCE  INTERFACE  VRID  VER  STATE      PRIO  MASTER    SINCE
VI_1      eth0         51  v3   MASTER      100  10.0.0.1  3m12s
    10.0.0.100/24  10.0.0.101/32  192.0.2.1/32
    BACKUP to MASTER: no advert from 10.0.0.2 for 3.61 s
VI_2      eth1.100      7  v3   FAULT   150/200  -         7m17s
    fe80::100/128  2001:db8::100/64
    fault: interface eth1.100 is down

GROUP  STATE  MEMBERS
G1     FAULT  VI_1 VI_2`,
  );
});

test("of one name only what has to do with it is shown", () => {
  assert.deepEqual(namesIn(example), ["VI_1", "VI_2", "G1"]);
  assert.equal(statusAbout(example, undefined), example);
  const shown = (name: string): unknown[] => {
    const { instances, syncGroups } = statusAbout(example, name);
    return [...instances.map((one) => one.name), ...syncGroups.map((one) => one.name)];
  };
  assert.deepEqual(shown("VI_2"), ["VI_2", "G1"]);
  assert.deepEqual(shown("G1"), ["VI_1", "VI_2", "G1"]);
  assert.deepEqual(shown("VI_3"), []);
  const about = statusAbout(crowded, `${name}_7`);
  assert.equal(about.instances.length, 1);
  assert.deepEqual(about.virtualServers, []);
});

test("a reload that was refused is said until one is applied", () => {
  const first = "standin.conf:12:5: virtual_ruoter_id is no keyword";
  const refused = { at: "2026-01-02T03:07:14.678Z", errors: 2, first };
  const lines = renderStatus({ ...example, config: { ...example.config, refused } }, plain);
  assert.deepEqual(lines.split("\n").slice(1, 4), [
    "/etc/keepalived/keepalived.conf, read 7m17s ago, 2 reloads",
    "Reload refused 3s ago: 2 errors; what was read before is in effect",
    `  ${first}`,
  ]);
});

test("what changes a priority stands below it", () => {
  const since = example.startedAt;
  const use = { group: null, reverse: false, since, detail: null, value: null, weight: 0 };
  const quiet = { ...use, kind: "probe", name: "far", state: "good", effect: "priority" } as const;
  const tracking = [
    { ...quiet, change: 0 },
    { ...quiet, name: "gateway", state: "bad", change: -60 },
    { ...quiet, kind: "file", name: "load", state: "number", value: 5, change: 5 },
  ] as const;
  const one = { ...inside, effectivePriority: 45, tracking };
  const lines = renderStatus({ ...example, instances: [one], syncGroups: [] }, plain).split("\n");
  assert.deepEqual(lines.slice(5, 8), [
    "    10.0.0.100/24  10.0.0.101/32  192.0.2.1/32",
    "    probe gateway is bad: -60",
    "    file load says 5: +5",
  ]);
});

test("a FAULT of a tracker comes with its reason", () => {
  const detail = 'there is no program "/etc/check"';
  const use = { group: null, reverse: false, since: null, value: null, weight: 0, change: 0 };
  const script = { ...use, kind: "script", name: "chk", state: "bad", effect: "fault" } as const;
  const lastTransition = { ...outside.lastTransition, from: "FAULT", reason: "r" } as const;
  const faults = ["tracked script chk is bad"];
  const one = { ...outside, faults, lastTransition, tracking: [{ ...script, detail }] };
  const lines = renderStatus({ ...example, instances: [one], syncGroups: [] }, plain).split("\n");
  assert.deepEqual(lines.slice(-2), [
    "    fault: tracked script chk is bad",
    `    script chk: ${detail}`,
  ]);
  assert.equal(transitionText(lastTransition), "FAULT: r");
});

const name = "a_name_that_somebody_made_up_on_a_friday_afternoon";
const address = "2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff";
const since = "2026-01-01T03:07:17.678Z";

const manyInstances = Array.from({ length: 100 }, (_, index): InstanceStatus => ({
  ...inside,
  name: `${name}_${index}`,
  interface: "enp130s0f1np1.4094",
  vrid: 255,
  state: "STOPPED",
  basePriority: 254,
  effectivePriority: 100,
  master: { address, priority: 254 },
  addresses: Array.from({ length: 20 }, (_, host) => `192.168.100.${host + 200}/32`),
  faults: index === 0 ? [`script ${"X".repeat(100)}`] : [],
}));

/** Everything at its longest; only what is shown of it. */
const crowded = {
  ...example,
  instances: manyInstances,
  syncGroups: [{ name, state: "BACKUP", members: manyInstances.map((one) => one.name) }],
  bfdSessions: [{
    name,
    neighbor: address,
    state: "AdminDown",
    diagnostic: "Control Detection Time Expired, as it did before, and before that, and before",
    transmitIntervalMs: 1_000_000,
    detectionTimeMs: 3_000_000,
    since,
  }],
  resources: [{
    kind: "INSTANCE",
    name,
    leaving: "hand-over",
    heldOff: null,
    resources: [{
      name: `filesystem /srv/${name}`,
      state: "stopping",
      since,
      failures: 100_000,
      lastFailure: { at: since, action: "stop", detail: "exit 1 ".repeat(30) },
    }],
  }],
  virtualServers: [{
    name: `[${address}]:65535 TCP`,
    scheduler: "source-hash-fallback",
    up: false,
    balanced: true,
    problem: "the kernel has no such scheduler, and none that could stand in for it here",
    realServers: [{
      address,
      port: 65_535,
      up: false,
      weight: 65_535,
      override: { state: "disabled", weight: null, persistent: true },
      checks: [{ kind: "HTTP_GET", target: address, up: false, failure: "Y".repeat(90) }],
    }],
  }],
} as unknown as Snapshot;

test("nothing is wider than the terminal, and nothing that matters is cut off", () => {
  const text = renderStatus(crowded, plain);
  const lines = text.split("\n");
  for (const line of lines) assert.ok(line.length <= 80, line);
  for (const address of manyInstances[0]?.addresses ?? []) assert.ok(text.includes(address));
  // Names that differ at their ends can be told apart, and stand whole among the members.
  const rows = lines.filter((line) => line.includes("  v3 "));
  assert.equal(new Set(rows).size, 100);
  for (const one of manyInstances) assert.ok(text.includes(` ${one.name}`), one.name);
  assert.equal(text.match(/X/g)?.length, 100);
  assert.equal(text.match(/Y/g)?.length, 90);
  assert.match(text, /^BFD +NEIGHBOUR +STATE +SENDS +DETECTS +SINCE$/m);
  assert.match(text, /disabled \(persistent\) +65535$/m);
  const wide = renderStatus(crowded, { ...plain, columns: 200 });
  assert.match(wide, new RegExp(`^${name}_99 .* ${address} `, "m"));
});

test("a table without enough room for its columns goes without the last ones", () => {
  for (const columns of [60, 40, 20, 8]) {
    const text = renderStatus(example, { ...plain, columns, colours: true });
    const bare = ["32", "33", "31", "0"].reduce(
      (all, code) => all.replaceAll(`\x1b[${code}m`, ""),
      text,
    );
    for (const line of bare.split("\n")) assert.ok(line.length <= columns, line);
  }
});

test("colours mark states and leave the columns where they are", () => {
  const coloured = renderStatus(example, { ...plain, colours: true });
  const [green, red, none] = ["\x1b[32m", "\x1b[31m", "\x1b[0m"];
  assert.ok(coloured.includes(`${green}MASTER${none}`));
  assert.ok(coloured.includes(`${red}FAULT${none}`));
  const bare = coloured.replaceAll(green, "").replaceAll(red, "").replaceAll(none, "");
  assert.equal(bare, renderStatus(example, plain));
});

test("control characters never reach the terminal", () => {
  const sly = { ...inside, name: "\x1b]0;x\x07", faults: ["a\nb\x1b[31m"] };
  const text = renderStatus({ ...example, instances: [sly] }, plain);
  assert.doesNotMatch(text.replaceAll("\n", ""), /\p{Cc}/u);
});

test("a node without instances says so", () => {
  const text = renderStatus({ ...example, instances: [], syncGroups: [] }, plain);
  assert.match(text, /\n\nNo instances$/);
});

test("ago shows the two largest units", () => {
  const at = new Date(now).toISOString();
  for (
    const [seconds, text] of [
      [0, "0s"],
      [59, "59s"],
      [60, "1m00s"],
      [3599, "59m59s"],
      [3600, "1h00m"],
      [86_399, "23h59m"],
      [86_400, "1d00h"],
      [1_000_000, "11d13h"],
      [-5, "0s"],
    ] as const
  ) assert.equal(ago(at, now + seconds * 1000), text);
  assert.equal(ago("no time", now), "-");
});
