/**
 * Puts new content in place of a file in one step: whoever opens it sees the old or the new, and a
 * crash leaves one of them. Mode and owner stay; a link stays a link to the file that is replaced.
 */
import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import process from "node:process";

/** Writes a file, or writes it anew; throws what the system has against it. */
export function replaceFile(path: string, content: Uint8Array): void {
  const target = targetOf(path);
  const before = statSync(target, { throwIfNoEntry: false });
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.new`);
  try {
    const descriptor = openSync(temporary, "wx", before === undefined ? 0o666 : 0o600);
    try {
      writeFileSync(descriptor, content);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    if (before !== undefined) {
      const own = statSync(temporary);
      const sameOwner = own.uid === before.uid && own.gid === before.gid;
      if (!sameOwner) chownSync(temporary, before.uid, before.gid);
      chmodSync(temporary, before.mode & 0o7777);
    }
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function targetOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
