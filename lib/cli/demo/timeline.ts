/**
 * What happened, in order, shown while it happens. The tellers are several processes, so a line
 * waits a moment before it is shown: what happened earlier but was told later still gets its place.
 * Lines fit 80 columns; what a daemon says stands there in its own words.
 */
import {
  between,
  type Duration,
  inSeconds,
  type Instant,
  microseconds,
  milliseconds,
} from "../../base/mod.ts";
import { visible } from "../table.ts";

/** Who something happened to. */
export type Who = "story" | "left" | "right" | "client";

/** One line of the timeline. */
export interface Entry {
  readonly at: Instant;
  readonly who: Who;
  readonly text: string;
  readonly tone?: Tone;
}

/** Good and bad news. */
export type Tone = "good" | "bad";

/** How lines are shown; nothing is, without a `print`. */
export interface TimelineLook {
  readonly print?: (line: string) => void;
  readonly colours: boolean;
  readonly columns: number;
}

const settling: Duration = milliseconds(150);
const lookEveryMs = 50;
const timeWidth = 6;
const whoWidth = 6;
const gap = "  ";

/** The entries so far, and their display. */
export class Timeline {
  /** The instant that is shown as 0. */
  readonly start: Instant;
  /** Every entry, in the order in which it was told. */
  readonly entries: readonly Entry[];
  readonly #entries: Entry[] = [];
  #waiting: Entry[] = [];
  readonly #now: () => Instant;
  readonly #look: TimelineLook;
  readonly #timer: ReturnType<typeof setInterval>;
  #closed = false;

  constructor(now: () => Instant, look: TimelineLook) {
    this.start = now();
    this.entries = this.#entries;
    this.#now = now;
    this.#look = look;
    this.#timer = setInterval(() => this.#show(settling), lookEveryMs);
  }

  /** Adds what happened now, or at a given instant. */
  tell(who: Who, text: string, more: { readonly at?: Instant; readonly tone?: Tone } = {}): void {
    if (this.#closed) return;
    const entry = { at: this.#now(), who, text, ...more };
    this.#entries.push(entry);
    this.#waiting.push(entry);
  }

  /** Shows what still waits, and nothing of what is told later. */
  close(): void {
    clearInterval(this.#timer);
    this.#show(microseconds(0));
    this.#closed = true;
  }

  #show(age: Duration): void {
    const now = this.#now();
    const ready = this.#waiting.filter(({ at }) => between(at, now) >= age);
    this.#waiting = this.#waiting.filter((entry) => !ready.includes(entry));
    ready.sort((a, b) => a.at - b.at);
    for (const entry of ready) this.#look.print?.(renderEntry(entry, this.start, this.#look));
  }
}

/** The lines of one entry. */
export function renderEntry(
  entry: Entry,
  start: Instant,
  { colours, columns }: Omit<TimelineLook, "print">,
): string {
  const { at, who, text, tone } = entry;
  const paint = colours ? paintWith : (word: string): string => word;
  if (who === "story") return `\n${paint(text, codes.story)}`;
  const seconds = inSeconds(between(start, at)).toFixed(3).padStart(timeWidth);
  const head = `${paint(seconds, codes.time)}${gap}${
    paint(who.padEnd(whoWidth), codes[who])
  }${gap}`;
  const indent = timeWidth + whoWidth + 2 * gap.length;
  const lines = wrap(visible(text), columns - indent);
  const shown = lines.map((line) => tone === undefined ? line : paint(line, codes[tone]));
  return head + shown.join(`\n${" ".repeat(indent)}`);
}

/** SGR codes (ECMA-48 §8.3.117). */
const codes = { story: 1, time: 2, left: 36, right: 35, client: 34, good: 32, bad: 31 } as const;

function paintWith(text: string, code: number): string {
  return `\x1b[${code}m${text}\x1b[0m`;
}

/** Words in lines of at most the given width; a longer word has a line of its own. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length <= width || line === "") line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}
