/**
 * Files nobody would write: the golden configurations with lines lost, doubled, swapped and torn.
 * Whatever comes out, reading must not throw, must end soon, must point at places that exist, and
 * must only give models that the engine may rely on. A canary with a planted mistake proves that
 * the search would find one. STANDIN_FUZZ_RUNS and STANDIN_FUZZ_SEED change how long and where.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";
import { equalPlain } from "../../lib/base/mod.ts";
import { type Diagnostic, loadConfig, type Model, renderDiagnostic } from "../../lib/config/mod.ts";
import { test } from "../support/test.ts";
import { testEnvironment } from "../unit/config/memory.ts";

const runs = Number(process.env["STANDIN_FUZZ_RUNS"] ?? "8000");
const seed = Number(process.env["STANDIN_FUZZ_SEED"] ?? "1");
/** How much more memory may be in use in the second half of a search: nothing is kept. */
const memoryGrowthMax = 16 * 1024 * 1024;
/** Files between two looks at the memory. */
const heapEvery = 500;
/** Twice what the largest case takes with both cores at work; a quadratic step takes minutes. */
const slowestMs = 10_000;

const golden = new URL("../unit/config/golden/", import.meta.url);
const seeds = readdirSync(golden).filter((name) => name.endsWith(".txt")).sort()
  .map((name) => readFileSync(new URL(name, golden), "utf8").split(/^(?:-{79}|=== .*)$/m)[0] ?? "");

const snippets = [
  ..."{}\"'#!@$~\\ \n\t\0\u00e9",
  ..."${X} $X $X= $X=\\ ~SEQ(X,3) ~SEQ(X,1,40) ~LST(X,1,2) ~SEQ( @node1 @^ @standin \\# ${_HASH}"
    .split(" "),
  "include other",
  "include *",
  "vrrp_instance Z {",
  "virtual_ipaddress {",
  "}\n}",
  "-1",
  "256",
  "4294967296",
  "0.0000001",
  "fe80::1/64",
  "10.0.0.1/33",
  "x".repeat(1100),
];

/** A small generator of numbers that is the same everywhere. */
function* numbers(start: number): Generator<number, never> {
  let state = start >>> 0;
  while (true) {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    yield ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  }
}

function mutate(below: (limit: number) => number): string {
  let text = seeds[below(seeds.length)] ?? "";
  for (let count = 1 + below(6); count > 0; count--) {
    const at = below(text.length + 1);
    const to = Math.min(text.length, at + below(40));
    const lines = text.split("\n");
    const line = below(lines.length);
    switch (below(6)) {
      case 0:
        text = text.slice(0, at) + text.slice(to);
        break;
      case 1:
        text = text.slice(0, at) + (snippets[below(snippets.length)] ?? "") + text.slice(at);
        break;
      case 2:
        text = lines.toSpliced(line, 1).join("\n");
        break;
      case 3:
        text = lines.toSpliced(below(lines.length), 0, lines[line] ?? "").join("\n");
        break;
      case 4:
        text = text.slice(0, at) + text.slice(at, to) + text.slice(at);
        break;
      default:
        text = lines.concat((seeds[below(seeds.length)] ?? "").split("\n").slice(0, 12)).join("\n");
    }
  }
  return text;
}

/** Searches; the answer is the first text that the target fails on. */
function search(count: number, target: (text: string) => void): string | undefined {
  const source = numbers(seed);
  function below(limit: number): number {
    return Math.floor(source.next().value * limit);
  }
  for (let run = 0; run < count; run++) {
    const text = mutate(below);
    try {
      target(text);
    } catch (error) {
      return `run ${run} of seed ${seed}: ${error}\n${text}`;
    }
  }
  return undefined;
}

function readAndCheck(text: string): void {
  const files = { "test.conf": text, other: "include test.conf\npriority 7\n" };
  const environment = testEnvironment(files);
  const start = process.cpuUsage();
  const { model, diagnostics } = loadConfig("test.conf", environment);
  // Time of this process only: another that has the processor is no slowness of ours.
  const { user, system } = process.cpuUsage(start);
  assert.ok(user + system < slowestMs * 1000, "too slow");
  assert.equal(model === undefined, diagnostics.some(({ severity }) => severity === "fatal"));
  for (const diagnostic of diagnostics) checkDiagnostic(diagnostic, text);
  if (model === undefined) return;
  checkModel(model);
  if (text.length % 8 !== 0) return;
  assert.ok(equalPlain(loadConfig("test.conf", environment).model, model), "not deterministic");
}

function checkDiagnostic(diagnostic: Diagnostic, text: string): void {
  assert.ok(renderDiagnostic(diagnostic).includes(diagnostic.message));
  const { span, sourceLine } = diagnostic;
  if (span === undefined) return;
  assert.ok(span.line >= 1 && span.column >= 1 && span.length >= 1, JSON.stringify(span));
  assert.ok(sourceLine !== undefined && span.column <= sourceLine.length + 1, sourceLine);
  if (span.file !== "test.conf" || diagnostic.code === "line-too-long") return;
  const written = text.split("\n")[span.line - 1]?.replace(/\r$/, "") ?? "";
  // Keys are not shown.
  const key = /\*+$/.exec(sourceLine)?.[0].length ?? 0;
  assert.equal(written.length, sourceLine.length);
  assert.equal(written.slice(0, written.length - key), sourceLine.slice(0, written.length - key));
}

function checkModel(model: Model): void {
  const names = model.instances.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const plan of model.instances) {
    assert.ok(plan.basePriority >= 1 && plan.basePriority <= 255);
    assert.ok(plan.vrid >= 1 && plan.vrid <= 255);
    assert.equal(plan.advertInterval % (plan.version === 2 ? 1_000_000 : 10_000), 0);
    assert.ok(plan.advertInterval > 0 && plan.addresses.length <= 255);
    assert.ok(plan.addresses.every(({ address }) => address.family === plan.family));
    assert.equal(plan.multicastGroup.family, plan.family);
    assert.ok(plan.preempt || plan.preemptDelay === 0);
  }
  for (const { members } of model.syncGroups) {
    assert.ok(members.length > 0 && members.every((member) => names.includes(member)));
  }
}

test(`${runs} torn configurations are read without a trap`, () => {
  const start = performance.now();
  const samples: number[] = [];
  let count = 0;
  const found = search(runs, (text) => {
    readAndCheck(text);
    if (++count % heapEvery === 0) samples.push(process.memoryUsage().heapUsed);
  });
  assert.equal(found, undefined);
  // Garbage comes and goes; what is left right after it went must not grow.
  const half = samples.length >> 1;
  const growth = Math.min(...samples.slice(half)) - Math.min(...samples.slice(0, half));
  // In a short search the runtime need not have collected anything yet.
  if (runs <= 100_000) return;
  assert.ok(growth < memoryGrowthMax, `memory grew by ${growth} octets`);
  const rate = Math.round(runs / (performance.now() - start) * 1000);
  process.stderr.write(`${rate} files a second, memory ${growth >> 10} KiB more\n`);
}, { timeoutMs: Math.max(600_000, runs * 3) });

/** A line a hundred thousand times: what one line takes must not grow with the others. */
const repeated: readonly string[] = [
  "~SEQ(N, 99999) word$N",
  "vrrp_instance V {\n~SEQ(N, 99999) word$N on\n}",
  "vrrp_instance V {\nvirtual_routes {\n~SEQ(N, 99999) 10.0.0.0/24 via 192.0.2.1 word$N\n}\n}",
  "vrrp_instance V {\nvirtual_ipaddress {\n~SEQ(A, 400) ~SEQ(B, 255) 10.0.$A.$B/24 word\n}\n}",
  "vrrp_instance V {\ntrack_script {\n~SEQ(N, 99999) word$N\n}\n}",
  "~SEQ(N, 30000) vrrp_instance V${N} { interface eth0 }\n" +
  "vrrp_sync_group G { group {\n~SEQ(N, 60000) V${N}\n}\ntrack_interface {\n~SEQ(N, 60000) e$N\n}}",
  "~SEQ(N, 60000) vrrp_script word${N} { script /bin/true }",
  "~SEQ(N, 99999) include word$N",
  "$A=x ${A} x\n~SEQ(N, 99999) $A",
];

test("a line repeated without end is read in a bounded time", () => {
  for (const text of repeated) readAndCheck(`${text}\n`);
}, { timeoutMs: 600_000 });

test("the search would find a mistake (canary)", () => {
  const found = search(2000, (text) => {
    assert.ok(!/^~SEQ[^)]*$/m.test(text), "an open parenthesis");
  });
  assert.ok(found !== undefined);
});
