/**
 * A weight that can never change who is master. For each member all priorities are worked out that
 * its trackers can bring it to. A tracker matters when there is a situation in which the member is
 * below another one with one result of the check, and not with the other: at equal priorities the
 * master stays.
 */
import { ownerPriority } from "../base/mod.ts";
import { type ClusterRule, nameOfPlace, placeOf } from "./cluster_rule.ts";
import type { Member } from "./cluster_router.ts";
import { additions, changesPriority, type TrackerUse, type Weight } from "./lint/tracker.ts";
import { mayWeigh, titleOf } from "./lint/view.ts";

const [lowest, highest] = [1, 254];

type Weighted = TrackerUse & { readonly weight: Weight };

/** Trackers whose weight changes nothing. */
export const clusterWeight: ClusterRule = {
  code: "cluster-weight",
  finds: "a weight that can never change the winner, whatever the checks of all nodes say",
  check({ routers }, say): void {
    for (const { members } of routers) {
      if (members.length < 2 || members.some(isUnforeseeable)) continue;
      const reach = new Map(members.map((one) => [one, prioritiesOf(one, weightsOf(one))]));
      for (const member of members) {
        const others = members.filter((one) => one !== member);
        for (const use of weightsOf(member)) {
          const rivals = others.filter((other) => {
            return overtakes(swings(member, use), reach.get(other) ?? new Set());
          });
          if (rivals.some(({ plan }) => plan.preempt)) continue;
          const [other] = rivals.length > 0 ? rivals : others;
          if (other === undefined) continue;
          const where = `(${nameOfPlace(placeOf(other, "priority"))})`;
          const why = rivals.length > 0
            ? `who could take over has nopreempt ${where}`
            : `${titleOf(member.instance)} moves between ${range(reach.get(member))}, the others ` +
              `between ${range(union(others, reach))} ${where}`;
          const message = `weight ${use.weight.value} of "${use.name}" can never change who is ` +
            `master: ${why}`;
          const hint = "make the weight larger than the distance of the priorities, or leave it " +
            "out, for FAULT";
          say({ severity: "warning", place: use.weight.place, message, hint });
        }
      }
    }
  },
};

/** The number in a tracked file can bring a priority anywhere. */
function isUnforeseeable({ instance }: Member): boolean {
  return instance.uses.some(({ kind }) => kind === "file");
}

/** Owners do not move, and members of a group by weights of their own only where it says so. */
function weightsOf({ plan, instance }: Member): Weighted[] {
  if (plan.basePriority === ownerPriority) return [];
  const counts = mayWeigh(instance);
  return instance.uses.filter(changesPriority).filter(({ ofGroup }) => ofGroup || counts);
}

/** Sums of what trackers add, for all their results. */
function sumsOf(uses: readonly Weighted[]): Set<number> {
  let sums = new Set([0]);
  for (const { weight } of uses) {
    const next = new Set<number>();
    for (const sum of sums) for (const one of additions(weight)) next.add(sum + one);
    sums = next;
  }
  return sums;
}

function prioritiesOf({ plan }: Member, uses: readonly Weighted[]): Set<number> {
  if (plan.basePriority === ownerPriority) return new Set([ownerPriority]);
  return new Set([...sumsOf(uses)].map((sum) => clamp(plan.basePriority + sum)));
}

/** The priority while the check is good and while it is bad, for all results of the others. */
function swings(member: Member, use: Weighted): (readonly [number, number])[] {
  const base = member.plan.basePriority;
  const [good, bad] = additions(use.weight);
  const rest = weightsOf(member).filter((one) => one !== use);
  return [...sumsOf(rest)].map((sum) => [clamp(base + sum + good), clamp(base + sum + bad)]);
}

function overtakes(
  moves: readonly (readonly [number, number])[],
  others: ReadonlySet<number>,
): boolean {
  const reached = [...others];
  return moves.some(([good, bad]) => {
    const [most, least] = [Math.max(good, bad), Math.min(good, bad)];
    return reached.some((other) => most >= other && other > least);
  });
}

function union(members: readonly Member[], reach: ReadonlyMap<Member, Set<number>>): Set<number> {
  return new Set(members.flatMap((member) => [...reach.get(member) ?? []]));
}

function range(priorities: ReadonlySet<number> = new Set()): string {
  return `${Math.min(...priorities)} and ${Math.max(...priorities)}`;
}

function clamp(priority: number): number {
  return Math.min(highest, Math.max(lowest, priority));
}
