/**
 * How the daemon before this one ended. One that ended in order has said so at the end of the event
 * log. Of one that was killed the crash guard has noted pid and moment; where the guard could not,
 * as when the power went, there is the time that the event log was marked with last.
 */
import { open, readFile, rm, stat } from "node:fs/promises";
import { readEventLine } from "../../engine/mod.ts";

/** What is known of it. */
export interface DaemonBefore {
  /** When it was there for sure for the last time; milliseconds since 1970. */
  readonly lastSign: number;
  readonly inOrder: boolean;
  /** Its process id, where the guard has noted it. */
  readonly pid: number | undefined;
}

/** The record of a daemon that ends in order is shorter. */
const tailSize = 4096;

/** Looks at the parts of the event log, the newest last, and at the guard's note, which goes. */
export async function daemonBefore(
  parts: readonly string[],
  deathNote: string | undefined,
): Promise<DaemonBefore | undefined> {
  const death = deathNote === undefined ? undefined : await takeNote(deathNote);
  let newest: { readonly part: string; readonly at: number } | undefined;
  for (const part of parts) {
    const at = await markOf(part);
    if (at > (newest?.at ?? 0)) newest = { part, at };
  }
  if (newest === undefined) return undefined;
  const inOrder = await endsInOrder(newest.part);
  // A note that is older is of a daemon before that one.
  const noted = !inOrder && death !== undefined && death.at >= newest.at;
  return noted
    ? { lastSign: death.at, inOrder, pid: death.pid }
    : { lastSign: newest.at, inOrder, pid: undefined };
}

async function markOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true ? found.mtimeMs : 0;
}

async function takeNote(path: string): Promise<{ at: number; pid: number } | undefined> {
  const at = await markOf(path);
  if (at === 0) return undefined;
  const pid = Number(await readFile(path, "utf8").catch(() => ""));
  await rm(path, { force: true }).catch(() => {});
  return pid > 0 ? { at, pid } : undefined;
}

async function endsInOrder(part: string): Promise<boolean> {
  const file = await open(part, "r").catch(() => undefined);
  try {
    const size = await file?.stat().then((found) => found.size) ?? 0;
    const tail = new Uint8Array(Math.min(size, tailSize));
    await file?.read(tail, 0, tail.length, size - tail.length);
    const last = new TextDecoder().decode(tail).trimEnd().split("\n").at(-1) ?? "";
    return readEventLine(last)?.event === "stopped";
  } catch {
    return false;
  } finally {
    await file?.close();
  }
}
