/** `standin simulate` as a step of a pipeline: its exit code, its picture, its JSON. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "../support/test.ts";
import { standin } from "./command.ts";

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
    const good = await standin(["simulate", at("good"), "--svg", at("picture.svg")]);
    assert.equal(good.code, 0, good.stdout);
    assert.match(good.stdout, /b MASTER[^]*as expected in all 2 points/);
    assert.match(readFileSync(at("picture.svg"), "utf8"), /^<svg /);
    const bad = await standin(["simulate", at("bad"), "--json"]);
    assert.equal(bad.code, 1);
    assert.equal(JSON.parse(bad.stdout).missed.length, 1);
    const wrong = await standin(["simulate", at("wrong")]);
    assert.deepEqual([wrong.code, wrong.stdout], [4, ""]);
    const standard = await standin(["simulate", at("near.conf"), at("far.conf")]);
    assert.equal(standard.code, 0, standard.stdout);
    assert.match(standard.stdout, /near crashes and comes back\n {2}VI_1: without a master 3/);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
