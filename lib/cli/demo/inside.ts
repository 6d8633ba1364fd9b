/**
 * The demo proper, in the process that may make networks. However it ends, by itself, by Ctrl-C,
 * by an error, or because the process in front of it is gone, both daemons end before it does.
 */
import { rmSync } from "node:fs";
import process from "node:process";
import type { DemoOptions } from "../demo.ts";
import { exitCode } from "../exit.ts";
import { columns, complain, print, wantsColours } from "../output.ts";
import { explainNoNetwork } from "./refusal.ts";
import { programName } from "./program.ts";
import { Stage } from "./stage.ts";
import { type Findings, tellStory } from "./story.ts";
import {
  renderIntroduction,
  renderNext,
  renderStay,
  renderSummary,
  toDocument,
} from "./summary.ts";
import { Interrupted, interruptedCode, until } from "./wait.ts";

const stayStartMs = 10_000;

/** Runs the demo in a directory that the caller made; resolves with the exit code. */
export async function runInside(directory: string, options: DemoOptions): Promise<number> {
  const ending = new AbortController();
  endWhenAsked(ending);
  const colours = !options.json && wantsColours();
  const look = { colours, columns: columns(), ...(options.json ? {} : { print }) };
  let stage: Stage;
  try {
    stage = await Stage.build(directory, look);
  } catch (error) {
    complain(explainNoNetwork(textOf(error)));
    return exitCode.cannotRun;
  }
  if (!options.json) print(renderIntroduction());
  try {
    return await perform(stage, options, ending.signal);
  } finally {
    await stage.end();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function perform(stage: Stage, options: DemoOptions, signal: AbortSignal): Promise<number> {
  const { timeline } = stage;
  let findings: Findings = { experiments: [], takeover: undefined };
  let failure: unknown;
  try {
    await tellStory(stage, signal, (found) => findings = found);
  } catch (error) {
    failure = error;
  }
  stage.stopClient();
  timeline.close();
  const interrupted = failure instanceof Interrupted;
  const error = failure === undefined ? undefined : interrupted ? "interrupted" : textOf(failure);
  if (options.json) print(JSON.stringify(toDocument(findings, timeline, error), null, 2));
  else if (findings.experiments.length > 0) {
    print(`\n${renderSummary(findings, wantsColours())}`);
  }
  if (interrupted) return interruptedCode;
  if (error !== undefined) {
    complain(`\nstandin: ${error}`);
    complainWithLogs(stage);
    return exitCode.failed;
  }
  if (options.stay) await stay(stage, options, signal);
  else if (!options.json) print(`\n${renderNext(programName())}`);
  return findings.takeover === undefined ? exitCode.failed : exitCode.ok;
}

/** Keeps both routers up until somebody ends it. */
async function stay(
  { left, right }: Stage,
  { json }: DemoOptions,
  signal: AbortSignal,
): Promise<void> {
  const tell = json ? complain : print;
  try {
    left.start();
    const expectation = { what: "left to come back", timeoutMs: stayStartMs, signal };
    await until(() => left.state === "MASTER", expectation);
    tell(`\n${renderStay(programName(), [left.runDir, right.runDir])}`);
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
  }
}

function endWhenAsked(ending: AbortController): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => ending.abort());
  }
  // The pipe from the process in front of us ends with it, however it ends.
  process.stdin.on("end", () => ending.abort());
  process.stdin.on("error", () => ending.abort());
  process.stdin.resume();
}

function complainWithLogs({ left, right }: Stage): void {
  for (const { setup, lastLines } of [left, right]) {
    for (const { message } of lastLines) complain(`  ${setup.name}: ${message}`);
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
