/**
 * Every command ends with each of its exit codes, as help and manual say; and what is asked for as
 * JSON is JSON, whatever the answer is. Daemons are canned here; what takes a real one, a network
 * or a terminal is shown elsewhere, by name.
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CommandName, commands } from "../../../lib/cli/commands.ts";
import { commandExits } from "../../../lib/cli/exit_words.ts";
import { type Played, runCommandLines } from "../../support/command_lines.ts";
import { type Answers, FakeDaemon } from "../../support/fake_daemon.ts";
import { test } from "../../support/test.ts";
import { example, outside } from "../status/example.ts";

/** A line, its exit code, and what its JSON is asked for: not at all where there is none. */
interface Case {
  readonly words: string;
  readonly code: number;
  readonly json?: "lines" | "none";
}

/** Codes that are shown by other tests. */
const elsewhere: Readonly<Partial<Record<CommandName, readonly number[]>>> = {
  // smoke/daemon_test.ts, lab/life_test.ts
  run: [0, 1, 2, 4, 6],
  // smoke/demo_test.ts
  demo: [0, 1],
  // lab/sniff_test.ts and lab/doctor_test.ts
  sniff: [0],
  doctor: [0],
  // smoke/init_test.ts
  init: [0, 1],
  // unit/config/commands_test.ts, unit/cli/plan_test.ts
  check: [6],
  // unit/service_test.ts: a service that is enabled on this very machine
  uninstall: [1],
};

const done = { changes: ["a"], stopping: ["b"], pending: true };
const report = { applied: true, ...done, diagnostics: [] };
const plan = { possible: true, file: "/a", blocks: [], untouched: 1, diagnostics: [] };
const block = { block: "vrrp_instance", name: "A", changes: ["b"], consequences: [] };

function problem(severity: string): object {
  return { severity, code: "c", message: "m" };
}

function planOf(more: object): Answers {
  return { "POST /plan": { body: { ...plan, ...more } } };
}

const handedOver = {
  ...example,
  instances: [{ ...outside, name: "VI_1", state: "BACKUP", master: { address: "a", priority: 1 } }],
};
const events = { "GET /events": { body: { file: "/nowhere", events: [] } } };
const changed = { servers: [{ server: "a", virtualServer: "b", state: "drained" }] };

/** Daemons by name, with what they answer; one that is not in here is not there. */
const daemons: Readonly<Record<string, Answers>> = {
  well: {
    "GET /status": { body: example },
    ...events,
    "POST /reload": { body: report },
    "POST /maintenance": { body: {} },
    "POST /server": { body: changed },
    ...planOf({}),
  },
  grim: {
    "GET /status": { body: example },
    "POST /reload": { status: 500, body: { error: "no" } },
    "POST /maintenance": { status: 400, body: { error: "no" } },
    "POST /failover": { body: { handedOver: [] } },
    "POST /stop": { status: 500, body: { error: "no" } },
    "POST /server": { status: 404, body: { error: "no" } },
  },
  yields: {
    "GET /status": { body: handedOver },
    "POST /failover": { body: { handedOver: ["VI_1"] } },
  },
  refuses: {
    "POST /reload": { status: 409, body: { ...report, applied: false } },
    ...planOf({ possible: false, diagnostics: [problem("error")] }),
  },
  changes: planOf({ blocks: [block] }),
  blind: planOf({ possible: false, diagnostics: [problem("fatal")] }),
  insecure: planOf({ possible: false, diagnostics: [problem("security")] }),
  ends: { "POST /stop": { body: {}, closes: true } },
};

function casesFor(directory: string, port: number): Case[] {
  const at = (name: string): string => join(directory, name);
  const asked: (readonly [string, Readonly<Record<string, number>>])[] = [
    ["status", { well: 0, nobody: 3 }],
    ["status VI_2", { well: 0 }],
    ["status VI_9", { well: 1 }],
    ["events", { well: 0, nobody: 3 }],
    ["explain VI_1", { well: 0, nobody: 3 }],
    ["explain VI_9", { well: 1 }],
    ["reload", { well: 0, grim: 1, refuses: 5, nobody: 3 }],
    ["maintenance on --for 5s", { well: 0, grim: 1, nobody: 3 }],
    ["failover VI_1", { yields: 0, grim: 1, nobody: 3 }],
    ["server drain a", { well: 0, grim: 1, nobody: 3 }],
    ["server list", { well: 0, nobody: 3 }],
    ["plan", { well: 0, grim: 1, changes: 2, refuses: 5, blind: 4, insecure: 6, nobody: 3 }],
    ["stop", { ends: 0, grim: 1, nobody: 3 }],
  ];
  return [
    ...asked.flatMap(([words, codes]) =>
      Object.entries(codes).map(([daemon, code]) => (
        { words: `${words} --run-dir ${at(daemon)}`, code }
      ))
    ),
    { words: "explain keyword advert_int", code: 0 },
    { words: "explain keyword advert_nit", code: 1 },
    { words: `check ${at("good.conf")}`, code: 0 },
    { words: `check ${at("bad.conf")}`, code: 5 },
    { words: `check ${at("none.conf")}`, code: 4 },
    { words: `simulate ${at("good.scenario")}`, code: 0 },
    { words: `simulate ${at("bad.scenario")}`, code: 1 },
    { words: `simulate ${at("none.scenario")}`, code: 4 },
    { words: "replay test/unit/recording/far.jsonl --told", code: 0, json: "lines" },
    { words: `replay ${at("other.jsonl")} --told`, code: 1, json: "lines" },
    { words: `replay ${at("none.jsonl")}`, code: 4 },
    { words: "sniff nowhere0 --for 1s", code: 1 },
    { words: `doctor ${at("good.conf")} --for 0s --run-dir ${at("nobody")}`, code: 1 },
    { words: `doctor ${at("none.conf")} --run-dir ${at("nobody")}`, code: 4 },
    { words: `fmt ${at("good.conf")}`, code: 0 },
    { words: `fmt --check ${at("good.conf")}`, code: 1 },
    { words: `fmt ${at("torn.conf")}`, code: 5 },
    { words: `fmt ${at("none.conf")}`, code: 4 },
    { words: `convert ${at("good.conf")}`, code: 0 },
    { words: `convert ${at("torn.conf")}`, code: 5 },
    { words: `convert ${at("none.conf")}`, code: 4 },
    { words: "schema", code: 0 },
    { words: `digest http://127.0.0.1:${port}/`, code: 0 },
    { words: "digest http://127.0.0.1:1/", code: 1 },
    { words: `install --openrc --root ${at("root")}`, code: 0 },
    { words: `install --root ${at("empty")}`, code: 1 },
    { words: `uninstall --root ${at("root")}`, code: 0 },
    { words: "completion bash", code: 0, json: "none" },
    { words: "man", code: 0, json: "none" },
    { words: "--version", code: 0 },
  ];
}

const good = "vrrp_instance VI_1 {\ninterface lan0\nvirtual_router_id 51\npriority 100\n" +
  "virtual_ipaddress {\n10.0.0.100/24\n}\n}\nglobal_defs {\ndynamic_interfaces\n}\n";

function writeFiles(directory: string): void {
  const recording = readFileSync("test/unit/recording/far.jsonl", "utf8");
  const story = "node a good.conf\nnode b good.conf\n10s crash b\nlasts 20s\n";
  const files = {
    "good.conf": good,
    "bad.conf": good.replace("priority", "prioritty"),
    "torn.conf": `${good}}\n`,
    "good.scenario": `${story}expect VI_1 outage 9s\n`,
    "bad.scenario": `${story}expect VI_1 outage 1ms\n`,
    "other.jsonl": recording.replace("no advert from 192.0.2.1", "no advert from 192.0.2.9"),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  for (const name of ["root", "empty", "nobody"]) mkdirSync(join(directory, name));
}

/** Plays all lines with and without --json, beside the daemons that they ask. */
async function playAll(
  body: (cases: readonly (Case & { readonly plain: Played; readonly asJson: Played })[]) => void,
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "standin-exit-"));
  const web = createServer((_, response) => response.end("hello"));
  await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
  const open = Object.entries(daemons).map(([name, answers]) => (
    new FakeDaemon(answers, join(directory, name))
  ));
  try {
    for (const daemon of open) await daemon.open();
    writeFiles(directory);
    const cases = casesFor(directory, (web.address() as AddressInfo).port);
    const plain = await runCommandLines(cases.map(({ words }) => words.split(" ")));
    for (const daemon of open) await daemon.open();
    const asked = cases.map(({ words, json }) => (
      json === "none" ? words.split(" ") : [...words.split(" "), "--json"]
    ));
    const asJson = await runCommandLines(asked);
    const nothing = { code: NaN, stdout: "", stderr: "" };
    body(cases.map((one, index) => (
      { ...one, plain: plain[index] ?? nothing, asJson: asJson[index] ?? nothing }
    )));
  } finally {
    for (const daemon of open) daemon.close();
    web.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

test("every command ends with its exit codes, and with JSON when it is asked for", async () => {
  await playAll((cases) => {
    const shown = new Map<string, Set<number>>();
    for (const { words, code, json, plain, asJson } of cases) {
      const told = `${words}\n${plain.stdout}\n${plain.stderr}\n${asJson.stderr}`;
      assert.deepEqual([plain.code, asJson.code], [code, code], told);
      // No colours and no progress where there is no terminal.
      assert.ok(!`${plain.stdout}${plain.stderr}${asJson.stderr}`.includes("\x1b"), told);
      const [name = ""] = words.split(" ");
      shown.set(name, (shown.get(name) ?? new Set()).add(code));
      if (json === "none") continue;
      // Whoever gets no JSON is told why, in words.
      const texts = json === "lines" ? asJson.stdout.trim().split("\n") : [asJson.stdout];
      if (asJson.stdout === "") assert.match(asJson.stderr, /\S/, words);
      else for (const text of texts) assert.doesNotThrow(() => JSON.parse(text), told);
      if (code === 0) assert.notEqual(asJson.stdout, "", words);
    }
    for (const name of commands) {
      const missing = Object.keys(commandExits[name]).map(Number)
        .filter((code) => shown.get(name)?.has(code) !== true)
        .filter((code) => elsewhere[name]?.includes(code) !== true);
      assert.deepEqual(missing, [], `${name} is not seen to end with these`);
      for (const code of shown.get(name) ?? []) {
        assert.ok(code in commandExits[name], `${name} ends with ${code}, which it does not say`);
      }
    }
  });
}, { timeoutMs: 240_000 });

test("a command line that is wrong is 2, and 1 where 2 is an answer", async () => {
  const played = await runCommandLines(commands.map((name) => [name, "--no-such-option"]));
  for (const [index, name] of commands.entries()) {
    const { code, stdout, stderr } = played[index] ?? { code: NaN, stdout: "", stderr: "" };
    assert.deepEqual([code, stdout], [name === "plan" ? 1 : 2, ""], name);
    assert.match(stderr, /^standin[^\n]+\n$/, name);
  }
});
