/**
 * The bound C library, opened once for the process, and what a failed call looks like. All calls
 * are made from the main thread: errno, network namespaces and the timers' signals belong to it.
 */
import { err, ok, type Result } from "../lib/base/mod.ts";
import { type ArchitectureFacts, architectureFacts } from "./architecture.ts";
import type { Binding } from "./binding.ts";
import { bindBun } from "./bun.ts";
import { bindDeno } from "./deno.ts";
import { describeErrno } from "./errno.ts";

/** Why a call of the operating system failed. */
export interface OsError {
  /** The call, such as `socket`. */
  readonly operation: string;
  readonly errno: number;
  /** Symbolic name, such as `EPERM`. */
  readonly name: string;
  readonly text: string;
}

/** The binding with the facts of the processor. */
export interface Libc extends Binding {
  readonly architecture: ArchitectureFacts;
}

let opened: Libc | undefined;

/** Binds libc through the runtime at hand; later calls answer the same. Throws without one. */
export async function openLibc(): Promise<Libc> {
  if (opened !== undefined) return opened;
  const architecture = architectureFacts(process.arch);
  const binding = await ("Deno" in globalThis ? bindDeno : bindBun)(process.arch);
  opened = { ...binding, architecture };
  return opened;
}

/** Makes a result of a call that answers -1 when it fails; call it right after. */
export function checked(libc: Libc, operation: string, result: number): Result<number, OsError> {
  return result >= 0 ? ok(result) : err(lastError(libc, operation));
}

/** The error of the call that was made just before. */
export function lastError(libc: Libc, operation: string): OsError {
  const number = libc.errno();
  const { name, text } = describeErrno(number);
  return { operation, errno: number, name, text };
}

/** An error in one line. */
export function renderOsError({ operation, name, text }: OsError): string {
  return `${operation}: ${text} (${name})`;
}
