/**
 * Mails on their way, one after the other. A server that can not take one now is asked again after
 * pauses that grow; one that refuses it for good is not asked again. The queue has a limit, because
 * a server that is away for a day must not cost memory.
 *
 * Contract: `enqueueMail` when there is one, `mailEnded` when the host has an outcome, `passMails`
 * when `deadlineOfMails` has come; the latter says which mail is to be sent.
 */
import { after, type Duration, type Instant, never, seconds } from "../base/mod.ts";
import type { Mail } from "./mail.ts";

/** How a try ended: sent, refused for good, or not now. */
export type MailOutcome =
  | { readonly kind: "sent" }
  | { readonly kind: "refused"; readonly detail: string }
  | { readonly kind: "failed"; readonly detail: string };

/** What became of a mail. */
export interface MailResult {
  readonly mail: Mail;
  readonly outcome: MailOutcome;
  /** The pause before the next try; absent when there is none. */
  readonly again?: Duration;
}

/** Mails that wait; the first one is on its way when `sending` says so. */
export interface MailQueue {
  readonly waiting: Mail[];
  sending: boolean;
  /** How often the first one was tried. */
  tries: number;
  /** When the first one may be tried. */
  notBefore: Instant;
  /** Mails that were given up because too many waited. */
  dropped: number;
}

/** Mails that wait at most. */
const waitingMax = 100;
/** Before the second try, the third, and so on. */
const pauses: readonly Duration[] = [seconds(10), seconds(60), seconds(300), seconds(900)];

/** An empty queue. */
export function newMailQueue(now: Instant): MailQueue {
  return { waiting: [], sending: false, tries: 0, notBefore: now, dropped: 0 };
}

/** Adds a mail; the oldest that is not on its way gives way when there are too many. */
export function enqueueMail(queue: MailQueue, mail: Mail): void {
  queue.waiting.push(mail);
  if (queue.waiting.length <= waitingMax) return;
  queue.waiting.splice(queue.sending ? 1 : 0, 1);
  queue.dropped++;
  if (!queue.sending) queue.tries = 0;
}

/** The mail that is to be sent now, which is on its way then. */
export function passMails(queue: MailQueue, now: Instant): Mail | undefined {
  const [first] = queue.waiting;
  if (first === undefined || queue.sending || queue.notBefore > now) return undefined;
  queue.sending = true;
  return first;
}

/** The mail that was on its way has an outcome. */
export function mailEnded(
  queue: MailQueue,
  outcome: MailOutcome,
  now: Instant,
): MailResult | undefined {
  const [mail] = queue.waiting;
  if (mail === undefined || !queue.sending) return undefined;
  queue.sending = false;
  const again = outcome.kind === "failed" ? pauses[queue.tries] : undefined;
  if (again === undefined) {
    queue.waiting.shift();
    queue.tries = 0;
    queue.notBefore = now;
    return { mail, outcome };
  }
  queue.tries++;
  queue.notBefore = after(now, again);
  return { mail, outcome, again };
}

/** When there is something to do. */
export function deadlineOfMails({ waiting, sending, notBefore }: MailQueue): Instant {
  return waiting.length === 0 || sending ? never : notBefore;
}
