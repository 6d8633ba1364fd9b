/**
 * The engine: `step(event, now)` is the whole daemon. It never waits, never looks at a clock and
 * never throws at what the world does. Calling it too early or too often is harmless; whoever calls
 * must carry out the effects in order before the next step, and step again with `clock` when
 * `nextDeadline` has come.
 */
import { earlier, type Instant, never } from "../base/mod.ts";
import { settleAdmission } from "./admission.ts";
import { settleServers } from "./balance.ts";
import { nftDeadline, passNft } from "./balance_nft.ts";
import { passSync } from "./balance_settings.ts";
import type { Effect } from "./effect.ts";
import { stopAll } from "./ending.ts";
import type { EngineEvent } from "./event.ts";
import { passWebhooks, webhookDeadline } from "./hooked.ts";
import { noticeLapse } from "./lease_lapse.ts";
import { mailDeadline, passMail } from "./mailed.ts";
import { notificationDeadline, passEnd, passNotifications } from "./notified.ts";
import { refusedAddressDeadline } from "./refused_address.ts";
import { configure } from "./reload.ts";
import { takeEnding, takeReload } from "./resource_leave.ts";
import { describeResources, type ResourceSetStatus } from "./resource_status.ts";
import { passResources } from "./resources.ts";
import { route } from "./route.ts";
import { noticeStalls } from "./settle.ts";
import type { InstanceStatus, Snapshot } from "./snapshot.ts";
import { describeWorld, type NodeFacts } from "./status.ts";
import { newWorld, type World } from "./world.ts";

/** What a host needs of whoever decides. */
export type Decider = Pick<Engine, "step" | "nextDeadline" | "snapshot" | "routers" | "resources">;

/** What others see of a virtual router. */
export type RouterState = Pick<
  InstanceStatus,
  "name" | "state" | "basePriority" | "effectivePriority"
>;

/** One node's engine. */
export class Engine {
  readonly #world: World;

  constructor(now: Instant) {
    this.#world = newWorld(now);
  }

  /** Takes one event; answers what is to be done, in order. */
  step(event: EngineEvent, now: Instant): readonly Effect[] {
    const world = this.#world;
    world.effects = [];
    world.wall = world.wallOffset + now;
    noticeStalls(world, now);
    if (world.lease.overAt <= now) noticeLapse(world, now);
    route(world, event, now);
    if (world.unadmitted.size > 0) settleAdmission(world);
    if (world.balance.unsettled.size > 0) settleServers(world);
    if (world.balance.nft.changed) passNft(world, event);
    passSync(world);
    if (world.resourced.owners.size > 0) passResources(world, now);
    const reload = world.resourced.reload === undefined ? undefined : takeReload(world);
    if (reload !== undefined) {
      configure(world, reload, now);
      passResources(world, now);
    }
    const ending = world.resourced.ending === undefined ? undefined : takeEnding(world);
    if (ending !== undefined) stopAll(world, ending.keepIpvs, now);
    passNotifications(world, now);
    if (world.model?.global.mail !== undefined) passMail(world, now);
    passWebhooks(world, now);
    passEnd(world, now);
    return world.effects;
  }

  /** When a `clock` event is wanted; `never` when there is nothing to wait for. */
  nextDeadline(): Instant {
    const world = this.#world;
    const { deadlines, pacing, bfd, tracked, balance, duplicates, maintenance, lease } = world;
    const servers = earlier(balance.deadlines.next(), balance.rises.next());
    const checks = earlier(tracked.deadlines.next(), earlier(servers, nftDeadline(world)));
    const others = earlier(earlier(bfd.deadlines.next(), duplicates.lookAt), checks);
    const roles = earlier(maintenance?.until ?? never, world.resourced.deadlines.next());
    const routers = earlier(earlier(deadlines.next(), lease.renewAt), roles);
    const routing = earlier(routers, pacing.next());
    const again = refusedAddressDeadline(world);
    const sent = earlier(earlier(mailDeadline(world), webhookDeadline(world)), again);
    return earlier(earlier(routing, earlier(notificationDeadline(world), sent)), others);
  }

  /** Of every virtual router what others see of it: cheap, for who looks after each step. */
  routers(): RouterState[] {
    return Array.from(this.#world.slots.values(), ({ instance }) => ({
      name: instance.plan.name,
      state: instance.state.kind,
      basePriority: instance.plan.basePriority,
      effectivePriority: instance.effectivePriority,
    }));
  }

  /** The resources alone, as the snapshot shows them. */
  resources(isoTime: NodeFacts["isoTime"]): ResourceSetStatus[] {
    return describeResources(this.#world, isoTime);
  }

  /** How everything is, for people. */
  snapshot(facts: NodeFacts): Snapshot {
    return describeWorld(this.#world, facts);
  }
}
