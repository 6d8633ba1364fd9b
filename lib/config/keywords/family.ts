/**
 * The family of an instance, as keepalived finds it: the first item that has one decides, later
 * ones of the other family are dropped.
 */
import type { Family } from "../../base/mod.ts";
import type { InstanceDraft } from "../draft.ts";
import type { Context } from "../keyword.ts";
import type { Place } from "../source.ts";
import { nameOf } from "../value.ts";

/** Whether an item is of the instance's family, which it decides when it is the first. */
export function agrees(
  draft: InstanceDraft,
  family: Family,
  place: Place,
  context: Context,
  what: string,
  hint?: string,
): boolean {
  draft.family ??= family;
  if (draft.family === family) return true;
  const message = `Cannot use ${what} for ${context.owner}: it is ${nameOf(family)}, ` +
    `the instance is ${nameOf(draft.family)}`;
  context.report.error("family-mismatch", place, message, hint);
  return false;
}
