/**
 * Mails or calls of a webhook on their way, one after the other. A receiver that can not take one
 * now is asked again after pauses that grow; one that refuses it for good is not asked again. The
 * queue has a limit, because a receiver that is away for a day must not cost memory.
 *
 * Contract: `enqueueDelivery` when there is one, `deliveryEnded` when the host has an outcome,
 * `passDeliveries` when `deadlineOfDeliveries` has come; the latter says which is to be sent.
 */
import { after, type Duration, type Instant, never } from "../base/mod.ts";

/** How a try ended: sent, refused for good, or not now. */
export type DeliveryOutcome =
  | { readonly kind: "sent" }
  | { readonly kind: "refused"; readonly detail: string }
  | { readonly kind: "failed"; readonly detail: string };

/** What became of one. */
export interface DeliveryResult<Item> {
  readonly item: Item;
  readonly outcome: DeliveryOutcome;
  /** The pause before the next try; absent when there is none. */
  readonly again?: Duration;
}

/** What waits; the first one is on its way when `sending` says so. */
export interface DeliveryQueue<Item> {
  readonly waiting: Item[];
  /** Before the second try, the third, and so on. */
  readonly pauses: readonly Duration[];
  sending: boolean;
  /** How often the first one was tried. */
  tries: number;
  /** When the first one may be tried. */
  notBefore: Instant;
  /** What was given up because too many waited. */
  dropped: number;
}

/** How many wait at most. */
const waitingMax = 100;

/** An empty queue. */
export function newDeliveryQueue<Item>(
  pauses: readonly Duration[],
  now: Instant,
): DeliveryQueue<Item> {
  return { waiting: [], pauses, sending: false, tries: 0, notBefore: now, dropped: 0 };
}

/** Adds one; the oldest that is not on its way gives way when there are too many. */
export function enqueueDelivery<Item>(queue: DeliveryQueue<Item>, item: Item): void {
  queue.waiting.push(item);
  if (queue.waiting.length <= waitingMax) return;
  queue.waiting.splice(queue.sending ? 1 : 0, 1);
  queue.dropped++;
  if (!queue.sending) queue.tries = 0;
}

/** What is to be sent now, and is on its way then. */
export function passDeliveries<Item>(queue: DeliveryQueue<Item>, now: Instant): Item | undefined {
  const [first] = queue.waiting;
  if (first === undefined || queue.sending || queue.notBefore > now) return undefined;
  queue.sending = true;
  return first;
}

/** What was on its way has an outcome. */
export function deliveryEnded<Item>(
  queue: DeliveryQueue<Item>,
  outcome: DeliveryOutcome,
  now: Instant,
): DeliveryResult<Item> | undefined {
  const [item] = queue.waiting;
  if (item === undefined || !queue.sending) return undefined;
  queue.sending = false;
  const again = outcome.kind === "failed" ? queue.pauses[queue.tries] : undefined;
  if (again === undefined) {
    queue.waiting.shift();
    queue.tries = 0;
    queue.notBefore = now;
    return { item, outcome };
  }
  queue.tries++;
  queue.notBefore = after(now, again);
  return { item, outcome, again };
}

/** When there is something to do. */
export function deadlineOfDeliveries(
  { waiting, sending, notBefore }: Pick<
    DeliveryQueue<unknown>,
    "waiting" | "sending" | "notBefore"
  >,
): Instant {
  return waiting.length === 0 || sending ? never : notBefore;
}
