/**
 * A part of the host that most nodes never need. It is loaded when the first effect for it comes;
 * until it is there effects wait in order. What it tells the engine never comes while the engine
 * waits for effects to be carried out.
 */
import type { Libc, Poller } from "../../../ffi/mod.ts";
import type { Duration } from "../../base/mod.ts";
import type { EngineEvent } from "../../engine/mod.ts";

/** What a part works with. */
export interface PartTools {
  readonly libc: Libc;
  readonly poller: Poller;
  /** How long nothing is due. */
  quiet(): Duration;
  /** Gives the engine an event in a turn of its own. */
  feed(event: EngineEvent): void;
}

/** A part that is loaded. */
export interface Part<Effect> {
  /** Carries an effect out. */
  perform(effect: Effect): void;
  close(): void;
}

/** A part that is loaded when it is needed. */
export class LazyPart<Effect> {
  readonly #tools: PartTools;
  readonly #tell: PartTools["feed"];
  readonly #load: (tools: PartTools) => Promise<Part<Effect>>;
  readonly #waiting: Effect[] = [];
  #part: Part<Effect> | undefined;
  #loading = false;
  #closed = false;
  #carrying = false;

  constructor(tools: PartTools, load: (tools: PartTools) => Promise<Part<Effect>>) {
    this.#tell = tools.feed;
    this.#tools = { ...tools, feed: (event) => this.#feed(event) };
    this.#load = load;
  }

  /** Carries an effect out, now or when the part is there. */
  perform(effect: Effect): void {
    if (this.#part !== undefined) return this.#carryOut(this.#part, effect);
    this.#waiting.push(effect);
    if (this.#loading) return;
    this.#loading = true;
    void this.#bring();
  }

  /** Whatever happens from now on is not told. */
  close(): void {
    this.#closed = true;
    this.#part?.close();
    this.#part = undefined;
  }

  async #bring(): Promise<void> {
    const part = await this.#load(this.#tools).catch((error: unknown) => {
      // What it stands on may have been closed meanwhile.
      if (!this.#closed) throw error;
    });
    if (part === undefined || this.#closed) return part?.close();
    this.#part = part;
    for (const effect of this.#waiting.splice(0)) this.#carryOut(part, effect);
  }

  #carryOut(part: Part<Effect>, effect: Effect): void {
    this.#carrying = true;
    try {
      part.perform(effect);
    } finally {
      this.#carrying = false;
    }
  }

  #feed(event: EngineEvent): void {
    if (this.#carrying) return queueMicrotask(() => this.#feed(event));
    if (!this.#closed) this.#tell(event);
  }
}
