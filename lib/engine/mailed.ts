/**
 * Mail in the engine: looks at what a step has told, as notifications do, and has mails sent for
 * it. A subject is mailed about only when its state is another than it was mailed about before.
 */
import { type Instant, never } from "../base/mod.ts";
import {
  deadlineOfDeliveries,
  deliveryEnded,
  type DeliveryOutcome,
  type DeliveryQueue,
  enqueueDelivery,
  type Mail,
  mailAbout,
  mailPauses,
  newDeliveryQueue,
  type NotifiedState,
  passDeliveries,
} from "../notify/mod.ts";
import { type Change, changeIn } from "./notified_change.ts";
import { renderTell } from "./render.ts";
import { tell } from "./slot.ts";
import type { Tell } from "./tell.ts";
import type { World } from "./world.ts";

/** Mails, and what was mailed about last. */
export interface Mailed {
  readonly queue: DeliveryQueue<Mail>;
  readonly states: Map<string, NotifiedState>;
}

/** Nothing was mailed. */
export function newMailed(now: Instant): Mailed {
  return { queue: newDeliveryQueue(mailPauses, now), states: new Map() };
}

/** Mails what this step has told, and sends what waits. */
export function passMail(world: World, now: Instant): void {
  const { mailed: { queue }, effects, model } = world;
  const plan = model?.global.mail;
  if (plan === undefined) return;
  for (const effect of [...effects]) {
    if (effect.kind === "tell") mailFor(world, effect.tell);
  }
  if (queue.dropped > 0) {
    tell(world, { kind: "mails-dropped", count: queue.dropped });
    queue.dropped = 0;
  }
  const mail = passDeliveries(queue, now);
  if (mail !== undefined) world.effects.push({ kind: "send-mail", server: plan.server, mail });
}

/** The mail that was on its way has an outcome. */
export function mailTold(world: World, outcome: DeliveryOutcome, now: Instant): void {
  const result = deliveryEnded(world.mailed.queue, outcome, now);
  if (result === undefined) return;
  const { item: { subject, to }, again } = result;
  if (outcome.kind === "sent") return tell(world, { kind: "mail-sent", subject, to });
  const { detail } = outcome;
  tell(world, { kind: "mail-failed", subject, detail, ...(again === undefined ? {} : { again }) });
}

/** The earliest time at which a mail is to be sent; what waits without a server goes on waiting. */
export function mailDeadline({ mailed, model }: World): Instant {
  return model?.global.mail === undefined ? never : deadlineOfDeliveries(mailed.queue);
}

function mailFor(world: World, sentence: Tell): void {
  const change = changeIn(sentence);
  if (change !== undefined) mailState(world, change, sentence);
}

function mailState(world: World, { key, state }: Change, sentence: Tell): void {
  const { mailed, notified, model } = world;
  const subject = notified.subjects.get(key)?.plan;
  const plan = model?.global.mail;
  if (subject?.mails !== true || plan === undefined) return;
  if (mailed.states.get(key) === state) return;
  const { routerId = "" } = model?.global ?? {};
  const mail = mailAbout(plan, subject, state, { routerId, sentence: renderTell(sentence) });
  if (mail === undefined) return;
  mailed.states.set(key, state);
  enqueueDelivery(mailed.queue, mail);
}
