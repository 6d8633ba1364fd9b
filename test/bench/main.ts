/**
 * `make bench`: standin beside the keepalived that is installed, in turn, in namespaces of their
 * own. Progress goes to standard error, the table to standard output, every measurement as JSON to
 * dist/bench/. `make bench BENCH="failover load"` runs a part. It ends with 0 also when a budget
 * was missed: this is a measurement and not a test.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import process from "node:process";
import { checks } from "./checks.ts";
import { config } from "./config.ts";
import { failover } from "./failover.ts";
import { hostile } from "./hostile.ts";
import { load } from "./load.ts";
import { describeMachine, type Machine, renderMachine } from "./machine.ts";
import { memory } from "./memory.ts";
import { release } from "./release.ts";
import { reload } from "./reload.ts";
import { cellsOf, headings, type Row } from "./row.ts";
import { stall } from "./stall.ts";
import { start } from "./start.ts";
import { status } from "./status.ts";
import { stories } from "./stories.ts";
import type { Suite } from "./suite.ts";
import { renderTable } from "./table.ts";

const suites: readonly Suite[] = [
  failover,
  start,
  release,
  stall,
  reload,
  memory,
  load,
  config,
  hostile,
  checks,
  status,
  stories,
];
const folder = "dist/bench";

/** Measures what was asked for; answers the exit code. */
async function main(): Promise<number> {
  const chosen = choose((process.env["BENCH"] ?? "").split(/[\s,]+/).filter((word) => word !== ""));
  if (typeof chosen === "string") return complain(chosen);
  if (process.getuid?.() !== 0) {
    return complain("make bench needs root: it makes network namespaces and runs daemons in them");
  }
  const machine = describeMachine();
  const rows: Row[] = [];
  for (const suite of chosen) {
    tell(`${suite.name}: about ${suite.seconds} s`);
    const measured = await suite.run((what) => tell(`${suite.name}: ${what}`));
    save(suite, machine, measured);
    rows.push(...measured);
  }
  process.stdout.write(`${renderMachine(machine)}\n`);
  process.stdout.write("Numbers are median / 99th percentile / largest.\n\n");
  process.stdout.write(`${renderTable([headings, ...rows.map(cellsOf)])}\n`);
  return 0;
}

function choose(names: readonly string[]): readonly Suite[] | string {
  const unknown = names.find((name) => !suites.some((suite) => suite.name === name));
  if (unknown !== undefined) {
    const known = suites.map(({ name }) => name).join(", ");
    return `There is no benchmark "${unknown}": expected some of ${known}`;
  }
  return names.length === 0 ? suites : suites.filter(({ name }) => names.includes(name));
}

function save(suite: Suite, machine: Machine, rows: readonly Row[]): void {
  mkdirSync(folder, { recursive: true });
  const record = { name: suite.name, at: new Date().toISOString(), machine, rows };
  writeFileSync(`${folder}/${suite.name}.json`, `${JSON.stringify(record, null, 2)}\n`);
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

function complain(line: string): number {
  tell(line);
  return 1;
}

// The networks go with the process; what runs inside goes with its network.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(130));

process.exit(await main());
