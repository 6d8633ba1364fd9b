/**
 * What checks ask of servers over the network: each kind in its way, all of them without waiting.
 */
import type { Effect, EngineEvent } from "../../../engine/mod.ts";
import { type Abortable, connect, type ProbeTools, sentenceOf } from "./connecting.ts";
import { Conversation } from "./conversation.ts";
import { ask } from "./question.ts";

type ProbeEffect = Extract<Effect, { kind: "probe" }>;

/** All probes that are under way. */
export class Prober {
  readonly #tools: ProbeTools;
  readonly #tell: (event: EngineEvent) => void;
  readonly #open = new Map<number, Abortable>();

  constructor(tools: ProbeTools, tell: (event: EngineEvent) => void) {
    this.#tools = tools;
    this.#tell = tell;
  }

  /** Begins a probe; its end is told. */
  start({ run, token, probe }: ProbeEffect): void {
    // A place holder: what ends before it has begun must not stay.
    this.#open.set(run, { close: () => {} });
    const ended = (failure?: string, answer?: string): void => this.#ended(run, failure, answer);
    const begun = ((): Abortable => {
      switch (probe.kind) {
        case "tcp":
          return connect(this.#tools, probe.connection, (result) => {
            if (result.ok) result.value[Symbol.dispose]();
            ended(result.ok ? undefined : sentenceOf(result.error));
          });
        case "http":
        case "smtp":
        case "agent": {
          const connected = (): void => this.#tell({ kind: "probe-connected", run });
          const conversation = new Conversation(this.#tools, probe, { connected, ended });
          conversation.start();
          return conversation;
        }
        default:
          return ask(this.#tools, probe, token, ended);
      }
    })();
    if (this.#open.has(run)) this.#open.set(run, begun);
  }

  /** Gives a probe up. */
  close(run: number): void {
    this.#open.get(run)?.close();
    this.#open.delete(run);
  }

  [Symbol.dispose](): void {
    for (const run of [...this.#open.keys()]) this.close(run);
  }

  #ended(run: number, failure?: string, answer?: string): void {
    if (!this.#open.delete(run)) return;
    const how = failure === undefined ? {} : { failure };
    const said = answer === undefined ? {} : { answer };
    this.#tell({ kind: "probe-ended", run, ...how, ...said });
  }
}
