/**
 * `standin simulate`: the engine of the daemon on a virtual network in virtual time. With a
 * scenario it is played and held against what it expects; with configurations alone the standard
 * faults are played against them.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import {
  assemble,
  type Assembled,
  calledByRouterId,
  faultLastsMs,
  type HistoryReport,
  judgeExpectations,
  lengthsOf,
  mastersAt,
  type NodeFile,
  pictureOf,
  play,
  type PlayOptions,
  readScript,
  reportOf,
  type Scenario,
  standardFaults,
} from "../simulate/mod.ts";
import { exitCode } from "./exit.ts";
import { complain, print } from "./output.ts";
import { Progress } from "./progress.ts";
import { SimulatedRecordings } from "./simulated_recordings.ts";

/** What can be said about a simulation. */
export interface SimulateArguments {
  readonly files: readonly string[];
  readonly svg: string | undefined;
  /** A directory for recordings of the nodes. */
  readonly record: string | undefined;
  readonly seed: number | undefined;
  readonly json: boolean;
}

/** Who plays what; a file that can not be used throws a sentence. */
class Unusable extends Error {}

/** `standin simulate`. */
export function runSimulate(words: SimulateArguments): number {
  try {
    const [first = ""] = words.files;
    const text = readText(first);
    const isScenario = words.files.length === 1 && /^\s*node\s/m.test(text) && !text.includes("{");
    return isScenario ? playScript(first, text, words) : playStandard(words);
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    complain(`standin simulate: ${error.message}`);
    return exitCode.cannotRun;
  }
}

function playScript(path: string, text: string, words: SimulateArguments): number {
  const { script, problems } = readScript(text);
  if (problems.length > 0) throw new Unusable(`${path}: ${problems.join(`\n  ${path}: `)}`);
  const at = (name: string): string => resolve(dirname(path), name);
  const files = script.nodes.map(({ name, path: file }) => ({ name, config: readText(at(file)) }));
  const assembled = usable(assemble(files, script));
  const acts = script.acts.map((act) =>
    act.kind === "reload" ? { ...act, config: readText(at(act.config)) } : act
  );
  const starts = files.flatMap(({ name }) => {
    // Whoever is started later is not there before.
    const [first] = acts.filter((act) => "node" in act && act.node === name)
      .toSorted((a, b) => a.atMs - b.atMs);
    return first?.kind === "start" ? [] : [{ kind: "start", node: name, atMs: 0 } as const];
  });
  const last = Math.max(0, ...acts.map(({ atMs }) => atMs));
  const lastsMs = script.lastsMs ?? last + 30_000;
  const { seed } = script;
  const { nodes, segments } = assembled;
  const scenario = {
    seed: words.seed ?? seed,
    nodes,
    segments,
    acts: [...starts, ...acts],
    lastsMs,
  };
  const { record } = words;
  const report = record === undefined ? playOne(scenario) : playRecorded(scenario, record);
  const missed = judgeExpectations(report, script.expectations);
  if (words.svg !== undefined) writeFileSync(words.svg, pictureOf(report));
  if (words.json) print(JSON.stringify({ ...report, missed }, null, 2));
  else {
    print(render(report));
    for (const sentence of missed) print(`NOT AS EXPECTED: ${sentence}`);
    const count = script.expectations.length;
    if (missed.length === 0 && count > 0) print(`as expected in all ${count} points`);
  }
  return missed.length + report.objections.length > 0 ? exitCode.failed : exitCode.ok;
}

function playStandard({ files, svg, record, seed = 1, json }: SimulateArguments): number {
  if (svg !== undefined || record !== undefined) {
    throw new Unusable("--svg and --record are for a scenario, which has one history");
  }
  const nodes = calledByRouterId(files.map((path): NodeFile => ({
    name: nodeName(path, files),
    config: readText(path),
  })));
  const assembled = usable(assemble(nodes, { addresses: [], wires: [] }));
  const progress = new Progress();
  const results = standardFaults(assembled, seed).map(({ title, scenario }, index, { length }) => {
    progress.say(`playing ${index + 1} of ${length}: ${title}`);
    return { title, report: playOne(scenario) };
  });
  progress.end();
  const failed = results.filter(({ report }) => troubles(report).length > 0);
  if (json) print(JSON.stringify(results, null, 2));
  else {
    for (const { title, report } of results) print(renderFault(title, report));
    print(`Each fault lasts ${time(faultLastsMs)}.`);
    if (files.length === 1) print("With the files of the other nodes, too, they stand in for it.");
  }
  return failed.length > 0 ? exitCode.failed : exitCode.ok;
}

/** `near.conf` is `near`; files of one name are told apart by their folders. */
function nodeName(path: string, all: readonly string[]): string {
  const short = basename(path).replace(/\.\w+$/, "");
  const alike = all.filter((other) => basename(other) === basename(path)).length > 1;
  return alike ? basename(dirname(resolve(path))) : short;
}

function playRecorded(scenario: Scenario, directory: string): HistoryReport {
  const recordings = new SimulatedRecordings();
  const report = playOne(scenario, { decides: ({ name }, now) => recordings.decides(name, now) });
  try {
    recordings.save(directory);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Unusable(`cannot record into "${directory}": ${why}`);
  }
  return report;
}

function playOne(scenario: Scenario, options: PlayOptions = {}): HistoryReport {
  try {
    return reportOf(play(scenario, options), scenario);
  } catch (error) {
    throw new Unusable(error instanceof Error ? error.message : String(error));
  }
}

function usable(assembled: Assembled): Assembled {
  if (assembled.problems.length > 0) throw new Unusable(assembled.problems.join("\n  "));
  return assembled;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new Unusable(`cannot read "${path}": ${error instanceof Error ? error.message : error}`);
  }
}

/** What a person has to look at. */
function troubles({ routers, lastsMs, objections }: HistoryReport): string[] {
  const headless = routers.filter((router) => mastersAt(router, lastsMs - 1).length !== 1);
  return [
    ...headless.map((router) => {
      const masters = mastersAt(router, lastsMs - 1).join(" and ") || "nobody";
      return `${router.name}: in the end ${masters} is master`;
    }),
    ...objections,
  ];
}

function renderFault(title: string, report: HistoryReport): string {
  const lines = report.routers.map((router) => {
    const [outage, two] = [lengthsOf(router.outages), lengthsOf(router.doubles)];
    const end = mastersAt(router, report.lastsMs - 1).join(" and ") || "nobody";
    return `  ${router.name}: without a master ${time(outage.sumMs)}, with two ${
      time(two.sumMs)
    }; ` +
      `in the end ${end}`;
  });
  return [title, ...lines, ...troubles(report).map((one) => `  ! ${one}`)].join("\n");
}

function render(report: HistoryReport): string {
  const { routers, acts, nodes, objections } = report;
  const blocks = routers.map((router) => {
    const events = router.nodes.flatMap(({ node, stretches }) =>
      stretches.filter(({ why }) => why !== "").map(({ state, fromMs, why }) => (
        { atMs: fromMs, text: `${node} ${state}: ${why}` }
      ))
    );
    const done = acts.filter(({ atMs }) => atMs > 0).map(({ atMs, text }) => (
      { atMs, text: `* ${text}` }
    ));
    const lines = [...done, ...events].toSorted((a, b) => a.atMs - b.atMs)
      .map(({ atMs, text }) => `${(atMs / 1000).toFixed(3).padStart(10)} s  ${text}`);
    const [outage, two] = [lengthsOf(router.outages), lengthsOf(router.doubles)];
    return [
      router.name,
      ...lines,
      `  without a master: ${time(outage.sumMs)}, at most ${time(outage.mostMs)} at a time; ` +
      `with two: ${time(two.sumMs)}`,
    ].join("\n");
  });
  const counts = nodes.map(({ node, sent, told }) =>
    `${node}: ${sent} packets sent, ${told} changes of state told`
  );
  return [...blocks, ...counts, ...objections.map((one) => `OBJECTION: ${one}`)].join("\n");
}

function time(ms: number): string {
  return ms < 1000 ? `${Math.round(ms * 10) / 10} ms` : `${Math.round(ms) / 1000} s`;
}
