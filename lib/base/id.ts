/**
 * The small numbers of the field, branded so that a priority can not be passed for a router id.
 * Each constructor checks the range that the RFC or the kernel gives and answers a `Result`.
 */
import { type Brand, err, ok, type Result } from "./result.ts";

/** Virtual router identifier, 1 to 255 (RFC 9568 §5.2.3). */
export type Vrid = Brand<number, "Vrid">;

/** Router priority, 0 to 255: 0 is "I stop", 255 the address owner (RFC 9568 §5.2.4). */
export type Priority = Brand<number, "Priority">;

/** The kernel's index of a network interface, from 1; 0 is none in particular. */
export type IfIndex = Brand<number, "IfIndex">;

/** A virtual router identifier; the error says what was expected. */
export function vrid(value: number): Result<Vrid, string> {
  if (Number.isInteger(value) && value >= 1 && value <= 255) return ok(value as Vrid);
  return err("expected 1 to 255");
}

/** A priority; the error says what was expected. */
export function priority(value: number): Result<Priority, string> {
  if (Number.isInteger(value) && value >= 0 && value <= 255) return ok(value as Priority);
  return err("expected 0 to 255");
}

/** An interface index as the kernel reported it. */
export function ifIndex(value: number): IfIndex {
  return value as IfIndex;
}

/** The index of no interface in particular: sockets that are bound to none. */
export const anyInterface: IfIndex = 0 as IfIndex;

/** Priority of the router that owns the addresses (RFC 9568 §6.1). */
export const ownerPriority: Priority = 255 as Priority;

/** Priority that says "I am no longer master" (RFC 9568 §5.2.4). */
export const releasePriority: Priority = 0 as Priority;

/** Brings an arithmetic result into the range of a router that is not the owner, 1 to 254. */
export function clampPriority(value: number): Priority {
  return Math.min(254, Math.max(1, Math.trunc(value))) as Priority;
}
