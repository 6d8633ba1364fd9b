/**
 * Lines about IPVS as a whole, which stand in several places and are kept until all is read.
 */
import type { GlobalDraft } from "./draft.ts";
import type { Statement } from "./parse.ts";

/** Keeps a line for the builder of the settings. */
export function keepBalance(draft: GlobalDraft, line: Statement): void {
  (draft.balance ??= []).push(line);
}
