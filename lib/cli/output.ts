/**
 * Standard output and error for commands: whole texts, written at once. Both runtimes buffer
 * `process.stdout` when it is a pipe and lose what is left at `process.exit`; a write to the file
 * descriptor does not. A reader that went away (`standin status | head -1`) ends the command
 * without a word, as it does for every other tool.
 */
import { writeSync } from "node:fs";
import process from "node:process";

/** Prints a line, or several with line feeds between. */
export function print(text: string): void {
  write(1, `${text}\n`);
}

/** Writes to standard output what is no line of its own. */
export function put(text: string): void {
  write(1, text);
}

/** Prints a line to standard error. */
export function complain(text: string): void {
  write(2, `${text}\n`);
}

/** Whether standard output may carry colours (https://no-color.org). */
export function wantsColours(): boolean {
  return process.stdout.isTTY === true && !process.env["NO_COLOR"] &&
    process.env["TERM"] !== "dumb";
}

/** How many columns the terminal has; at least 80, and 80 where there is none. */
export function columns(): number {
  return Math.max(80, process.stdout.columns ?? 80);
}

let hasTransient = false;

/** A line on the terminal until the next one of any kind; none where errors go elsewhere. */
export function showTransient(text: string): void {
  if (process.stderr.isTTY !== true || process.env["TERM"] === "dumb") return;
  const room = Math.max(1, (process.stderr.columns ?? 80) - 1);
  write(2, `${text.slice(0, room)}\x1b[K\r`);
  hasTransient = true;
}

/** Takes that line away. */
export function clearTransient(): void {
  if (!hasTransient) return;
  hasTransient = false;
  write(2, "\x1b[K");
}

function write(descriptor: 1 | 2, text: string): void {
  clearTransient();
  let rest = new TextEncoder().encode(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "EPIPE") process.exit(0);
      // The other end shares a non-blocking pipe with us and is slow: wait a little for it.
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
}
