/**
 * The stages of `make test`, as data, in the order in which they run. A stage is one process; its
 * words are what `STAGES="unit lab"` selects by. Stages that test an executable or a real network
 * say what they need, and are skipped by name where it can not be had.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { kernelPeers, labPeers, type Peer } from "./peers.ts";

/** One step of the run. */
export interface Stage {
  readonly name: string;
  readonly argv: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether its tests log their outcomes; another stage counts as one test. */
  readonly suite: boolean;
  readonly minutes: number;
  /** Programs that have to be installed; such a stage needs root, too. */
  readonly peers?: readonly Peer[];
  /** Whether it is pointless without `dist/standin`. */
  readonly needsBuild?: boolean;
}

type Runtime = "deno" | "bun";

/** Every stage for which the tree at `root` has files. */
export function allStages(root: string): Stage[] {
  const program = (name: string): string => join(root, "node_modules/.bin", name);
  const deno = program("deno");
  const bun = program("bun");
  const executable = join(root, "dist/standin");
  const sources = ["main.ts", "lib", "ffi", "test"].filter((path) => existsSync(join(root, path)));

  function check(name: string, ...argv: string[]): Stage {
    return { name, argv, suite: false, minutes: 3 };
  }
  function suite(name: string, folder: string, runtime: Runtime, more?: Partial<Stage>): Stage[] {
    if (!hasTests(join(root, "test", folder))) return [];
    const path = `./test/${folder}/`;
    const argv = runtime === "deno"
      ? [deno, "test", "-A", "--no-check", path]
      : [bun, "test", path];
    return [{ name, argv, suite: true, minutes: 5, ...more }];
  }
  function command(line: string): Partial<Stage> {
    const needsBuild = line === executable;
    return { environment: { STANDIN_COMMAND: line }, needsBuild };
  }
  const fromDeno = command(`${deno} run -A ${join(root, "main.ts")}`);
  const fromBun = command(`${bun} ${join(root, "main.ts")}`);

  return [
    check("format", deno, "fmt", "--check"),
    check("lint", deno, "lint"),
    check("types", deno, "check", ...sources),
    ...suite("unit on deno", "unit", "deno"),
    ...suite("sim on deno", "sim", "deno"),
    ...suite("unit on bun", "unit", "bun"),
    ...suite("sim on bun", "sim", "bun"),
    check("build", "make", "dist/standin"),
    ...suite("smoke of dist/standin", "smoke", "bun", command(executable)),
    ...suite("smoke of main.ts on deno", "smoke", "deno", fromDeno),
    ...suite("smoke of main.ts on bun", "smoke", "bun", fromBun),
    ...suite("lab with dist/standin", "lab", "bun", {
      ...command(executable),
      peers: labPeers,
      minutes: 10,
    }),
    ...suite("lab with main.ts on deno", "lab", "deno", {
      ...fromDeno,
      peers: labPeers,
      minutes: 10,
    }),
    ...suite("kernel with dist/standin", "kernel", "bun", {
      ...command(executable),
      peers: kernelPeers,
    }),
  ];
}

function hasTests(folder: string): boolean {
  if (!existsSync(folder)) return false;
  return readdirSync(folder, { recursive: true }).some((name) => String(name).endsWith("_test.ts"));
}

/** The stages that one of the words selects, with the build where one of them needs it. */
export function selectStages(stages: readonly Stage[], words: readonly string[]): Stage[] {
  if (words.length === 0) return [...stages];
  const chosen = (stage: Stage): boolean =>
    stage.name.split(" ").some((word) => words.includes(word));
  const building = stages.some((stage) => chosen(stage) && stage.needsBuild === true);
  return stages.filter((stage) => chosen(stage) || (building && stage.name === "build"));
}
