/**
 * Goes through the file of the event log, its older part first. Little is read at a time, so the
 * daemon goes on in between; a part that is larger than the daemon makes it is read from where it
 * would be as large, and a line that is longer than any of ours is passed over.
 */
import { type FileHandle, open } from "node:fs/promises";
import { type EventRecord, readEventLine } from "../../engine/mod.ts";
import { olderPart } from "./event_writer.ts";
import { inSlices } from "./slices.ts";

/** Some dozen records. */
const chunkSize = 16_384;
/** Octets of one part that are read; the daemon makes it half as large. */
const partMax = 2_097_152;
const lineMax = 262_144;

/** Calls for each record of both parts, once; a part that is not there has none. */
export async function readEventParts(
  path: string,
  visit: (record: EventRecord) => void,
): Promise<void> {
  const seen = new Set<number>();
  for (const part of [olderPart(path), path]) {
    await eachLine(part, (line) => {
      const record = readEventLine(line);
      // What the disk took half of was written once more.
      if (record === undefined || seen.has(record.id)) return;
      seen.add(record.id);
      visit(record);
    });
  }
}

async function eachLine(path: string, visit: (line: string) => void): Promise<void> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, "r");
    const found = await file.stat();
    if (!found.isFile()) return;
    await eachLineOf(file, found.size, visit);
  } catch {
    // What can not be read is not there; memory has the latest.
  } finally {
    await file?.close();
  }
}

async function eachLineOf(
  file: FileHandle,
  size: number,
  visit: (line: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(chunkSize);
  let at = Math.max(0, size - partMax);
  let rest = "";
  while (at < size) {
    const { bytesRead } = await file.read(chunk, 0, chunkSize, at);
    if (bytesRead === 0) break;
    at += bytesRead;
    const lines = (rest + decoder.decode(chunk.subarray(0, bytesRead), { stream: true }))
      .split("\n");
    rest = lines.pop() ?? "";
    await inSlices(lines, visit);
    // What was read before may be there at once.
    await new Promise((resolve) => setImmediate(resolve));
    // Its end is no event.
    if (rest.length > lineMax) rest = "\u0000";
  }
  if (rest !== "") visit(rest);
}
