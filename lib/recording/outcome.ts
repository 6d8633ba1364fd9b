/**
 * What an engine decided, in a form that two runs can be compared by. The digest (FNV-1a, 32 bits)
 * is over all that the effects say; it tells that something is different, not what.
 */
import { encodePlain } from "../base/mod.ts";
import { type Effect, renderTell } from "../engine/mod.ts";
import type { Outcome } from "./format.ts";

/** The outcome of a step; effects are only valid until the next one. */
export function outcomeOf(effects: readonly Effect[]): Outcome {
  if (effects.length === 0) return {};
  const told = effects.flatMap((one) => one.kind === "tell" ? [renderTell(one.tell)] : []);
  return { digest: digestOf(encodePlain(effects)), ...(told.length === 0 ? {} : { told }) };
}

/** What an engine threw, in one line. */
export function failureOf(error: unknown): Outcome {
  return { failed: error instanceof Error ? error.message : String(error) };
}

function digestOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}
