/**
 * What `track_probe` finds out on a simulated node: everything is right unless a story says what is
 * wrong, or that nobody answers.
 */
import { type Duration, formatIp, formatPrefix, microseconds } from "../../base/mod.ts";
import type { EngineEvent, ProbeEffect } from "../../engine/mod.ts";
import type { AskedSubject } from "../../track/mod.ts";

/** The probes of one node. */
export class FakeProbes {
  /**
   * What is wrong, by words such as `ping gateway`, `tcp 10.0.0.9 80`, `route 0.0.0.0/0` or
   * `disk /var`; `silence` for no answer at all.
   */
  readonly failures: Map<string, string> = new Map();
  /** What was asked, in order. */
  readonly asked: string[] = [];
  readonly #later: (delay: Duration, act: () => void) => void;
  readonly #running = new Set<number>();

  constructor(later: (delay: Duration, act: () => void) => void) {
    this.#later = later;
  }

  /** How many questions nobody has answered or given up. */
  get open(): number {
    return this.#running.size;
  }

  /** The daemon is gone. */
  forget(): void {
    this.#running.clear();
  }

  /** Carries an effect out; the answer comes later. */
  perform(effect: ProbeEffect, feed: (event: EngineEvent) => void): void {
    if (effect.kind === "cancel-track-probe") {
      this.#running.delete(effect.run);
      return;
    }
    const { run, subject } = effect;
    const words = wordsOf(subject);
    this.asked.push(words);
    this.#running.add(run);
    const failure = this.failures.get(words);
    if (failure === "silence") return;
    this.#later(microseconds(300), () => {
      if (!this.#running.delete(run)) return;
      feed({ kind: "track-probe-ended", run, ...(failure === undefined ? {} : { failure }) });
    });
  }
}

function wordsOf(subject: AskedSubject): string {
  if (subject.kind === "route") return `route ${formatPrefix(subject.prefix)}`;
  if (subject.kind === "disk") return `disk ${subject.path}`;
  const { target } = subject;
  const gateway = target.kind === "gateway" && target.family === "ipv6" ? "gateway6" : "gateway";
  const name = target.kind === "address" ? formatIp(target.address) : gateway;
  const port = "port" in subject ? ` ${subject.port}` : "";
  return `${subject.kind} ${name}${port}`;
}
