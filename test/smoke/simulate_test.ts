/** `standin simulate` and `replay` as steps of a pipeline: exit codes, a picture, JSON. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "../support/test.ts";
import { isExecutable, standin } from "./command.ts";

function config(priority: number): string {
  const lines = ["interface eth0", "virtual_router_id 51", `priority ${priority}`];
  return `vrrp_instance VI_1 {\n${lines.join("\n")}\nvirtual_ipaddress {\n10.0.0.100/24\n}\n}\n`;
}

test("simulate plays a scenario, draws it, and ends with 1 when it went otherwise", async () => {
  const directory = mkdtempSync(join(tmpdir(), "si-simulate-"));
  const at = (name: string): string => join(directory, name);
  try {
    writeFileSync(at("near.conf"), config(150));
    writeFileSync(at("far.conf"), config(100));
    const story = "node a near.conf\nnode b far.conf\n10s crash a\nlasts 20s\n";
    writeFileSync(at("good"), `${story}expect VI_1 master b at 19s\nexpect VI_1 outage 4s\n`);
    writeFileSync(at("bad"), `${story}expect VI_1 outage 100ms\n`);
    writeFileSync(at("wrong"), "node a nowhere.conf\n");
    const words = ["--svg", at("picture.svg"), "--record", at("runs")];
    const good = await standin(["simulate", at("good"), ...words]);
    assert.equal(good.code, 0, good.stdout);
    assert.match(good.stdout, /b MASTER[^]*as expected in all 2 points/);
    assert.match(readFileSync(at("picture.svg"), "utf8"), /^<svg /);
    const played = await standin(["replay", at("runs/b.jsonl"), "--told"]);
    assert.match(played.stdout, / = VI_1: BACKUP → MASTER, no advert[^]* all decided as then$/m);
    const bad = await standin(["simulate", at("bad"), "--json"]);
    assert.equal(bad.code, 1);
    assert.equal(JSON.parse(bad.stdout).missed.length, 1);
    const wrong = await standin(["simulate", at("wrong")]);
    assert.deepEqual([wrong.code, wrong.stdout], [4, ""]);
    const standard = await standin(["simulate", at("near.conf"), at("far.conf")]);
    assert.equal(standard.code, 0, standard.stdout);
    assert.match(standard.stdout, /near crashes and comes back\n {2}VI_1: without a master 3/);
    assert.match(standard.stdout, /\nEach fault lasts 30 s\.\n$/);
    const alone = await standin(["simulate", at("near.conf")]);
    assert.match(alone.stdout, /lasts 30 s\.\nWith the files of the other nodes/);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test("replay shows a recording, and ends with 1 when something is decided otherwise", async () => {
  const path = "test/unit/recording/far.jsonl";
  const told = await standin(["replay", path, "--told", "--instance", "VI_1"]);
  assert.equal(told.code, 0, told.stderr);
  assert.match(told.stdout, /^recorded by standin \S+ on far$/m);
  assert.match(
    told.stdout,
    /< clock\n {28}> send on eth0: .*\n {28}> add 192\.0\.2\.100\/24 to eth0$/m,
  );
  assert.match(told.stdout, /= VI_1: BACKUP → MASTER, no advert from 192\.0\.2\.1 for 3\.72 s$/m);
  assert.match(told.stdout, /^the daemon was stopped\n104 events, all decided as then$/m);
  const late = await standin(["replay", path, "--since", "2026-11-23T08:57:38Z", "--json"]);
  const [head, ...steps] = late.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual([head.kind, steps.at(0).event.kind, steps.at(-1)], [
    "head",
    "stop",
    { kind: "end", why: "stopped", steps: 104, different: 0 },
  ]);
  const directory = mkdtempSync(join(tmpdir(), "si-replay-"));
  try {
    const other = join(directory, "other");
    writeFileSync(other, readFileSync(path, "utf8").replace(/"told":."VI_1: MASTER/, "$& OF IT"));
    const different = await standin(["replay", other, "--told"]);
    assert.equal(different.code, 1);
    assert.match(different.stdout, /! then: VI_1: MASTER OF IT → BACKUP/);
    assert.match(different.stdout, /^104 events, 1 decided otherwise than then$/m);
    writeFileSync(other, readFileSync(path, "utf8").replace('{"at"', "at"));
    const broken = await standin(["replay", other]);
    assert.equal(broken.code, 4);
    assert.equal(broken.stderr, `standin replay: ${other}:2: it is no JSON\n`);
    // What follows is the same whichever runtime it is.
    if (!isExecutable) return;
    const missing = await standin(["replay", join(directory, "nowhere")]);
    assert.deepEqual([missing.code, missing.stdout], [4, ""]);
    assert.equal((await standin(["replay", path, "--instance", "VI_2"])).code, 1);
    assert.equal((await standin(["replay", path, "--since", "soon"])).code, 2);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
