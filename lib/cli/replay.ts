/**
 * `standin replay`: a recording is played through the engine of this version, and every event and
 * decision is shown. What is decided otherwise than then is said, and is exit 1.
 */
import { encodePlain } from "../base/mod.ts";
import {
  effectWords,
  eventWords,
  type Head,
  Names,
  type Played,
  type PlayedStep,
  playRecording,
  Subject,
} from "../recording/mod.ts";
import { exitCode } from "./exit.ts";
import { complain, print } from "./output.ts";
import { localTime } from "./event_text.ts";
import { Progress } from "./progress.ts";
import { linesOf } from "./recording_lines.ts";
import { renderEnd, renderHead, renderStep, type ShownStep } from "./replay_text.ts";
import { readSince } from "./since.ts";
import { version } from "./version.ts";

/** What can be said about a replay. */
export interface ReplayArguments {
  readonly file: string;
  /** Only what is about this instance. */
  readonly instance: string | undefined;
  readonly since: string | undefined;
  readonly until: string | undefined;
  /** Only steps in which something is told. */
  readonly told: boolean;
  readonly json: boolean;
}

/** `standin replay`. */
export function runReplay(words: ReplayArguments): number {
  const [since, until] = [words.since, words.until].map((text) =>
    text === undefined ? undefined : readSince(text, Date.now()) ?? NaN
  );
  if (Number.isNaN(since) || Number.isNaN(until)) {
    complain("standin replay: expected a time such as 2026-01-31T04:00, or 2h for two hours ago");
    return exitCode.usage;
  }
  const filter = { ...words, sinceMs: since ?? -Infinity, untilMs: until ?? Infinity };
  try {
    return new Replay(filter).run();
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    complain(`standin replay: cannot read "${words.file}": ${error.message}`);
    return exitCode.cannotRun;
  }
}

interface Filter extends ReplayArguments {
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** So often it is looked at whether a terminal wants to hear how far it is. */
const stepsBetween = 512;

class Replay {
  readonly #filter: Filter;
  readonly #names = new Names();
  readonly #subject: Subject | undefined;
  #steps = 0;
  #different = 0;
  readonly #progress = new Progress();

  constructor(filter: Filter) {
    this.#filter = filter;
    const { instance } = filter;
    this.#subject = instance === undefined ? undefined : new Subject(instance);
  }

  run(): number {
    const { file } = this.#filter;
    for (const played of playRecording(linesOf(file), version)) {
      if (played.kind === "unreadable") {
        complain(`standin replay: ${file}:${played.line}: ${played.problem}`);
        return exitCode.cannotRun;
      }
      this.#take(played);
    }
    this.#progress.end();
    if (this.#subject?.known === false) {
      complain(`standin replay: no configuration of the recording has "${this.#subject.name}"`);
      return exitCode.failed;
    }
    return this.#different > 0 ? exitCode.failed : exitCode.ok;
  }

  #take(played: Exclude<Played, { kind: "unreadable" }>): void {
    switch (played.kind) {
      case "head":
        return this.#head(played.head);
      case "step":
        return this.#step(played);
      case "end":
        return this.#end(played.why);
    }
  }

  #head(head: Head): void {
    print(
      this.#filter.json ? JSON.stringify({ kind: "head", ...head }) : renderHead(head, version),
    );
  }

  #step(step: PlayedStep): void {
    this.#steps++;
    if (this.#steps % stepsBetween === 0) {
      const time = localTime(new Date(step.wall / 1000).toISOString());
      this.#progress.say(`${this.#steps} events, up to ${time}`);
    }
    if (step.differs) this.#different++;
    this.#names.learn(step.event);
    this.#subject?.learn(step.event);
    const shown = this.#shown(step);
    if (shown !== undefined) print(this.#filter.json ? jsonOf(shown) : renderStep(shown));
  }

  /** Nothing when nobody wants to see it; a difference is always worth it. */
  #shown(step: PlayedStep): ShownStep | undefined {
    const { sinceMs, untilMs, told } = this.#filter;
    const { event, wall, now, differs } = step;
    const subject = this.#subject;
    const effects = subject === undefined
      ? step.effects
      : step.effects.filter((effect) => subject.wants(effect, this.#names.of));
    const input = eventWords(event, this.#names.of);
    const shown = {
      step,
      input,
      effects: effects.map((effect) => ({ effect, words: effectWords(effect, this.#names.of) })),
    };
    if (differs) return shown;
    const timeMs = wall / 1000;
    if (timeMs < sinceMs || timeMs >= untilMs) return undefined;
    if (now.failed !== undefined) return shown;
    if (told && !effects.some(({ kind }) => kind === "tell")) return undefined;
    if (effects.length > 0) return shown;
    const isWanted = subject?.hears(event, this.#names.of) ?? event.kind !== "clock";
    return isWanted ? shown : undefined;
  }

  #end(why: Extract<Played, { kind: "end" }>["why"]): void {
    const counts = { steps: this.#steps, different: this.#different };
    print(
      this.#filter.json ? JSON.stringify({ kind: "end", why, ...counts }) : renderEnd(why, counts),
    );
  }
}

/** A configuration is too long for a line that people pass on. */
function jsonOf({ step, input, effects }: ShownStep): string {
  const { line, at, wall, event, now, then, differs } = step;
  const { model: _, ...plain } = { model: undefined, ...event };
  return encodePlain({
    kind: "step",
    line,
    at,
    time: new Date(wall / 1000).toISOString(),
    input,
    event: plain,
    effects: effects.map(({ effect, words }) => ({ words, ...effect })),
    ...(now.failed === undefined ? {} : { failed: now.failed }),
    ...(differs ? { differs, then } : {}),
  });
}
