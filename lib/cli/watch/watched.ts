/**
 * What is known of a watched daemon, and where its reader is in the text about it.
 */
import type { Snapshot } from "../../engine/mod.ts";
import { wantsColours } from "../output.ts";
import { ago, renderStatus } from "../status_table.ts";
import { wrap } from "../table.ts";
import { frameOf } from "./frame.ts";
import type { Seen } from "./looks.ts";
import type { Screen } from "./screen.ts";

/** How long it is told that the daemon is back. */
const welcomeMs = 10_000;

/** One daemon and one reader. */
export class Watched {
  #snapshot: Snapshot | undefined;
  #problem: { readonly text: string; readonly since: number } | undefined;
  #back: { readonly at: number; readonly after: string } | undefined;
  #offset = 0;

  /** Takes what became of a look. */
  see(seen: Seen): void {
    const now = Date.now();
    if (seen.kind === "problem") {
      this.#problem = { text: seen.text, since: this.#problem?.since ?? now };
      this.#back = undefined;
      return;
    }
    if (this.#problem !== undefined) {
      this.#back = { at: now, after: ago(new Date(this.#problem.since).toISOString(), now) };
    }
    this.#problem = undefined;
    this.#snapshot = seen.snapshot;
  }

  /** The reader goes down by so many lines. */
  move(lines: number): void {
    this.#offset = Math.max(0, this.#offset + lines);
  }

  /** Shows it. */
  draw(screen: Screen): void {
    const { columns, rows } = screen.size;
    const now = Date.now();
    const look = { now, columns, colours: wantsColours() };
    const text = this.#snapshot === undefined ? "" : renderStatus(this.#snapshot, look);
    const note = this.#note(now).flatMap((line) => wrap(line, columns, ""));
    const view = { note, lines: text.split("\n"), offset: this.#offset, columns, rows };
    const frame = frameOf(view);
    this.#offset = frame.offset;
    screen.draw(frame.rows);
  }

  #note(now: number): string[] {
    if (this.#problem !== undefined) {
      const { text, since } = this.#problem;
      const time = ago(new Date(since).toISOString(), now);
      return this.#snapshot === undefined
        ? [`standin: ${text}`, `waiting for it for ${time}; q ends`]
        : [`standin: ${text}`, `below is what it said ${time} ago`, ""];
    }
    if (this.#back !== undefined && now - this.#back.at < welcomeMs) {
      return [`standin: the daemon answers again, after ${this.#back.after}`, ""];
    }
    return [];
  }
}
