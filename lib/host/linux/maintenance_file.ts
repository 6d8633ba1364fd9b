/**
 * A maintenance outlives the daemon: a restart during the work must not bring the node back into
 * elections. The file says until when, by the wall clock; one whose time has passed counts nothing.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { after, type Instant, milliseconds, never } from "../../base/mod.ts";

/** The file in the run directory. */
export class MaintenanceFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Notes a maintenance of so many milliseconds from now; without an end if absent. */
  note(forMs: number | undefined): void {
    const until = forMs === undefined ? null : new Date(Date.now() + forMs).toISOString();
    writeFileSync(this.#path, `${JSON.stringify({ until })}\n`, { mode: 0o644 });
  }

  /** No maintenance. */
  clear(): void {
    rmSync(this.#path, { force: true });
  }

  /** Until when an earlier daemon was told to take no part; absent where it was not. */
  until(now: Instant): Instant | undefined {
    const noted = this.#read();
    if (noted === undefined || noted === null) return noted === null ? never : undefined;
    const leftMs = Date.parse(noted) - Date.now();
    return leftMs > 0 ? after(now, milliseconds(leftMs)) : undefined;
  }

  #read(): string | null | undefined {
    try {
      const { until } = JSON.parse(readFileSync(this.#path, "utf8"));
      return typeof until === "string" || until === null ? until : undefined;
    } catch {
      return undefined;
    }
  }
}
