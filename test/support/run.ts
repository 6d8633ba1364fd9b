/**
 * `make test`: runs every stage, goes on after a failed one, and ends with the line
 * `N passed, N failed, N skipped`. Each stage's whole output stays in dist/test/; on a failure its
 * end is shown. Interrupted or not, it removes its temporary files, and what a stage left running
 * or standing counts as a failure, by name.
 */
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { clearNetwork, clearProcesses, markerName, takeTraces } from "./leftovers.ts";
import { removeAbandoned } from "./owned.ts";
import { installPackages, missingPackages } from "./peers.ts";
import { runProgram, sideBySide } from "./process.ts";
import { allStages, courses, selectStages, type Stage } from "./stages.ts";
import {
  count,
  describe,
  type Ending,
  judge,
  type Outcome,
  readLog,
  renderSummary,
} from "./summary.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const outputs = join(root, "dist/test");
const isRoot = process.getuid?.() === 0;
const marker = randomBytes(8).toString("hex");
const interruption = new AbortController();

async function main(): Promise<number> {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => interruption.abort());
  }
  const words = (process.env["STAGES"] ?? "").split(/[\s,]+/).filter((word) => word !== "");
  const all = allStages(root);
  const unknown = words.filter((word) => selectStages(all, [word]).length === 0);
  if (unknown.length > 0) {
    console.error(`No stage is called "${unknown.join(" ")}"; there are:`);
    for (const { name } of all) console.error(`  ${name}`);
    return 2;
  }
  const stages = selectStages(all, words);
  rmSync(outputs, { recursive: true, force: true });
  mkdirSync(outputs, { recursive: true });
  const scratch = mkdtempSync(join(tmpdir(), "standin-test-"));
  // Peers that give root away must find their files below it.
  chmodSync(scratch, 0o755);
  if (isRoot) removeAbandoned();
  const outcomes: Outcome[] = installPeers(stages);
  try {
    for (const course of courses(stages)) {
      if (interruption.signal.aborted) break;
      outcomes.push(...await runCourse(course, scratch, outcomes));
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  if (interruption.signal.aborted) {
    outcomes.push({ stage: "run", name: "every stage has its turn", ...failed("interrupted") });
  }
  for (const line of renderSummary(outcomes)) console.log(line);
  return count(outcomes).failed === 0 ? 0 : 1;
}

/** Runs stages side by side; what they leave behind is looked for when all are done. */
async function runCourse(
  stages: readonly Stage[],
  scratch: string,
  earlier: readonly Outcome[],
): Promise<Outcome[]> {
  const before = takeTraces();
  const outcomes = await sideBySide(
    stages,
    processors,
    (stage) => runStage(stage, scratch, earlier),
  );
  const left = [...await clearProcesses(marker), ...clearNetwork(before)];
  if (left.length === 0) return outcomes.flat();
  const stage = stages.map(({ name }) => name).join(", ");
  console.log(`FAILED  ${stage}: left behind: ${left.join("; ")}`);
  return [...outcomes.flat(), {
    stage,
    name: "leaves nothing behind",
    ...failed(left.join("; ")),
  }];
}

async function runStage(
  stage: Stage,
  scratch: string,
  earlier: readonly Outcome[],
): Promise<Outcome[]> {
  const startedAt = performance.now();
  const obstacle = obstacleTo(stage, earlier);
  if (obstacle !== undefined) {
    console.log(`${stage.name.padEnd(26)} skipped: ${obstacle}`);
    return [{ stage: stage.name, name: "the whole suite", outcome: "skipped", reason: obstacle }];
  }
  const runs = runsOf(stage);
  const endings = await sideBySide(
    runs,
    stage.files === undefined ? 1 : lanes,
    (run) =>
      runProgram({
        argv: run.argv,
        directory: root,
        environment: environmentOf(stage, scratch, join(scratch, `${run.name}.jsonl`)),
        outputPath: join(outputs, `${run.name}.log`),
        minutes: stage.minutes,
        interruption: interruption.signal,
      }),
  );
  const outcomes = runs.flatMap((run, at) => {
    const ending = endings[at];
    return ending === undefined ? [] : outcomesOf(stage, run, ending, scratch);
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const logs = runs.map(({ name }) => join(outputs, `${name}.log`));
  report(stage.name, outcomes, seconds, logs);
  if (stage.quotes !== undefined) quote(logs, stage.quotes);
  return outcomes;
}

/** How many stages of a course run at a time. */
const processors = Math.min(availableParallelism(), 4);

/** How many files of a suite that mostly waits run at a time. */
const lanes = 4;

/** One process of a stage; its output and its log are called by its name. */
interface Run {
  readonly name: string;
  readonly argv: readonly string[];
}

function runsOf({ name, argv, files }: Stage): Run[] {
  const stage = name.replaceAll(/[^a-z]+/g, "-");
  if (files === undefined) return [{ name: stage, argv }];
  return files.map((file) => ({
    name: `${stage}-${basename(file, "_test.ts")}`,
    argv: [...argv, file],
  }));
}

type Verdict = Pick<Outcome, "outcome" | "reason">;

function failed(reason: string): Verdict {
  return { outcome: "failed", reason };
}

/** As root, brings what the stages need; a failure is one of its own in CI only. */
function installPeers(stages: readonly Stage[]): Outcome[] {
  if (!isRoot) return [];
  const missing = [...new Set(stages.flatMap(({ peers }) => missingPackages(peers ?? [])))];
  if (missing.length === 0) return [];
  console.log(`installing ${missing.join(" ")}`);
  const problem = installPackages(missing);
  if (problem === undefined) return [];
  console.log(`FAILED  ${problem}`);
  // CI must not lose a suite in silence; somebody's laptop without apt-get may.
  const verdict: Verdict = process.env["CI"] === "true"
    ? failed(problem)
    : { outcome: "skipped", reason: problem };
  return [{ stage: "run", name: `installs ${missing.join(" ")}`, ...verdict }];
}

/** Why a stage can not run here. */
function obstacleTo(stage: Stage, earlier: readonly Outcome[]): string | undefined {
  if (stage.needsBuild === true) {
    const built = earlier.some((one) => one.stage === "build" && one.outcome === "passed");
    if (!built) return "the build failed";
  }
  if (stage.needsRoot !== true) return undefined;
  if (!isRoot) return "needs root";
  const missing = missingPackages(stage.peers ?? []);
  return missing.length === 0 ? undefined : `needs ${missing.join(" ")}`;
}

function environmentOf(stage: Stage, scratch: string, logPath: string): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`,
    TMPDIR: scratch,
    NO_COLOR: "1",
    DENO_NO_UPDATE_CHECK: "1",
    STANDIN_TEST_LOG: logPath,
    [markerName]: marker,
    ...stage.environment,
  };
  // The jobs of an outer make are not ours to hand out.
  for (const name of ["MAKEFLAGS", "MAKELEVEL", "MFLAGS", "STAGES"]) delete environment[name];
  return environment;
}

function outcomesOf(stage: Stage, run: Run, ending: Ending, scratch: string): Outcome[] {
  if (stage.suite) {
    const log = join(scratch, `${run.name}.jsonl`);
    const outcomes = readLog(stage.name, existsSync(log) ? readFileSync(log, "utf8") : "");
    return [...outcomes, ...judge(run.name, ending, outcomes)];
  }
  const reason = describe(ending);
  const verdict: Verdict = reason === undefined ? { outcome: "passed" } : failed(reason);
  return [{ stage: stage.name, name: run.argv.slice(1).join(" "), ...verdict }];
}

const tailLines = 60;

/** What the runtimes write about tests and files that are all right. */
const goodNews = /^$|^\(pass\) |_test\.ts:$|\.\.\. ok \(|^Check \S+$|^running \d+ tests? from /;

/** What the runtimes write when a test failed, or a whole file. */
const badNews = /^\(fail\) |\.\.\. FAILED|^error|^ *[1-9]\d* (fail|error)/;

function report(
  stage: string,
  outcomes: readonly Outcome[],
  seconds: string,
  outputs: readonly string[],
): void {
  const { passed, failed, skipped } = count(outcomes);
  const parts = [`${passed} passed`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (skipped > 0) parts.push(`${skipped} skipped`);
  const verdict = failed === 0 ? "ok" : "FAILED";
  console.log(`${stage.padEnd(26)} ${verdict}  ${parts.join(", ")}  (${seconds} s)`);
  if (failed === 0) return;
  for (const path of outputs) {
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    if (outputs.length > 1 && !lines.some((line) => badNews.test(line))) continue;
    const news = lines.filter((line) => !goodNews.test(line));
    for (const line of news.slice(-tailLines)) console.log(`    ${line}`.trimEnd());
    if (lines.length > tailLines) console.log(`    (all of it: ${path})`);
  }
}

function quote(outputs: readonly string[], wanted: RegExp): void {
  for (const path of outputs) {
    for (const line of readFileSync(path, "utf8").split("\n")) {
      if (wanted.test(line)) console.log(`    ${line}`);
    }
  }
}

// Not process.exit(): it would lose what a pipe has not taken yet.
process.exitCode = await main();
