/**
 * What is a failure, and what follows from it.
 */
import { formatCommandEnd } from "../base/mod.ts";
import type {
  Consequence,
  Resource,
  ResourceFailure,
  ResourceOutput,
  Run,
  RunEnd,
} from "./state.ts";

/** Characters of what a command said that are told with its failure. */
const saidMax = 120;

/** Whether a run ended well and in time. */
export function isGood({ signals }: Run, end: RunEnd): boolean {
  return signals === 0 && end.kind === "exited" && end.code === 0;
}

/** How a run went wrong, in words. */
export function detailOf({ signals, said }: Run, end: RunEnd): string {
  const how = signals > 0 || end.kind === "timeout" ? "timeout" : formatCommandEnd(end);
  return said === "" ? how : `${how}: ${said.slice(0, saidMax)}`;
}

/** Notes a failure and tells what follows. */
export function failed(
  resource: Resource,
  failure: ResourceFailure,
  then: Consequence,
  out: ResourceOutput[],
): void {
  resource.lastFailure = failure;
  out.push({ kind: "failed", resource, failure, then });
}

/** Counts a failure; true when there were too many. */
export function fails(
  resource: Resource,
  failure: ResourceFailure,
  out: ResourceOutput[],
): boolean {
  const { retry } = resource.plan.limits;
  resource.failures++;
  if (resource.failures > retry) {
    failed(resource, failure, { kind: "give-up" }, out);
    return true;
  }
  failed(resource, failure, { kind: "retry", attempt: resource.failures, of: retry }, out);
  return false;
}
