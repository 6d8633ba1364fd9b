/**
 * `nftables_ipvs` in the engine: which services IPVS has of a virtual server, and the tables that
 * give the marks. Where virtual servers are in nftables themselves, nobody needs marks.
 */
import { renderMarkMap, renderMarkRemoval, type VirtualServerPlan } from "../balance/mod.ts";
import type { KernelRefusal } from "./event.ts";
import { tell } from "./slot.ts";
import type { World } from "./world.ts";

/** The tables that were asked for; unknown until they were asked for or removed. */
export interface MarksWorld {
  text: string | undefined;
  removal: string;
}

/** Nothing is known. */
export function newMarksWorld(): MarksWorld {
  return { text: undefined, removal: "" };
}

/** The plan with the services that it has where virtual servers are. */
export function placedPlan({ balance }: World, plan: VirtualServerPlan): VirtualServerPlan {
  if (plan.marked === undefined || balance.backend === "nftables") return plan;
  return { ...plan, services: plan.marked };
}

/** Brings the tables in line with the model; what an earlier run left goes. */
export function settleMarks(world: World): void {
  const { balance: { marks, slots, backend }, model, effects } = world;
  const plan = model?.global.balance?.marks;
  const isWanted = plan !== undefined && backend === "ipvs" && !world.stopping;
  const text = isWanted ? renderMarkMap(plan, Array.from(slots.values(), (slot) => slot.plan)) : "";
  if (text === marks.text) return;
  const removal = plan === undefined || text === "" ? "" : renderMarkRemoval(plan);
  // Tables of another name that are ours still.
  const stale = marks.removal !== "" && marks.removal !== removal;
  if (stale || text === "") effects.push({ kind: "mark-table", removal: marks.removal });
  if (text !== "") effects.push({ kind: "mark-table", text, removal });
  marks.text = text;
  marks.removal = removal;
}

/** Removes the tables. */
export function dropMarks({ balance: { marks }, effects }: World): void {
  if (marks.removal !== "") effects.push({ kind: "mark-table", removal: marks.removal });
  Object.assign(marks, newMarksWorld());
}

/** The kernel did not take the tables, so no packet gets a mark. */
export function marksRefused(world: World, refusal: KernelRefusal): void {
  if (world.stopping) return;
  world.balance.marks.text = undefined;
  const key = `marks ${refusal.message}`;
  if (world.toldRefusals.has(key)) return;
  world.toldRefusals.add(key);
  tell(world, { kind: "marks-refused", refusal });
}
