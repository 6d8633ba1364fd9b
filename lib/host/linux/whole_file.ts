/**
 * A file that is there as a whole, or not at all: it is written beside its place and then moved
 * there, so that nobody reads half of it, and a symbolic link that lies there is not followed.
 */
import { closeSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";

/** Only the owner reads it, as keepalived has it for what it writes. */
const ownerOnly = 0o600;

/** Writes it; throws what the system says. */
export function writeWhole(path: string, text: string): void {
  // The module of the same function is ten milliseconds of the start.
  const unfinished = `${path}.${crypto.randomUUID()}`;
  const fd = openSync(unfinished, "wx", ownerOnly);
  try {
    writeFileSync(fd, text);
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  } finally {
    // Some wait until it is closed after writing, as keepalived's is: by then it has its name.
    closeSync(fd);
  }
}
