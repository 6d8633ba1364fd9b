/**
 * A replay as text: what came in, below it what was decided, and what is different from then. Pure,
 * so that tests can look at every character.
 */
import type { Effect } from "../engine/mod.ts";
import type { Head, Played, PlayedStep } from "../recording/mod.ts";
import { localTime } from "./event_text.ts";
import { visible } from "./table.ts";

/** A step that somebody wants to see. */
export interface ShownStep {
  readonly step: PlayedStep;
  readonly input: string;
  readonly effects: readonly { readonly effect: Effect; readonly words: string }[];
}

/** Who recorded; whether it was this version makes a difference. */
export function renderHead({ version, node }: Head, own: string): string {
  const other = version === own ? "" : `; this is ${own}, so only what is told is compared`;
  return `recorded by standin ${version} on ${visible(node)}${other}`;
}

/** Several lines: `<` came in, `>` is done about it, `=` is told, `!` is different. */
export function renderStep({ step, input, effects }: ShownStep): string {
  const time = timeOf(step.wall);
  const lead = " ".repeat(time.length);
  const { now, then, differs } = step;
  const lines = [
    `${time}  < ${input}`,
    ...effects.map(({ effect, words }) =>
      `${lead}  ${effect.kind === "tell" ? "=" : ">"} ${words}`
    ),
    ...(now.failed === undefined ? [] : [`${lead}  ! the engine gave up: ${now.failed}`]),
    ...(differs ? differenceOf(then, now).map((text) => `${lead}  ! ${text}`) : []),
  ];
  return lines.map(visible).join("\n");
}

function differenceOf(then: PlayedStep["then"], now: PlayedStep["now"]): string[] {
  const was = [
    ...then.told ?? [],
    ...(then.failed === undefined ? [] : [`gave up: ${then.failed}`]),
  ];
  const same = was.join("\n") === [...now.told ?? []].join("\n");
  if (same) return ["what is done is different from then; what is told is the same"];
  return was.length === 0 ? ["then nothing was told"] : was.map((words) => `then: ${words}`);
}

/** How it ended, and how it compares. */
export function renderEnd(
  why: Extract<Played, { kind: "end" }>["why"],
  { steps, different }: { readonly steps: number; readonly different: number },
): string {
  const compared = different === 0
    ? "all decided as then"
    : `${different} decided otherwise than then`;
  return `${ends[why]}\n${steps} events, ${compared}`;
}

const ends = {
  stopped: "the daemon was stopped",
  limit: "the recording had reached its size (--record-limit)",
  "slow-disk": "the recording ended because the disk did not keep up",
  torn: "the last line is not whole and was left out; the daemon was killed, or the disk was full",
  killed: "the recording has no end: the daemon runs, was killed, or the disk was full",
  failed: "the engine gave up here",
} as const;

/** In microseconds, where the reader is. */
function timeOf(wall: number): string {
  const micros = String(wall % 1000).padStart(3, "0");
  return `${localTime(new Date(Math.floor(wall / 1000)).toISOString())}${micros}`;
}
