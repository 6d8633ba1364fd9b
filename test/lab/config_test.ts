/**
 * Goal: `standin -t` ends with the number that Debian's `keepalived -t` ends with, for files made
 * from the table of keywords. Method: both read the same files in a namespace with two interfaces;
 * each disagreement must have its reason in docs/compatibility.md. A seed chooses the files;
 * STANDIN_CONFIG_CASES=all takes all of them.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keepalivedStatusOf } from "../../lib/cli/keepalived_check.ts";
import { loadConfig } from "../../lib/config/mod.ts";
import { configEnvironment } from "../../lib/host/linux/config_files.ts";
import { type Case, keywordCases } from "../support/config/cases.ts";
import { reasonFor, reasons } from "../support/config/disagreement.ts";
import { lexicalCases } from "../support/config/lexical.ts";
import { standinCommand, whyNoLab } from "../support/lab/makes.ts";
import { ownedPrefix } from "../support/owned.ts";
import { repository } from "../support/lab/program.ts";
import { test } from "../support/test.ts";

const wanted = process.env["STANDIN_CONFIG_CASES"] ?? "500";
const seed = Number(process.env["STANDIN_CONFIG_SEED"] ?? "1");
const skip = whyNoLab();
const options = { skip, timeoutMs: 540_000 };
const interfaces = ["lo", "eth0", "eth1"];

/** Of the cases of keywords as many as were asked for, the same for the same seed. */
function chooseCases(): Case[] {
  const all = keywordCases();
  if (wanted === "all") return [...lexicalCases(), ...all];
  let state = seed >>> 0;
  const keyed = all.map((one): [number, Case] => {
    state = Math.imul(state, 1_664_525) + 1_013_904_223 >>> 0;
    return [state, one];
  });
  const chosen = keyed.sort(([a], [b]) => a - b).slice(0, Number(wanted)).map(([, one]) => one);
  return [...lexicalCases(), ...chosen];
}

function run(argv: readonly string[], input = ""): { status: number; stdout: string } {
  const [command = "", ...words] = argv;
  const { status, stdout } = spawnSync(command, words, { encoding: "utf8", input });
  return { status: status ?? 128, stdout };
}

/** A namespace with the interfaces that the files speak of, and a folder for the files. */
class Room {
  readonly name: string = `${ownedPrefix("lab")}-config`;
  readonly folder: string = mkdtempSync(join(tmpdir(), "standin-config-"));

  constructor() {
    this.#ip("netns", "add", this.name);
    for (const [index, name] of ["eth0", "eth1"].entries()) {
      this.inside("ip", "link", "add", name, "type", "veth", "peer", "name", `peer${index}`);
      this.inside("ip", "address", "add", `10.0.${index}.2/24`, "dev", name);
      this.inside("ip", "link", "set", name, "up");
      this.inside("ip", "link", "set", `peer${index}`, "up");
    }
    this.inside("ip", "-6", "address", "add", "2001:db8::2/64", "dev", "eth0");
  }

  inside(...argv: string[]): { status: number; stdout: string } {
    return run(["ip", "netns", "exec", this.name, ...argv]);
  }

  /** The exit codes of `keepalived -t`, one process after the other. */
  keepalived(cases: readonly Case[]): number[] {
    for (const [index, { text }] of cases.entries()) {
      writeFileSync(join(this.folder, `${index}.conf`), text);
    }
    const script = `cd ${this.folder}; i=0; while [ $i -lt ${cases.length} ]; do ` +
      // What makes it crash may also make it run for ever.
      "timeout -s KILL 5 keepalived -t -i mine -f $i.conf >/dev/null 2>&1; " +
      "echo $?; i=$((i+1)); done 2>/dev/null";
    const { stdout } = this.inside("sh", "-c", script);
    return stdout.trim().split("\n").map(Number);
  }

  [Symbol.dispose](): void {
    this.#ip("netns", "delete", this.name);
    rmSync(this.folder, { recursive: true });
  }

  #ip(...words: string[]): void {
    run(["ip", ...words]);
  }
}

test("every disagreement with keepalived -t has its reason", () => {
  using room = new Room();
  const cases = chooseCases();
  const theirs = room.keepalived(cases);
  assert.equal(theirs.length, cases.length);
  const environment = { ...configEnvironment({ configId: "mine" }), interfaces };
  const unexplained: string[] = [];
  let explained = 0;
  for (const [index, one] of cases.entries()) {
    const path = join(room.folder, `${index}.conf`);
    const ours = keepalivedStatusOf(loadConfig(path, environment).diagnostics);
    const their = theirs[index] ?? 0;
    if (ours === their) continue;
    if (reasonFor(one, their, ours) !== undefined) explained++;
    else unexplained.push(`${one.row}: ${one.what}: ${their}, not ${ours}\n${one.text}`);
  }
  const count = `${unexplained.length} of ${cases.length} files have no reason`;
  assert.equal(unexplained.length, 0, `${count}\n${unexplained.slice(0, 5).join("\n")}`);
  assert.ok(cases.length >= 150 && explained < cases.length / 4, `${explained} are explained`);
}, options);

test("the executable ends as its parts say", () => {
  using room = new Room();
  const cases = lexicalCases();
  const environment = { ...configEnvironment({ configId: "mine" }), interfaces };
  mkdirSync(join(room.folder, "deep"));
  for (const [index, { row, text }] of cases.entries()) {
    if (index % 6 !== 0) continue;
    const path = join(room.folder, `${index}.conf`);
    writeFileSync(path, text);
    const expected = keepalivedStatusOf(loadConfig(path, environment).diagnostics);
    const { status } = room.inside(...standinCommand, "-t", "-i", "mine", "-f", path);
    assert.equal(status, expected, row);
  }
  const { status } = room.inside(...standinCommand, "-t", "-f", join(room.folder, "none.conf"));
  assert.equal(status, 4, "a missing file");
}, options);

test("docs/compatibility.md has every reason", () => {
  const text = readFileSync(join(repository, "docs/compatibility.md"), "utf8");
  const [, table = ""] = text.split("## Exit codes of `-t`");
  for (const { situation } of reasons) {
    assert.ok(table.includes(`| ${situation} |`), `no row for: ${situation}`);
  }
});
