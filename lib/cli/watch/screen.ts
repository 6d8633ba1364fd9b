/**
 * The terminal while something is watched: a screen of its own, which goes away with us, so that
 * what stood there before is there again. Frames are written whole over the one before; nothing is
 * cleared first, so nothing flickers, and no line can scroll the screen. Keys are not echoed.
 */
import process from "node:process";
import { put } from "../output.ts";
import type { Size } from "./frame.ts";

const enter = "\x1b[?1049h\x1b[?25l\x1b[?7l";
const leave = "\x1b[?7h\x1b[?25h\x1b[?1049l";
/** The terminal shows what is between them at once, if it can. */
const [begin, end] = ["\x1b[?2026h", "\x1b[?2026l"];

/** A key that the terminal sends several octets for, or one octet. */
const keyPattern = new RegExp("\u001b\\[[0-9;]*[A-Za-z~]|[^]", "g");

/** Who is told what happens on the terminal. */
export interface Listener {
  /** A key, in the octets that the terminal sends for it. */
  key(key: string): void;
  /** The frame on the screen is gone, or does not fit any more. */
  redraw(): void;
  /** Somebody wants us to end. */
  end(): void;
}

/** The terminal on standard output. */
export class Screen {
  readonly #listener: Listener;
  readonly #onKeys = (keys: Uint8Array | string): void => {
    for (const [key] of String(keys).matchAll(keyPattern)) {
      this.#listener.key(key);
    }
  };
  readonly #signals: readonly (readonly [NodeJS.Signals, () => void])[];

  constructor(listener: Listener) {
    this.#listener = listener;
    this.#signals = [
      ["SIGWINCH", () => listener.redraw()],
      ["SIGINT", () => listener.end()],
      ["SIGTERM", () => listener.end()],
      ["SIGHUP", () => listener.end()],
      ["SIGTSTP", () => this.suspend()],
      ["SIGCONT", () => this.#resume()],
    ];
    for (const [signal, act] of this.#signals) process.on(signal, act);
    process.stdin.on("data", this.#onKeys);
    this.#take();
  }

  /** How large it is now. */
  get size(): Size {
    const { columns = 80, rows = 24 } = process.stdout;
    return { columns: Math.max(1, columns), rows: Math.max(1, rows) };
  }

  /** Shows rows, no more than there are. */
  draw(rows: readonly string[]): void {
    const text = rows.map((row) => `${row}\x1b[K`).join("\r\n");
    put(`${begin}\x1b[H${text}\x1b[J${end}`);
  }

  /** Stops as other programs do on Ctrl-Z, with the screen as it was before us. */
  suspend(): void {
    this.#giveBack();
    process.kill(process.pid, "SIGSTOP");
  }

  /** Leaves the terminal as it was. */
  close(): void {
    for (const [signal, act] of this.#signals) process.off(signal, act);
    process.stdin.off("data", this.#onKeys);
    process.stdin.pause();
    this.#giveBack();
  }

  #resume(): void {
    this.#take();
    this.#listener.redraw();
  }

  #take(): void {
    if (process.stdin.isTTY) process.stdin.setRawMode(true);
    put(enter);
  }

  #giveBack(): void {
    put(leave);
    if (process.stdin.isTTY) process.stdin.setRawMode(false);
  }
}
