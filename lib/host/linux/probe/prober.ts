/**
 * What checks ask of servers over the network: each kind in its way, all of them without waiting.
 * Many that are due at once begin in slices, between which the rest of the daemon goes on: what
 * came together once is then spread when it is due again.
 */
import type { Libc, Poller } from "../../../../ffi/mod.ts";
import type { Effect, EngineEvent } from "../../../engine/mod.ts";
import { type Abortable, connect, type ProbeTools, sentenceOf } from "./connecting.ts";
import { Conversation } from "./conversation.ts";
import { ProbeWatch } from "./probe_watch.ts";
import { ask } from "./question.ts";

type ProbeEffect = Extract<Effect, { kind: "probe" }>;

/** How many probes begin before the rest of the daemon goes on: about a millisecond's work. */
const startsAtOnce = 16;

/** All probes that are under way. */
export class Prober {
  readonly #tools: ProbeTools;
  readonly #tell: (event: EngineEvent) => void;
  readonly #open = new Map<number, Abortable>();
  /** Those that have not begun, in order. */
  readonly #waiting = new Map<number, ProbeEffect>();
  /** How many may still begin in this turn of the loop. */
  #left = startsAtOnce;
  #pausing = false;

  constructor(
    { libc, poller }: { readonly libc: Libc; readonly poller: Poller },
    tell: (event: EngineEvent) => void,
  ) {
    this.#tools = { libc, watch: new ProbeWatch(libc, poller) };
    this.#tell = tell;
  }

  /** Begins a probe, now or soon; its end is told. */
  start(effect: ProbeEffect): void {
    if (this.#waiting.size === 0 && this.#left > 0) this.#begin(effect);
    else this.#waiting.set(effect.run, effect);
    this.#pause();
  }

  /** Gives a probe up. */
  close(run: number): void {
    this.#waiting.delete(run);
    this.#open.get(run)?.close();
    this.#open.delete(run);
  }

  [Symbol.dispose](): void {
    this.#waiting.clear();
    for (const run of [...this.#open.keys()]) this.close(run);
    this.#tools.watch[Symbol.dispose]();
  }

  #pause(): void {
    if (this.#pausing) return;
    this.#pausing = true;
    setImmediate(() => this.#resume());
  }

  #resume(): void {
    this.#pausing = false;
    this.#left = startsAtOnce;
    for (const effect of this.#waiting.values()) {
      if (this.#left === 0) break;
      this.#waiting.delete(effect.run);
      this.#begin(effect);
    }
    if (this.#waiting.size > 0) this.#pause();
  }

  #begin({ run, token, probe }: ProbeEffect): void {
    this.#left--;
    // A place holder: what ends before it has begun must not stay.
    this.#open.set(run, notBegun);
    const ended = (failure?: string, answer?: string): void => this.#ended(run, failure, answer);
    const begun = ((): Abortable => {
      switch (probe.kind) {
        case "tcp":
          return connect(this.#tools, probe.connection, (result) => {
            if (result.ok) {
              this.#tools.watch.forget(result.value.fd);
              result.value[Symbol.dispose]();
            }
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

  #ended(run: number, failure?: string, answer?: string): void {
    if (!this.#open.delete(run)) return;
    const how = failure === undefined ? {} : { failure };
    const said = answer === undefined ? {} : { answer };
    this.#tell({ kind: "probe-ended", run, ...how, ...said });
  }
}

const notBegun: Abortable = { close: () => {} };
