/**
 * What a rule over several files is, and how rules compare: the first member of a virtual router
 * is held against each of the others, so that every difference is told once.
 */
import type { InstancePlan } from "../vrrp/mod.ts";
import type { ClusterNode, Member, Router } from "./cluster_router.ts";
import { find } from "./lint/statement.ts";
import type { Remark } from "./report.ts";
import type { Place } from "./source.ts";

/** All files, and the virtual routers that they have in common. */
export interface Cluster {
  readonly nodes: readonly ClusterNode[];
  readonly routers: readonly Router[];
}

/** Says something; the code is that of the rule. */
export type ClusterSay = (remark: Omit<Remark, "code"> & { readonly hint: string }) => void;

/** One rule. */
export interface ClusterRule {
  /** Stable, in kebab case: it stands in the output, and names the page in docs. */
  readonly code: string;
  /** What it finds, as one line of the index. */
  readonly finds: string;
  check(cluster: Cluster, say: ClusterSay): void;
}

/** Where one of the keywords stands in a member's block; the block itself when none does. */
export function placeOf({ instance: { statement } }: Member, ...keywords: string[]): Place {
  for (const keyword of keywords) {
    const found = find(statement, keyword);
    if (found !== undefined) return found.place;
  }
  return statement.place;
}

/** `FILE:LINE`, for sentences about the other file. */
export function nameOfPlace({ source }: Place): string {
  return `${source.file}:${source.number}`;
}

/** Two members of one router. */
export interface Pair {
  readonly first: Member;
  readonly other: Member;
}

/** The first member beside each of the others. */
export function pairsOf({ members: [first, ...others] }: Router): Pair[] {
  return first === undefined ? [] : others.map((other) => ({ first, other }));
}

/** Those pairs that are not alike. */
export function differences(
  router: Router,
  alike: (first: InstancePlan, other: InstancePlan) => boolean,
): Pair[] {
  return pairsOf(router).filter(({ first, other }) => !alike(first.plan, other.plan));
}
