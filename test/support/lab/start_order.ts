/**
 * The order in which processes were started, by their ids: the kernel counts them up, and begins
 * anew at its limit.
 */
import { readFileSync } from "node:fs";

/** Sorts what processes noted, each when it came to that, by when they were started. */
export function inOrderOfStart<T>(
  noted: readonly (readonly [pid: number, what: T])[],
  limit: number = Number(readFileSync("/proc/sys/kernel/pid_max", "utf8")),
): T[] {
  let [last = 0] = noted[0] ?? [];
  let count = 0;
  const counted = noted.map(([pid, what]): [number, T] => {
    // The shorter way round leads from each to the next: not many were started between.
    const ahead = (pid - last + limit) % limit;
    count += ahead < limit / 2 ? ahead : ahead - limit;
    last = pid;
    return [count, what];
  });
  return counted.sort(([a], [b]) => a - b).map(([, what]) => what);
}
