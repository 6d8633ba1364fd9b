/**
 * Watches for a resource that is active on two running nodes at once, on a segment that works,
 * longer than the routers need to agree and their scripts to end.
 */
import { type Instant, instant, seconds } from "../base/mod.ts";
import {
  type Masters,
  type Network,
  type SimNode,
  timeToAgree,
  type Watcher,
} from "../host/sim/mod.ts";

/** Scripts of scenarios end within that time, unless they are told to hang. */
const margin = seconds(2);

/** Watches resources. */
export class ResourceWatch implements Watcher {
  readonly #since = new Map<string, Instant>();
  #disturbedAt: Instant = instant(0);

  /** One step says nothing about two nodes. */
  stepped(): readonly string[] {
    return [];
  }

  /** Gives the routers time. */
  disturbed(now: Instant): void {
    this.#disturbedAt = now;
  }

  /** Looks what is active where. */
  looked({ routers, now }: Network): readonly string[] {
    const objections: string[] = [];
    for (const [segment, found] of routers) {
      for (const [key, { all }] of found) {
        const active = segment.healthy() ? activeAt(all) : [];
        if (active.length < 2) {
          this.#since.delete(key);
          continue;
        }
        const since = this.#since.get(key) ?? now;
        const allowed = timeToAgree(segment, all.map(({ plan }) => plan)) + margin;
        const late = Math.max(since, this.#disturbedAt) + allowed < now;
        if (late) objections.push(`resources of ${key} are active on ${active.join(" and ")}`);
        this.#since.set(key, late ? now : since);
      }
    }
    return objections;
  }
}

/** The nodes on which a resource of the virtual router, or of its sync group, is active. */
function activeAt(all: Masters["all"]): string[] {
  return all.filter(({ node, plan }) => isActive(node, plan.name)).map(({ node }) => node.name);
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
