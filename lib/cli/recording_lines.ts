/**
 * The lines of a file, read a part at a time: a recording may be longer than memory should be.
 */
import { closeSync, openSync, readSync } from "node:fs";

const partSize = 1_048_576;

/** Each line without its end; what follows the last line feed is one, too, unless it is empty. */
export function* linesOf(path: string): Generator<string> {
  const fd = openSync(path, "r");
  try {
    const part = new Uint8Array(partSize);
    const decoder = new TextDecoder();
    let rest = "";
    for (let length = readSync(fd, part); length > 0; length = readSync(fd, part)) {
      const lines = (rest + decoder.decode(part.subarray(0, length), { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
    rest += decoder.decode();
    if (rest !== "") yield rest;
  } finally {
    closeSync(fd);
  }
}
