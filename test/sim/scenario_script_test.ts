/**
 * Scenarios as people write them, what a report says of a history, and what was expected of it.
 */
import assert from "node:assert/strict";
import {
  assemble,
  calledByRouterId,
  type HistoryReport,
  judgeExpectations,
  lengthsOf,
  mastersAt,
  pictureOf,
  play,
  readScript,
  reportOf,
  standardFaults,
} from "../../lib/simulate/mod.ts";
import { test } from "../support/test.ts";

function config(priority: number, more = ""): string {
  return `vrrp_instance VI_1 {\n interface eth0\n virtual_router_id 51\n priority ${priority}\n` +
    ` advert_int 1\n ${more}\n virtual_ipaddress {\n 10.0.0.100/24\n }\n}\n`;
}

const nodes = [{ name: "a", config: config(150) }, { name: "b", config: config(100) }];

function reportOn(text: string, files = nodes): HistoryReport {
  const { script, problems } = readScript(`node a a.conf\nnode b b.conf\n0s start all\n${text}`);
  assert.deepEqual(problems, []);
  const assembled = assemble(files, script);
  assert.deepEqual(assembled.problems, []);
  const { seed, acts, lastsMs = 60_000 } = script;
  const { nodes: built, segments } = assembled;
  const scenario = { seed, nodes: built, segments, acts, lastsMs };
  return reportOf(play(scenario), scenario);
}

test("a crash is an outage of three adverts and a skew, and the other one is master", () => {
  const report = reportOn("20s crash a\n40s start a\nlasts 60s");
  const [router] = report.routers;
  assert.ok(router !== undefined);
  assert.deepEqual([10_000, 30_000, 59_000].map((at) => mastersAt(router, at)), [["a"], ["b"], [
    "a",
  ]]);
  const { mostMs } = lengthsOf(router.outages);
  assert.ok(mostMs > 2000 && mostMs < 3700, `${mostMs} ms`);
  assert.ok(lengthsOf(router.doubles).sumMs < 2);
  assert.deepEqual(report.objections, []);
  assert.ok(report.nodes.every(({ sent, told }) => sent > 0 && told > 0));
});

test("a split has two masters until it heals", () => {
  const [router] = reportOn("20s split eth0 a b\n40s heal eth0\nlasts 60s").routers;
  const [double] = router?.doubles ?? [];
  assert.ok(double !== undefined && double.fromMs > 22_000 && double.toMs > 40_000);
  assert.ok(double.toMs < 41_500, `${double.toMs}`);
});

test("a burst loses the first frames of so many: a backup that misses three adverts rises", () => {
  const rises = (burst: string): string[] => {
    const [router] = reportOn(`20500ms disturb eth0 burst ${burst}\n31s heal eth0`).routers;
    const [, backup] = router?.nodes ?? [];
    return (backup?.stretches ?? []).flatMap(({ state, fromMs }) =>
      state === "MASTER" ? [(fromMs / 1000).toFixed(1)] : []
    );
  };
  assert.deepEqual([rises("4/5"), rises("2/3")], [["24.0", "29.0"], []]);
});

test("what is expected is held against the history", () => {
  const report = reportOn("20s crash a\nlasts 40s");
  const judge = (...lines: string[]): string[] =>
    judgeExpectations(report, readScript(`node a a\n${lines.join("\n")}`).script.expectations);
  assert.deepEqual(
    judge("expect VI_1 master a at 10s", "expect VI_1 master b at 30s", "expect VI_1 outage 4s"),
    [],
  );
  assert.match(judge("expect VI_1 master b at 10s").join(), /at 10 s a is master, not b/);
  assert.match(judge("expect VI_1 master nobody at 30s").join(), /b is master, not nobody/);
  assert.match(judge("expect VI_1 outage 1s").join(), /without a master, expected 1000 ms/);
  assert.match(judge("expect VI_9 outage 1s").join(), /no instance "VI_9"/);
});

test("all mistakes of a scenario are told at once, with their lines", () => {
  const { problems } = readScript(
    "nod a a.conf\n10s fly a\n5s crash\nlasts soon\nexpect VI_1 outage\n10s disturb x loss 200%\n" +
      "10s disturb x burst 5/4\n",
  );
  assert.deepEqual(problems.map((one) => one.split(":")[0]), [
    ...[1, 2, 3, 4, 5, 6, 7].map((line) => `line ${line}`),
    "there is no node",
  ]);
  assert.match(readScript("node a a\n1s crash b").problems.join(), /no node "b"/);
});

test("unicast nodes have the addresses that the others name", () => {
  const unicast = (priority: number, peer: string): string =>
    config(priority, `unicast_peer {\n ${peer}\n }`);
  const files = [
    { name: "a", config: unicast(150, "10.0.0.2") },
    { name: "b", config: unicast(100, "10.0.0.1") },
  ];
  const [router] = reportOn("20s stop a\nlasts 40s", files).routers;
  assert.ok(router !== undefined);
  assert.deepEqual([10_000, 30_000].map((at) => mastersAt(router, at)), [["a"], ["b"]]);
});

test("a file that can not be run says why, with its line", () => {
  const wrong = [{ name: "a", config: config(150, "priority 999") }];
  const { problems } = assemble(wrong, { addresses: [], wires: [] });
  assert.match(problems.join(), /^a, line \d+: .*priority/);
});

test("the standard faults leave one master, and none is left out", () => {
  const assembled = assemble(nodes, { addresses: [], wires: [] });
  const faults = standardFaults(assembled, 1);
  assert.ok(faults.length >= 9);
  for (const { title, scenario } of faults) {
    const report = reportOf(play(scenario), scenario);
    assert.deepEqual(report.objections, [], title);
    for (const router of report.routers) {
      assert.equal(mastersAt(router, scenario.lastsMs - 1).length, 1, title);
    }
  }
});

test("the picture has a bar for every stretch, and is well-formed", () => {
  const report = reportOn("20s crash a\nlasts 40s");
  const picture = pictureOf(report);
  const stretches = report.routers.flatMap((one) => one.nodes.flatMap((node) => node.stretches));
  assert.equal(picture.match(/<rect class="(?!back)/g)?.length, stretches.length);
  assert.match(picture, /^<svg [^]*<\/svg>\n$/);
});

test("nodes are called by their router_id where that tells them apart", () => {
  const called = (...ids: string[]): string[] =>
    calledByRouterId(nodes.map(({ name, config: text }, index) => {
      const id = ids[index] ?? "";
      return { name, config: id === "" ? text : `global_defs {\nrouter_id ${id}\n}\n${text}` };
    })).map(({ name }) => name);
  assert.deepEqual(called("near", "far"), ["near", "far"]);
  assert.deepEqual(called("near"), ["near", "b"]);
  assert.deepEqual(called("gate", "gate"), ["a", "b"]);
  assert.deepEqual(called(), ["a", "b"]);
});
