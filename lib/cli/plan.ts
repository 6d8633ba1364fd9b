/**
 * `standin plan`: asks the running daemon what a reload of a file would change, and says it block
 * by block in the words of the configuration, with what follows from it. Nothing is applied.
 */
import { resolve } from "node:path";
import process from "node:process";
import { type Diagnostic, exitStatusOf, renderDiagnostic } from "../config/mod.ts";
import { askAndWait, complainAbout } from "./control.ts";
import { forPrograms } from "./diagnostic_json.ts";
import { diagnosticsOf, errorText, isRecord, texts } from "./json.ts";
import { exitCode } from "./exit.ts";
import { complain, print } from "./output.ts";
import { defaultRunDir } from "./paths.ts";

/** What can be said about a plan. */
export interface PlanArguments {
  readonly file: string | undefined;
  readonly runDir: string | undefined;
  readonly json: boolean;
}

/** A reload would change something. */
const wouldChange = 2;

/** `standin plan`. */
export async function runPlan({ file, runDir, json }: PlanArguments): Promise<number> {
  const question = file === undefined ? {} : { file: resolve(process.cwd(), file) };
  const asked = await askAndWait(runDir ?? defaultRunDir, "POST", "/plan", question);
  if (!asked.ok) return complainAbout(asked.error);
  const { status, body } = asked.value;
  if (!isRecord(body) || typeof body["possible"] !== "boolean") {
    complain(`standin: the daemon has no plan: ${errorText(status, body)}`);
    return exitCode.failed;
  }
  const diagnostics = diagnosticsOf(body["diagnostics"]);
  const blocks = blocksOf(body["blocks"]);
  const read = String(body["file"] ?? "");
  const possible = body["possible"];
  if (json) {
    const remarks = diagnostics.map((diagnostic) => forPrograms(diagnostic, read));
    print(JSON.stringify({ ...body, diagnostics: remarks }, null, 2));
  } else {
    for (const diagnostic of diagnostics) complain(renderDiagnostic(diagnostic));
    if (possible) print(renderPlan(read, blocks, Number(body["untouched"] ?? 0)));
    else complain(`standin: a reload of ${read} would be refused`);
  }
  if (!possible) return refusalStatus(diagnostics);
  return blocks.length === 0 ? exitCode.ok : wouldChange;
}

function refusalStatus(diagnostics: readonly Diagnostic[]): number {
  const status = exitStatusOf(diagnostics);
  return status === 0 ? exitCode.configErrors : status;
}

/** A block of the answer. */
export interface Block {
  readonly title: string;
  readonly changes: readonly string[];
  readonly consequences: readonly string[];
}

function blocksOf(value: unknown): Block[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).map((block) => ({
    title: [block["block"], block["name"]].filter((word) => word !== "").join(" "),
    changes: texts(block["changes"]),
    consequences: texts(block["consequences"]),
  }));
}

/** The plan as text: each block, its changes, and what follows after a dash. */
export function renderPlan(file: string, blocks: readonly Block[], untouched: number): string {
  if (blocks.length === 0) return `A reload of ${file} would change nothing`;
  const lines = blocks.flatMap(({ title, changes, consequences }) => [
    title,
    ...changes.map((change) => `  ${change}`),
    ...consequences.map((consequence) => `    - ${consequence}`),
  ]);
  const others = untouched === 1 ? "other block is" : "other blocks are";
  const rest = untouched === 0 ? [] : [`${untouched} ${others} not touched`];
  return [`A reload of ${file} would change:`, ...lines, ...rest].join("\n");
}
