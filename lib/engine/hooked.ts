/**
 * Webhooks in the engine: looks at what a step has told, as mail does, and has each webhook called
 * for it. Each has a queue of its own, so one that is away holds up no other. A subject is told of
 * only when its state is another than was told before.
 */
import { earlier, type Instant, never } from "../base/mod.ts";
import {
  deadlineOfDeliveries,
  deliveryEnded,
  type DeliveryOutcome,
  type DeliveryQueue,
  enqueueDelivery,
  isForWebhook,
  newDeliveryQueue,
  type NotifiedState,
  passDeliveries,
  webhookAbout,
  type WebhookCall,
  webhookPauses,
  type WebhookPlan,
} from "../notify/mod.ts";
import { changeIn } from "./notified_change.ts";
import { renderTell } from "./render.ts";
import { tell } from "./slot.ts";
import type { Tell } from "./tell.ts";
import type { World } from "./world.ts";

interface Hook {
  readonly queue: DeliveryQueue<WebhookCall>;
  /** What was told last, by subject. */
  readonly states: Map<string, NotifiedState>;
}

/** The webhooks, each with what it was told. */
export interface Hooked {
  readonly hooks: Map<string, Hook>;
  /** Calls so far: part of their ids. */
  count: number;
}

/** Nobody was called. */
export function newHooked(): Hooked {
  return { hooks: new Map(), count: 0 };
}

/** Calls those that are to hear of what this step has told, or were to be called again. */
export function passWebhooks(world: World, now: Instant): void {
  const plans = world.model?.global.webhooks ?? [];
  const { hooks } = world.hooked;
  if (plans.length === 0 && hooks.size === 0) return;
  for (const name of hooks.keys()) {
    if (!plans.some((plan) => plan.name === name)) hooks.delete(name);
  }
  const told = world.effects.flatMap((effect) => effect.kind === "tell" ? [effect.tell] : []);
  for (const plan of plans) {
    const hook = hookOf(world, plan, now);
    for (const sentence of told) callFor(world, plan, hook, sentence, now);
    passQueue(world, plan, hook, now);
  }
}

/** The call that was on its way has an outcome. */
export function webhookTold(
  world: World,
  webhook: string,
  outcome: DeliveryOutcome,
  now: Instant,
): void {
  const hook = world.hooked.hooks.get(webhook);
  const result = hook === undefined ? undefined : deliveryEnded(hook.queue, outcome, now);
  if (result === undefined) return;
  const { item: { subject, id: callId }, again } = result;
  const about = { webhook, subject, callId };
  if (outcome.kind === "sent") return tell(world, { kind: "webhook-called", ...about });
  const more = again === undefined ? {} : { again };
  tell(world, { kind: "webhook-failed", ...about, detail: outcome.detail, ...more });
}

/** The earliest time at which one is to be called. */
export function webhookDeadline({ hooked: { hooks } }: World): Instant {
  let next = never;
  for (const { queue } of hooks.values()) next = earlier(next, deadlineOfDeliveries(queue));
  return next;
}

function hookOf({ hooked: { hooks } }: World, { name }: WebhookPlan, now: Instant): Hook {
  const known = hooks.get(name);
  if (known !== undefined) return known;
  const hook = { queue: newDeliveryQueue<WebhookCall>(webhookPauses, now), states: new Map() };
  hooks.set(name, hook);
  return hook;
}

function callFor(
  world: World,
  plan: WebhookPlan,
  { queue, states }: Hook,
  sentence: Tell,
  now: Instant,
): void {
  const { key, state } = changeIn(sentence) ?? {};
  const subject = key === undefined ? undefined : world.notified.subjects.get(key)?.plan;
  if (key === undefined || state === undefined || subject === undefined) return;
  if (!isForWebhook(plan, subject, state) || states.get(key) === state) return;
  states.set(key, state);
  const priority = subject.kind === "INSTANCE"
    ? world.slots.get(subject.name)?.instance.effectivePriority
    : undefined;
  const facts = {
    routerId: world.model?.global.routerId ?? "",
    sentence: renderTell(sentence),
    at: Math.round(world.wallOffset + now),
    count: ++world.hooked.count,
    ...(priority === undefined ? {} : { priority }),
  };
  enqueueDelivery(queue, webhookAbout(subject, state, facts));
}

function passQueue(world: World, plan: WebhookPlan, { queue }: Hook, now: Instant): void {
  if (queue.dropped > 0) {
    tell(world, { kind: "webhooks-dropped", webhook: plan.name, count: queue.dropped });
    queue.dropped = 0;
  }
  const call = passDeliveries(queue, now);
  if (call !== undefined) world.effects.push({ kind: "call-webhook", plan, call });
}
