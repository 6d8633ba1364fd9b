/**
 * Reloads at a time that a file says (`reload_time_file`): several nodes can take a configuration
 * that the others would refuse at the same moment. The file is looked at when its directory
 * changes; the clock of the wall decides, and is looked at again and again, because it may be set.
 */
import { closeSync, constants, type FSWatcher, openSync, readSync, rmSync, watch } from "node:fs";
import { basename, dirname } from "node:path";
import type { ReloadPlan } from "../../config/mod.ts";
import type { Level } from "../../engine/mod.ts";

/** How long one look at the clock may be ago, in milliseconds. */
const lookAgainMs = 10_000;
/** More octets than any line with a time has. */
const lineSize = 64;

/** What a schedule works with. */
export interface ScheduleParts {
  reload(): Promise<unknown>;
  say(level: Level, sentence: string): void;
}

/** The reload that a file asks for. */
export class ReloadSchedule {
  readonly #parts: ScheduleParts;
  #plan: ReloadPlan = {};
  #watch: FSWatcher | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #due: Date | undefined;

  constructor(parts: ScheduleParts) {
    this.#parts = parts;
  }

  /** Follows another file, or none. */
  follow(plan: ReloadPlan = {}): void {
    const before = this.#plan.timeFile;
    this.#plan = plan;
    if (plan.timeFile === before) return;
    this.close();
    if (plan.timeFile === undefined) return;
    const [directory, name] = [dirname(plan.timeFile), basename(plan.timeFile)];
    try {
      this.#watch = watch(directory, (_, changed) => {
        if (changed === null || changed === name) this.#look();
      });
      this.#watch.on("error", () => this.#parts.say("warning", `Cannot watch "${directory}"`));
    } catch {
      this.#parts.say("warning", `Cannot watch "${directory}" for reload_time_file`);
    }
    this.#look();
  }

  /** No reload is due any more. */
  close(): void {
    this.#watch?.close();
    this.#watch = undefined;
    clearTimeout(this.#timer);
    this.#due = undefined;
  }

  /** The file is not there, or its first line says when. */
  #look(): void {
    const { timeFile = "" } = this.#plan;
    const due = this.#read(timeFile);
    if (due?.getTime() === this.#due?.getTime()) return;
    if (due === undefined) this.#parts.say("notice", "The scheduled reload is cancelled");
    else this.#parts.say("notice", `A reload is scheduled for ${due.toISOString()}`);
    this.#due = due;
    this.#wait();
  }

  #read(path: string): Date | undefined {
    let line: string;
    try {
      [line = ""] = readBeginning(path).split("\n", 1);
    } catch {
      return undefined;
    }
    const due = scheduledTime(line, new Date());
    if (due !== undefined || line === "") return due;
    this.#parts.say(
      "warning",
      `"${path}" says no time to come: expected HH:MM:SS or YYYY-MM-DD HH:MM:SS, with Z for UTC`,
    );
    return undefined;
  }

  #wait(): void {
    clearTimeout(this.#timer);
    if (this.#due === undefined) return;
    const leftMs = this.#due.getTime() - Date.now();
    if (leftMs <= 0) return this.#go();
    this.#timer = setTimeout(() => this.#wait(), Math.min(leftMs, lookAgainMs));
  }

  #go(): void {
    const { timeFile = "", repeats } = this.#plan;
    this.#due = undefined;
    if (repeats !== true) this.#remove(timeFile);
    void this.#parts.reload().then(() => this.#look());
  }

  #remove(path: string): void {
    try {
      rmSync(path, { force: true });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#parts.say("warning", `Cannot remove "${path}": ${why}`);
    }
  }
}

/** Whatever the file is, a FIFO or one without an end: nobody waits for it. */
function readBeginning(path: string): string {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const buffer = new Uint8Array(lineSize);
    return new TextDecoder().decode(buffer.subarray(0, readSync(fd, buffer)));
  } finally {
    closeSync(fd);
  }
}

/**
 * The time that a line says, `HH:MM:SS` for the next such time or a date before it, in local time
 * unless `Z` follows; `undefined` when it says none or one that is over. (keepalived.conf(5))
 */
export function scheduledTime(line: string, now: Date): Date | undefined {
  const form = /^(?:(\d{2}|\d{4})-(\d{2})-(\d{2}) )?(\d{2}):(\d{2}):(\d{2})(Z?)\s*$/;
  const found = form.exec(line);
  if (found === null) return undefined;
  const [, year, month, date, ...clock] = found;
  const utc = clock[3] === "Z";
  const [hours = 0, minutes = 0, seconds = 0] = clock.map(Number);
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  const at = (years: number, months: number, days: number): Date =>
    utc
      ? new Date(Date.UTC(years, months, days, hours, minutes, seconds))
      : new Date(years, months, days, hours, minutes, seconds);
  if (year !== undefined) {
    const [years, months, days] = [Number(year), Number(month) - 1, Number(date)];
    const due = at(years < 100 ? 2000 + years : years, months, days);
    const real = (utc ? due.getUTCMonth() : due.getMonth()) === months;
    return real && due > now ? due : undefined;
  }
  const today = utc
    ? at(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate())
    : at(now.getFullYear(), now.getMonth(), now.getDate());
  if (today > now) return today;
  return utc
    ? at(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1)
    : at(now.getFullYear(), now.getMonth(), now.getDate() + 1);
}
