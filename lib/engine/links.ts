/**
 * Which links are believed to be up: what the kernel says, what the interface answers where it is
 * asked (`linkbeat_interfaces`), and how long that must have held (`interface_up_down_delays`).
 * Interfaces that somebody tracks are judged from it.
 */
import type { Instant } from "../base/mod.ts";
import type { Model } from "../config/mod.ts";
import { newDebounce, observe, passDebounce, trackerKey } from "../track/mod.ts";
import type { Link } from "./event.ts";
import { examine } from "./network.ts";
import type { LinkState } from "./tracked.ts";
import { judged } from "./judged.ts";
import type { World } from "./world.ts";

/** Whether the link of an interface is believed to be up. */
export function believedUp(world: World, link: Link): boolean {
  return world.tracked.links.get(link.name)?.belief.believed ?? link.up;
}

/** The kernel said something about an interface. */
export function observeLink(world: World, name: string, now: Instant): void {
  const state = world.tracked.links.get(name);
  if (state !== undefined) look(world, state, now);
  judgeInterface(world, name, now);
}

/** The kernel's tables were read as a whole. */
export function linksRead(world: World, now: Instant): void {
  for (const state of world.tracked.links.values()) look(world, state, now);
  judgeInterfaces(world, now);
}

/** An interface has answered. */
export function linkBeat(world: World, name: string, up: boolean, now: Instant): void {
  const state = world.tracked.links.get(name);
  if (state === undefined || state.beat === up) return;
  state.beat = up;
  believe(world, state, look(world, state, now), now);
}

/** A delay of a link has passed. */
export function passLink(world: World, state: LinkState, now: Instant): void {
  believe(world, state, passDebounce(state.belief, now), now);
}

/** Takes the links of a configuration; beliefs stay. */
export function configureLinks(world: World, { links }: Model, now: Instant): void {
  const { tracked } = world;
  const wanted = new Map(links.map((plan) => [plan.name, plan]));
  for (const [name, state] of tracked.links) {
    if (wanted.has(name)) continue;
    tracked.links.delete(name);
    tracked.deadlines.set(state, Infinity as Instant);
  }
  const before = pollsOf(world);
  for (const [name, plan] of wanted) {
    const known = tracked.links.get(name);
    if (known !== undefined) {
      known.plan = plan;
      if (plan.poll === undefined) known.beat = true;
      continue;
    }
    const up = world.kernel.linkNamed(name)?.up === true;
    tracked.links.set(name, { kind: "link", plan, beat: true, belief: newDebounce(up) });
  }
  const polls = pollsOf(world);
  if (JSON.stringify(polls) !== JSON.stringify(before)) {
    world.effects.push({ kind: "poll-links", links: polls });
  }
  linksRead(world, now);
}

function pollsOf(world: World): { name: string; method: "mii" | "ethtool" | "ioctl" }[] {
  return Array.from(world.tracked.links.values()).flatMap(({ plan: { name, poll } }) =>
    poll === undefined ? [] : [{ name, method: poll }]
  );
}

/** Holds what is seen against what is believed; true when the belief changed. */
function look(world: World, state: LinkState, now: Instant): boolean {
  const { plan, belief } = state;
  const seen = state.beat && world.kernel.linkNamed(plan.name)?.up === true;
  const changed = observe(belief, seen, seen ? plan.upDelay : plan.downDelay, now);
  world.tracked.deadlines.set(state, belief.at);
  return changed;
}

function believe(world: World, state: LinkState, changed: boolean, now: Instant): void {
  world.tracked.deadlines.set(state, state.belief.at);
  if (!changed) return;
  for (const slot of world.slots.values()) {
    if (slot.instance.plan.interfaceName === state.plan.name) examine(world, slot, now);
  }
  judgeInterface(world, state.plan.name, now);
}

function judgeInterfaces(world: World, now: Instant): void {
  for (const { kind, name } of world.tracked.trackers.values()) {
    if (kind === "interface") judgeInterface(world, name, now);
  }
}

function judgeInterface(world: World, name: string, now: Instant): void {
  const tracker = world.tracked.trackers.get(trackerKey({ kind: "interface", name }));
  if (tracker?.kind !== "interface") return;
  const link = world.kernel.linkNamed(name);
  const good = link !== undefined && believedUp(world, link);
  const before = tracker.machine.verdict;
  tracker.machine.verdict = { kind: good ? "good" : "bad" };
  judged(world, tracker, before, now);
}
