/**
 * What the world does to us comes back as a value: a `Result` is either `ok` with a value or not,
 * with an error that a caller can switch on. `assert` is for what we did ourselves: a failed one
 * throws, also in production, and ends the daemon under its supervisor.
 */

/** Either a value or an error, told apart by `ok`. */
export type Result<T, E> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: E };

/** Wraps a success. */
export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

/** Wraps a failure. */
export function err<E>(error: E): { readonly ok: false; readonly error: E } {
  return { ok: false, error };
}

/** Throws when `condition` does not hold: a mistake of ours, never of the outside world. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`Assertion failed: ${message}`);
}

/** Ends a switch over a discriminated union; the compiler proves that no variant reaches it. */
export function unreachable(value: never): never {
  throw new Error(`Unreachable: ${JSON.stringify(value)}`);
}

declare const brand: unique symbol;

/** A value that is only made by its own constructor, so that confusable numbers stay apart. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
