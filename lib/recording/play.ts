/**
 * Plays a recording: a fresh engine gets the events at their instants, and what it decides is held
 * against what was decided then. The same version must decide the same, down to every octet that
 * is sent. Of another version only the sentences are compared, because the form of effects is
 * nobody's concern.
 */
import type { Fields, Instant } from "../base/mod.ts";
import { type Effect, Engine, type EngineEvent } from "../engine/mod.ts";
import { decodeLine, type EndReason, type Head, type Line, type Outcome } from "./format.ts";
import { failureOf, outcomeOf } from "./outcome.ts";
import { ModelReader } from "./read_model.ts";

/** One event and what came of it. */
export interface PlayedStep {
  readonly kind: "step";
  /** Of the file, from 1. */
  readonly line: number;
  readonly at: Instant;
  /** Microseconds since 1970, by the clock that the node had on its wall. */
  readonly wall: number;
  readonly event: EngineEvent;
  /** Valid until the next one is asked for. */
  readonly effects: readonly Effect[];
  readonly now: Outcome;
  readonly then: Outcome;
  readonly differs: boolean;
}

/** What playing a recording comes to, in order. */
export type Played =
  | { readonly kind: "head"; readonly head: Head }
  | PlayedStep
  /**
   * `torn`: the last line is not whole; `killed`: nobody said that it is the last; `failed`: the
   * engine gave up.
   */
  | { readonly kind: "end"; readonly why: EndReason | "torn" | "killed" | "failed" }
  /** The file can not be played further. */
  | { readonly kind: "unreadable"; readonly line: number; readonly problem: string };

/** Plays the lines of a recording with the engine of this version. */
export function* playRecording(lines: Iterable<string>, version: string): Generator<Played> {
  const rest = lines[Symbol.iterator]();
  const first = rest.next();
  const begun = decodeLine(first.done === true ? "" : first.value);
  if (!begun.ok || begun.value.kind !== "head") {
    const why = begun.ok || first.done === true ? "" : `: ${begun.error}`;
    return yield { kind: "unreadable", line: 1, problem: `not the head of a recording${why}` };
  }
  const head = begun.value;
  yield { kind: "head", head };
  const player = new Player(head, head.version === version);
  let [line, next] = [2, rest.next()];
  for (; next.done !== true; line++) {
    const decoded = decodeLine(next.value);
    next = rest.next();
    if (!decoded.ok && next.done === true) return yield { kind: "end", why: "torn" };
    if (!decoded.ok) return yield { kind: "unreadable", line, problem: decoded.error };
    if (decoded.value.kind === "end") return yield { kind: "end", why: decoded.value.end };
    const played = player.take(decoded.value, line);
    if (played !== undefined) yield played;
    if (played?.kind === "unreadable") return;
    if (played?.kind === "step" && played.now.failed !== undefined) {
      return yield { kind: "end", why: "failed" };
    }
  }
  yield { kind: "end", why: "killed" };
}

class Player {
  readonly #engine: Engine;
  readonly #sameVersion: boolean;
  readonly #models = new ModelReader();
  /** Microseconds since 1970 at instant 0. */
  #wallOffset: number;

  constructor({ at, startedAt }: Head, sameVersion: boolean) {
    this.#engine = new Engine(at);
    this.#sameVersion = sameVersion;
    this.#wallOffset = Date.parse(startedAt) * 1000 - at;
  }

  take(said: Line, line: number): Played | undefined {
    switch (said.kind) {
      case "model":
        if (this.#models.take(said.model, said)) return undefined;
        return { kind: "unreadable", line, problem: "a part of no configuration" };
      case "step": {
        const { at, event: fields, kind: _, ...then } = said;
        const event = this.#eventOf(fields);
        if (event === undefined) {
          return { kind: "unreadable", line, problem: "its configuration is missing" };
        }
        if (event.kind === "wall-clock") this.#wallOffset = event.offset;
        const { effects, now } = this.#step(event, at);
        const wall = this.#wallOffset + at;
        const differs = isDifferent(then, now, this.#sameVersion);
        return { kind: "step", line, at, wall, event, effects, now, then, differs };
      }
      default:
        return { kind: "unreadable", line, problem: "a second recording begins" };
    }
  }

  /** As the recorder took it apart. */
  #eventOf(fields: Fields): EngineEvent | undefined {
    const brings = fields["kind"] === "prepare" || fields["kind"] === "configure";
    const model = brings ? this.#models.find(fields["model"]) : undefined;
    if (brings && model === undefined) return undefined;
    const event = brings ? { ...fields, model } : fields;
    return isEvent(event) ? event : undefined;
  }

  #step(event: EngineEvent, at: Instant): { effects: readonly Effect[]; now: Outcome } {
    try {
      const effects = this.#engine.step(event, at);
      return { effects, now: outcomeOf(effects) };
    } catch (error) {
      return { effects: [], now: failureOf(error) };
    }
  }
}

/** A daemon wrote it down as an event. */
function isEvent(fields: object): fields is EngineEvent {
  return "kind" in fields && typeof fields.kind === "string";
}

function isDifferent(then: Outcome, now: Outcome, sameVersion: boolean): boolean {
  // Each runtime has its own words for it.
  if ((then.failed === undefined) !== (now.failed === undefined)) return true;
  if (sameVersion && then.digest !== now.digest) return true;
  return (then.told ?? []).join("\n") !== (now.told ?? []).join("\n");
}
