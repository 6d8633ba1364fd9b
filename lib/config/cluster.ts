/**
 * Several files as the nodes of one cluster. A node can be right by itself and wrong beside the
 * others: another version, another password, one address less. Which instances are the same
 * virtual router is found out by `cluster_router.ts`; the rules then compare its members.
 *
 * What surely breaks the pair (two masters, a lost address) is an error, what works but not as
 * people think is a warning. Every remark stands at one file and names the other.
 */
import { clusterRules } from "./cluster_rules.ts";
import { type ClusterNode, routersOf } from "./cluster_router.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { Report } from "./report.ts";

/** Everything that the files do not agree on, in the order of the rules. */
export function compareNodes(nodes: readonly ClusterNode[]): Diagnostic[] {
  const report = new Report();
  const routers = routersOf(nodes);
  for (const { code, check } of clusterRules) {
    check({ nodes, routers }, (remark) => report.add({ ...remark, code }));
  }
  return report.diagnostics();
}
