/**
 * Counting: what the tests of one stage wrote to STANDIN_TEST_LOG, judged together with how the
 * stage's process ended, becomes a list of outcomes. A process that failed without a failed test
 * counts as one failure, and so does one that ran no test at all, so that nothing broken can pass
 * for green. The rendered summary ends with the line that CI reads.
 */

/** What became of one test; `stage` says where it ran. */
export interface Outcome {
  readonly stage: string;
  readonly name: string;
  readonly outcome: "passed" | "failed" | "skipped";
  readonly reason?: string;
}

/** How a stage's process ended. */
export type Ending =
  | { readonly kind: "exited"; readonly code: number }
  | { readonly kind: "killed"; readonly signal: string }
  | { readonly kind: "timed out"; readonly minutes: number }
  | { readonly kind: "interrupted" };

/** The outcomes in a log of one JSON object a line; a line cut off by a crash is passed over. */
export function readLog(stage: string, log: string): Outcome[] {
  const outcomes: Outcome[] = [];
  for (const line of log.split("\n")) {
    const entry = parseEntry(line);
    if (entry !== undefined) outcomes.push({ stage, ...entry });
  }
  return outcomes;
}

function parseEntry(line: string): Omit<Outcome, "stage"> | undefined {
  if (line === "") return undefined;
  try {
    const { name, outcome, reason } = JSON.parse(line) as Partial<Outcome>;
    if (name === undefined || outcome === undefined) return undefined;
    return { name, outcome, ...(reason === undefined ? {} : { reason }) };
  } catch {
    return undefined;
  }
}

/** What to count beside the tests' own outcomes, given how their process ended. */
export function judge(stage: string, ending: Ending, outcomes: readonly Outcome[]): Outcome[] {
  const name = "the suite runs to its end";
  const sentence = describe(ending);
  if (sentence === undefined) {
    if (outcomes.length > 0) return [];
    return [{ stage, name, outcome: "failed", reason: "ran no test" }];
  }
  const told = outcomes.some((outcome) => outcome.outcome === "failed");
  if (ending.kind === "exited" && told) return [];
  return [{ stage, name, outcome: "failed", reason: sentence }];
}

/** Why an ending is not a good one; `undefined` for a good one. */
export function describe(ending: Ending): string | undefined {
  switch (ending.kind) {
    case "exited":
      return ending.code === 0 ? undefined : `exited with ${ending.code}`;
    case "killed":
      return `killed by ${ending.signal}`;
    case "timed out":
      return `not done after ${ending.minutes} minutes`;
    case "interrupted":
      return "interrupted";
  }
}

/** How many outcomes there are of each kind. */
export function count(
  outcomes: readonly Outcome[],
): { passed: number; failed: number; skipped: number } {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { outcome } of outcomes) counts[outcome] += 1;
  return counts;
}

/** The closing lines: who was skipped and why, who failed and why, and the count. */
export function renderSummary(outcomes: readonly Outcome[]): string[] {
  const { passed, failed, skipped } = count(outcomes);
  return [
    ...section("Skipped", outcomes.filter((outcome) => outcome.outcome === "skipped")),
    ...section("Failed", outcomes.filter((outcome) => outcome.outcome === "failed")),
    "",
    `${passed} passed, ${failed} failed, ${skipped} skipped`,
  ];
}

function section(title: string, outcomes: readonly Outcome[]): string[] {
  if (outcomes.length === 0) return [];
  return ["", `${title}:`, ...outcomes.map(renderOutcome)];
}

function renderOutcome({ stage, name, reason }: Outcome): string {
  const because = reason === undefined ? "" : `: ${reason.replace(/\s+/g, " ").slice(0, 300)}`;
  return `  ${stage} | ${name}${because}`;
}
