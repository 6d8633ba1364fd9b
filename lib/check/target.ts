/**
 * What a check asks, whoever wants to know: servers of several virtual servers that are asked the
 * same thing in the same way are asked once.
 */
import type { CheckPlan } from "./plan.ts";

/** Two checks with the same target are one; whom they are for does not count. */
export function targetOf(plan: CheckPlan): string {
  return JSON.stringify({ ...plan, name: "", virtualServer: "", realServer: "" });
}
