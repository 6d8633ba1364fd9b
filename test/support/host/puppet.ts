/**
 * In place of the engine: somebody who decides nothing, remembers every event, and asks for the
 * effects that a test wants.
 */
import { type Instant, never } from "../../../lib/base/mod.ts";
import type { Decider, Effect, EngineEvent, Snapshot } from "../../../lib/engine/mod.ts";

/** An event and when it came. */
export interface Heard {
  readonly event: EngineEvent;
  readonly at: Instant;
}

/** Decides what it is told. */
export class Puppet implements Decider {
  readonly heard: Heard[] = [];
  /** When it wants to be called next. */
  deadline: Instant = never;
  #effects: readonly Effect[] = [];

  /** Has the next step, which has to follow at once, ask for this. */
  want(effects: readonly Effect[]): void {
    this.#effects = effects;
  }

  /** Remembers an event; octets are copied, for they are only valid now. */
  step(event: EngineEvent, now: Instant): readonly Effect[] {
    const kept = event.kind === "packet"
      ? { ...event, packet: { ...event.packet, bytes: event.packet.bytes.slice() } }
      : event;
    this.heard.push({ event: kept, at: now });
    if (event.kind === "clock" && now >= this.deadline) this.deadline = never;
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  /** The deadline that the test has set. */
  nextDeadline(): Instant {
    return this.deadline;
  }

  /** There are no resources. */
  resources(): [] {
    return [];
  }

  /** There are no routers. */
  routers(): [] {
    return [];
  }

  /** Nobody asks a puppet. */
  snapshot(): Snapshot {
    throw new Error("A puppet has nothing to show");
  }
}
