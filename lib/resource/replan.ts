/**
 * A reload: what is the same goes on untouched, also in another place of the order. What is gone,
 * or is something else now, is stopped, and whatever stood after it before that: it may need it.
 */
import { equalPlain, type Instant } from "../base/mod.ts";
import type { ResourcesPlan } from "./plan.ts";
import { probeLater } from "./run.ts";
import { advance } from "./set.ts";
import {
  isPlace,
  newResource,
  type Resource,
  type ResourceOutput,
  type ResourceSet,
} from "./state.ts";

/** Takes over a changed plan of the same set. */
export function replanSet(
  set: ResourceSet,
  plan: ResourcesPlan,
  now: Instant,
  out: ResourceOutput[],
): void {
  const before = set.resources;
  set.plan = plan;
  const next = plan.resources.map((one) => {
    const known = before.find(({ plan: { subject } }) => equalPlain(subject, one.subject));
    if (known === undefined) {
      const fresh = newResource(one, now);
      // With the role they are there already, wherever they are to stand.
      return isPlace(one) && set.wish === "run" ? { ...fresh, state: "active" as const } : fresh;
    }
    const { interval } = known.plan.limits;
    known.plan = one;
    known.retired = false;
    if (interval !== one.limits.interval && known.state === "active") probeLater(known, now);
    return known;
  });
  set.resources = next;
  retire(set, before);
  advance(set, now, out);
}

/** Those that are gone keep their place in the order until they are stopped. */
function retire(set: ResourceSet, before: readonly Resource[]): void {
  let previous: Resource | undefined;
  let needed = false;
  for (const resource of before) {
    if (set.resources.includes(resource)) {
      if (needed && !isPlace(resource.plan)) resource.mustStop = true;
    } else if (isPlace(resource.plan)) {
      // The order no longer says where they belong: they are there as long as the role.
      continue;
    } else {
      resource.retired = true;
      if (resource.state !== "stopped") needed = true;
      const at = previous === undefined ? 0 : set.resources.indexOf(previous) + 1;
      set.resources.splice(at, 0, resource);
    }
    previous = resource;
  }
}
