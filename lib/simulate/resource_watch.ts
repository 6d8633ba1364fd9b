/**
 * Watches for a resource that is active on two running nodes at once, longer than the routers need
 * to agree and their scripts to end.
 */
import { seconds } from "../base/mod.ts";
import { AgreementWatch, type Disagreement, type Masters, type SimNode } from "../host/sim/mod.ts";

/** Scripts of scenarios end within that time, unless they are told to hang. */
const margin = seconds(2);

/** Watches resources. */
export function watchResources(): AgreementWatch {
  return new AgreementWatch(activeTwice, margin);
}

/** Nodes on which a resource of the virtual router, or of its sync group, is active. */
function activeTwice(key: string, { all }: Masters): Disagreement | undefined {
  const active = all.filter(({ node, plan }) => isActive(node, plan.name));
  if (active.length < 2) return undefined;
  const nodes = active.map(({ node }) => node.name).join(" and ");
  const plans = all.map(({ plan }) => plan);
  return { words: `resources of ${key} are active on ${nodes}`, plans };
}

function isActive(node: SimNode, instance: string): boolean {
  const { model } = node;
  if (model === undefined || model.resources.length === 0) return false;
  const group = model.syncGroups.find(({ members }) => members.includes(instance))?.name;
  return node.resources().some(({ kind, name, resources }) =>
    name === (kind === "INSTANCE" ? instance : group) &&
    resources.some((one) => one.kind !== "address" && one.state === "active")
  );
}
