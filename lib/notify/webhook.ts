/**
 * Webhooks: changes of state as JSON for programs. What is sent follows the Standard Webhooks
 * specification, version 1.0.0 (standardwebhooks.com): a body of `type`, `timestamp` and `data`,
 * and an id that is the same at every try, so that a receiver can tell a repetition. The subject
 * is that of the mail about the same, in keepalived's words.
 */
import { type Duration, formatDuration, seconds } from "../base/mod.ts";
import { subjectLine } from "./mail.ts";
import type { NotifiedState, NotifyPlan, SubjectKind } from "./plan.ts";

/** One `webhook` block. */
export interface WebhookPlan {
  readonly name: string;
  /** `http:` or `https:`. */
  readonly url: string;
  /** The key that signs is the first line of this file; without one nothing is signed. */
  readonly secretFile?: string;
  /** About whom; absent: those that mail would be sent about (`smtp_alert`). */
  readonly about?: readonly SubjectKind[];
  /** Of one try as a whole. */
  readonly timeout: Duration;
}

/** One call of a webhook. */
export interface WebhookCall {
  readonly id: string;
  readonly subject: string;
  /** JSON text. */
  readonly body: string;
}

/** Before the second try, the third, and so on. */
export const webhookPauses: readonly Duration[] = [5, 30, 120, 600, 1800].map(seconds);

const types: Readonly<Record<SubjectKind, string>> = {
  INSTANCE: "instance",
  GROUP: "group",
  VS: "virtual_server",
  RS: "real_server",
};

/** What is known of a change besides what it is. */
export interface ChangeFacts {
  readonly routerId: string;
  /** In the words of the log. */
  readonly sentence: string;
  /** The effective priority; of instances only. */
  readonly priority?: number;
  /** Microseconds since 1970. */
  readonly at: number;
  /** Tells this one from all others of the same moment. */
  readonly count: number;
}

/** Whether a webhook is about a change; as with mail, the end of a daemon is none. */
export function isForWebhook(
  { about }: WebhookPlan,
  { kind, alerts }: NotifyPlan,
  state: NotifiedState,
): boolean {
  if (state === "STOP" || state === "DELETED") return false;
  return about === undefined ? alerts === true : about.includes(kind);
}

/** The call about a subject that is in a state. */
export function webhookAbout(
  plan: NotifyPlan,
  state: NotifiedState,
  { routerId, sentence, priority, at, count }: ChangeFacts,
): WebhookCall {
  const subject = `[${routerId}] ${subjectLine(plan, state)}`;
  const { kind, name } = plan;
  const body = {
    type: `${types[kind]}.${state.toLowerCase()}`,
    timestamp: new Date(at / 1000).toISOString(),
    data: {
      node: routerId,
      subject,
      kind: types[kind],
      name,
      state,
      ...(priority === undefined ? {} : { priority }),
      message: sentence,
    },
  };
  // A receiver of several nodes tells their ids apart; a header has room for some signs only.
  const id = `${routerId.replace(/[^\w-]/g, "_")}-${at}-${count}`;
  return { id, subject, body: JSON.stringify(body) };
}

/** A call that was not taken, in words; with the pause before it is tried again. */
export function webhookTrouble(
  webhook: string,
  subject: string,
  detail: string,
  again: Duration | undefined,
): string {
  const rest = again === undefined ? "it is given up" : `again in ${formatDuration(again)}`;
  return `Cannot tell webhook ${webhook} "${subject}": ${detail}; ${rest}`;
}
