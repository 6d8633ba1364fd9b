/**
 * `balancer nftables`: what a virtual server says must be something that nftables can do.
 */
import { type BalancerChoice, nftObjections, type VirtualServerPlan } from "../balance/mod.ts";
import { describe, type Statement } from "./parse.ts";
import type { Report } from "./report.ts";

/** Whether a virtual server can run where it has to; tells of each thing that is in its way. */
export function canRunOn(
  plan: VirtualServerPlan,
  block: Statement,
  balancer: BalancerChoice | undefined,
  report: Report,
): boolean {
  if (balancer === undefined || balancer === "ipvs") return true;
  for (const { what, instead } of nftObjections(plan)) {
    const hint = `write ${instead}, or @standin balancer ipvs`;
    const place = placeOf(block, what);
    if (balancer === "nftables") {
      const message = `Cannot run ${describe(block)} in nftables: ${what} needs IPVS`;
      report.error("needs-ipvs", place, message, hint);
    } else {
      const message = `${describe(block)} runs only where the kernel has IPVS: ${what} needs it`;
      report.warning("needs-ipvs", place, message, hint);
    }
  }
  return balancer === "auto" || nftObjections(plan).length === 0;
}

/** Where a keyword with its argument stands, in the block or in one of its servers. */
function placeOf(block: Statement, what: string): Statement["place"] {
  const [keyword = "", argument] = what.split(" ");
  const names = synonyms[keyword] ?? [keyword];
  const inside = (block.children ?? []).flatMap((child) => [child, ...child.children ?? []]);
  const found = inside.find((statement) =>
    names.includes(statement.name) &&
    (argument === undefined || statement.words[0] === argument)
  );
  return (found ?? block).place;
}

/** Keywords that say the same. */
const synonyms: Readonly<Record<string, readonly string[]>> = {
  lvs_sched: ["lvs_sched", "lb_algo"],
  lvs_method: ["lvs_method", "lb_kind", "sorry_server_lvs_method"],
};
