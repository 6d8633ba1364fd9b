/**
 * An engine that is recorded: it decides as it would without, and every event goes to a sink with
 * what came of it. Nothing is written here: a host has a sink that never keeps a step waiting.
 */
import { encodePlain, type Instant } from "../base/mod.ts";
import { type Model, partsOf } from "../config/mod.ts";
import { type Decider, type Effect, Engine, type EngineEvent } from "../engine/mod.ts";
import { encodeLine, type Head, type Outcome } from "./format.ts";
import { failureOf, outcomeOf } from "./outcome.ts";

/** Where lines go. */
export interface Sink {
  /** Whether lines are still wanted. */
  readonly open: boolean;
  /** Takes a line, or several that are made when they are written. */
  take(lines: string | Iterable<string>): void;
  /** The process is about to end: what was taken has to be on the disk when this returns. */
  save(): void;
}

/** An engine, and who writes down what happens to it. */
export class Recorder implements Decider {
  readonly #engine: Engine;
  readonly #sink: Sink;
  #model: Model | undefined;
  #models = 0;

  constructor(head: Head, sink: Sink) {
    this.#engine = new Engine(head.at);
    this.#sink = sink;
    sink.take(encodeLine({ kind: "head", ...head }));
  }

  step(event: EngineEvent, now: Instant): readonly Effect[] {
    if (!this.#sink.open) return this.#engine.step(event, now);
    // Octets of packets are only valid now.
    const begun = `{"at":${now},"event":${encodePlain(this.#plain(event))}`;
    try {
      const effects = this.#engine.step(event, now);
      this.#write(begun, outcomeOf(effects));
      return effects;
    } catch (error) {
      this.#write(begun, failureOf(error));
      this.#sink.save();
      throw error;
    }
  }

  nextDeadline(): Instant {
    return this.#engine.nextDeadline();
  }

  snapshot(...facts: Parameters<Decider["snapshot"]>): ReturnType<Decider["snapshot"]> {
    return this.#engine.snapshot(...facts);
  }

  routers(): ReturnType<Decider["routers"]> {
    return this.#engine.routers();
  }

  resources(...facts: Parameters<Decider["resources"]>): ReturnType<Decider["resources"]> {
    return this.#engine.resources(...facts);
  }

  #write(begun: string, outcome: Outcome): void {
    const rest = encodePlain(outcome).slice(1);
    this.#sink.take(rest === "}" ? `${begun}}` : `${begun},${rest}`);
  }

  /** A configuration stands before the event that brings it. */
  #plain(event: EngineEvent): object {
    if (event.kind !== "prepare" && event.kind !== "configure") return event;
    const { model } = event;
    if (model !== this.#model) {
      this.#model = model;
      this.#models++;
      this.#sink.take(modelLines(model, this.#models));
    }
    return { ...event, model: this.#models };
  }
}

/** It may be long, so it is written when there is time; nobody changes it. */
function* modelLines(whole: Model, model: number): Generator<string> {
  for (const part of partsOf(whole)) yield encodeLine({ kind: "model", model, ...part });
}
