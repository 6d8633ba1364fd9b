/**
 * Starting another program. What it inherits from the thread that starts it, such as its
 * processors, may have been set for the daemon alone; then the thread takes that back for as long
 * as the start takes.
 */

/** Does what `start` does, and answers what it answers, with the thread as the daemon found it. */
export type Around = <T>(start: () => T) => T;

let around: Around | undefined;

/** Called by whoever has settings that are not for children; `undefined` for nobody. */
export function keepFromChildren(settings: Around | undefined): void {
  around = settings;
}

/** Every program that the loop does not wait for is started in here. */
export function startChild<T>(start: () => T): T {
  return around === undefined ? start() : around(start);
}
