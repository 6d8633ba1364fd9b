/**
 * Recordings in tests: made in memory, or taken from a file that a daemon wrote, and played.
 */
import { type Instant, instant } from "../../lib/base/mod.ts";
import type { Decider } from "../../lib/engine/mod.ts";
import {
  effectWords,
  eventWords,
  Names,
  type Played,
  type PlayedStep,
  playRecording,
  Recorder,
} from "../../lib/recording/mod.ts";
import { version } from "../../lib/cli/version.ts";

/** What came of playing a recording. */
export interface Replay {
  /** The sentences that were told, without the time. */
  readonly told: readonly string[];
  /** Steps that were decided otherwise than when they were recorded, as `line: then | now`. */
  readonly different: readonly string[];
  /** Every event and effect in words. */
  readonly words: readonly string[];
  readonly steps: number;
  readonly end: Extract<Played, { kind: "end" | "unreadable" }>;
}

/** Plays the lines of a recording. */
export function replay(lines: Iterable<string>): Replay {
  const [told, different, words]: [string[], string[], string[]] = [[], [], []];
  const names = new Names();
  let steps = 0;
  for (const played of playRecording(lines, version)) {
    if (played.kind === "end" || played.kind === "unreadable") {
      return { told, different, words, steps, end: played };
    }
    if (played.kind === "head") continue;
    steps++;
    const { event, effects } = played;
    names.learn(event);
    words.push(
      eventWords(event, names.of),
      ...effects.map((effect) => effectWords(effect, names.of)),
    );
    told.push(...played.now.told ?? []);
    if (played.differs) different.push(differenceOf(played));
  }
  throw new Error("a recording comes to an end");
}

function differenceOf({ line, event, then, now }: PlayedStep): string {
  return `${line} ${event.kind}: ${JSON.stringify(then)} | ${JSON.stringify(now)}`;
}

/** A recorder in memory. */
export function recorder(now: Instant = instant(0)): { decider: Decider; lines(): string[] } {
  const taken: (string | Iterable<string>)[] = [];
  const sink = {
    open: true,
    take: (lines: string | Iterable<string>): void => void taken.push(lines),
    save: (): void => {},
  };
  const startedAt = "2026-01-31T04:05:06.000Z";
  const decider = new Recorder({ version, node: "near", startedAt, at: now }, sink);
  const lines = (): string[] =>
    taken.splice(0).flatMap((one) => typeof one === "string" ? [one] : [...one]);
  return { decider, lines };
}
