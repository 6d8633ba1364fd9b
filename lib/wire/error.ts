/**
 * What a decoder says of octets that are not the packet they should be. Decoders answer a `Result`
 * with one of these and never throw: anybody on the segment can send anything. The detail is a
 * sentence for the log; the kind is for counters.
 */
import { err } from "../base/mod.ts";

/** Why octets could not be read as a packet. */
export type DecodeError =
  /** The octets end before the packet does. */
  | {
    readonly kind: "truncated";
    readonly detail: string;
    readonly needed: number;
    readonly got: number;
  }
  /** All octets are there, and a field says something that the format does not allow. */
  | { readonly kind: "malformed"; readonly detail: string };

/** A failure for a packet that ends too early. */
export function truncated(
  what: string,
  needed: number,
  got: number,
): { readonly ok: false; readonly error: DecodeError } {
  const detail = `${what} is cut short: expected ${needed} octets, got ${got}`;
  return err({ kind: "truncated", detail, needed, got });
}

/** A failure for a field that makes no sense. */
export function malformed(detail: string): { readonly ok: false; readonly error: DecodeError } {
  return err({ kind: "malformed", detail });
}
