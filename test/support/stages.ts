/**
 * The stages of `make test`, as data, in the order in which they run. A stage is one process, or
 * one for each of its files; its words are what `STAGES="unit lab"` selects by. Stages that test an
 * executable or a real network say what they need, and are skipped by name where it can not be had.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { kernelPeers, labPeers, type Peer, smokePeers, unitPeers } from "./peers.ts";

/** One step of the run. */
export interface Stage {
  readonly name: string;
  readonly argv: readonly string[];
  /** Files of tests that `argv` is to be run with, each by itself and some at a time. */
  readonly files?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether its tests log their outcomes; another stage counts as one test. */
  readonly suite: boolean;
  /** Stages of the same course follow each other and run side by side. */
  readonly course?: "desk" | "smoke";
  readonly minutes: number;
  /** Lines of its output that belong to the result. */
  readonly quotes?: RegExp;
  /** Programs to be installed beforehand, where this is root's run. */
  readonly peers?: readonly Peer[];
  /** Whether it can not run without root and all of its peers. */
  readonly needsRoot?: boolean;
  /** Whether it is pointless without `dist/standin`. */
  readonly needsBuild?: boolean;
}

type Runtime = "deno" | "bun";

/** Every stage for which the tree at `root` has files. */
export function allStages(root: string): Stage[] {
  const program = (name: string): string => join(root, "node_modules/.bin", name);
  const deno = program("deno");
  const bun = program("bun");
  const page = "lib/status/page";
  const sources = ["main.ts", "lib", "ffi", "test"].filter((path) => existsSync(join(root, path)));

  function check(name: string, ...argv: string[]): Stage {
    return { name, argv, suite: false, course: "desk", minutes: 5 };
  }
  function suite(name: string, folder: string, runtime: Runtime, more?: Partial<Stage>): Stage[] {
    const files = testsIn(root, folder);
    if (files.length === 0) return [];
    const argv = runtime === "deno" ? [deno, "test", "-A", "--no-check"] : [bun, "test"];
    const what = waiting.includes(folder)
      ? { argv, files }
      : { argv: [...argv, `./test/${folder}/`], course: "desk" as const };
    return [{ name, ...what, suite: true, minutes: 10, ...more }];
  }
  function command(...words: string[]): Partial<Stage> {
    const environment = { STANDIN_COMMAND: JSON.stringify(words) };
    return { environment, peers: smokePeers, needsBuild: words.length === 1 };
  }
  const compiled = command(join(root, "dist/standin"));
  const fromDeno = command(deno, "run", "-A", join(root, "main.ts"));
  const fromBun = command(bun, join(root, "main.ts"));
  const smoke: Partial<Stage> = { course: "smoke" };
  const lab: Partial<Stage> = { peers: labPeers, needsRoot: true };
  // On the other runtime only what the runtime has a part in: sockets, processes, files, clocks.
  const onceMore = testsIn(root, "lab").filter((file) =>
    !onOneRuntime.has(basename(file, "_test.ts"))
  );
  const kernel: Partial<Stage> = { peers: kernelPeers, needsRoot: true };
  const unit: Partial<Stage> = { peers: unitPeers };

  return [
    check("format", deno, "fmt", "--check"),
    check("lint", deno, "lint"),
    check("types", deno, "check", ...sources),
    check("types of the page", deno, "check", "-c", `${page}/deno.json`, `${page}/main.js`),
    ...suite("swarm", "swarm", "bun", { minutes: 10 + 2 * swarmMinutes, quotes: /^swarm: / }),
    ...suite("unit on deno", "unit", "deno", unit),
    ...suite("sim on deno", "sim", "deno"),
    ...suite("fuzz on deno", "fuzz", "deno"),
    ...suite("unit on bun", "unit", "bun", unit),
    ...suite("sim on bun", "sim", "bun"),
    ...suite("fuzz on bun", "fuzz", "bun"),
    check("build", "make", "dist/standin"),
    ...suite("smoke of dist/standin", "smoke", "bun", { ...compiled, ...smoke }),
    ...suite("smoke of main.ts on deno", "smoke", "deno", { ...fromDeno, ...smoke }),
    ...suite("smoke of main.ts on bun", "smoke", "bun", { ...fromBun, ...smoke }),
    ...suite("lab with dist/standin", "lab", "bun", { ...compiled, ...lab, quotes: /^page: / }),
    ...suite("lab with main.ts on deno", "lab", "deno", {
      ...fromDeno,
      ...lab,
      files: onceMore,
      environment: { ...fromDeno.environment, LAB_ONCE_MORE: "1" },
    }),
    ...suite("kernel with dist/standin", "kernel", "bun", { ...compiled, ...kernel }),
  ];
}

/** Stages that run side by side together, in the order of the stages. */
export function courses(stages: readonly Stage[]): Stage[][] {
  const courses: Stage[][] = [];
  for (const stage of stages) {
    const last = courses.at(-1);
    const joins = stage.course !== undefined && last?.[0]?.course === stage.course;
    if (last !== undefined && joins) last.push(stage);
    else courses.push([stage]);
  }
  return courses;
}

/** The nightly run: how long the swarm goes on, in minutes; otherwise it plays so many seeds. */
const swarmMinutes = Number(process.env["SWARM_MINUTES"] ?? 0);

/** Suites that mostly wait for the network: their files run side by side. */
const waiting: readonly string[] = ["smoke", "lab", "kernel"];

/**
 * Files of the lab for which one runtime is enough: they show what the core decides, compare with
 * keepalived over and over, or are about time, the box or a browser.
 */
const onOneRuntime: ReadonlySet<string> = new Set([
  ..."authentication plan reload_many routing sync_group unicast wire".split(" "),
  ..."config rubbish same twice".split(" "),
  ..."docs doctor pace page prometheus".split(" "),
]);

/**
 * Files that take longest, or wait most, though they are small, in the order in which they begin:
 * one of these begun last is waited for alone.
 */
const longest: readonly string[] = "same pairing docs pace twice ipvlan ipvlan_takeover link".split(
  " ",
);

/** The files of a suite, the ones that take longest first: these are likely the largest. */
function testsIn(root: string, folder: string): string[] {
  const path = join(root, "test", folder);
  if (!existsSync(path)) return [];
  const size = (name: string): number => statSync(join(path, name)).size;
  const turn = (name: string): number => {
    const at = longest.indexOf(basename(name, "_test.ts"));
    return at < 0 ? longest.length : at;
  };
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith("_test.ts"))
    .sort((a, b) => turn(a) - turn(b) || size(b) - size(a))
    .map((name) => `./test/${folder}/${name}`);
}

/** The stages that one of the words selects, with the build where one of them needs it. */
export function selectStages(stages: readonly Stage[], words: readonly string[]): Stage[] {
  if (words.length === 0) return [...stages];
  const chosen = (stage: Stage): boolean =>
    stage.name.split(" ").some((word) => words.includes(word));
  const building = stages.some((stage) => chosen(stage) && stage.needsBuild === true);
  return stages.filter((stage) => chosen(stage) || (building && stage.name === "build"));
}
