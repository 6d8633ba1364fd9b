/**
 * Whether a virtual server has enough servers. keepalived: the quorum is gained at quorum plus
 * hysteresis, and lost below quorum minus hysteresis or when no server is left.
 */
import type { VirtualServerPlan } from "./plan.ts";

/** The weights of the servers that are up, added. */
export function liveWeight(plan: VirtualServerPlan, isUp: (server: string) => boolean): number {
  return plan.servers.reduce((sum, { name, weight }) => isUp(name) ? sum + weight : sum, 0);
}

/** Whether the quorum is there with this weight; `before` is absent at the first look. */
export function hasQuorum(
  { quorum, hysteresis }: VirtualServerPlan,
  weight: number,
  before: boolean = false,
): boolean {
  if (!before) return weight >= quorum + hysteresis;
  return weight > 0 && weight >= quorum - hysteresis;
}
