/**
 * Mail about changes of state: whom, through which server, and in which words. The subjects are
 * keepalived's, because people sort their mail by them; the text is ours.
 */
import { type Duration, formatDuration, seconds, unreachable } from "../base/mod.ts";
import type { NotifiedState, NotifyPlan } from "./plan.ts";

/** How a connection to a mail server is protected. */
export type MailProtection =
  /** Never. */
  | "off"
  /** By STARTTLS where the server offers it, whoever it is. */
  | "try"
  /** By STARTTLS, and its certificate must be right. */
  | "starttls"
  /** From the first octet (RFC 8314), and its certificate must be right. */
  | "tls";

/** The server that takes mail, and how it is talked to. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** `smtp_helo_name`; the name of the host if absent. */
  readonly heloName?: string;
  /** `smtp_connect_timeout`: of the connection, and of each answer. */
  readonly timeout: Duration;
  readonly protection: MailProtection;
  /** `smtp_login`: the password is the first line of the file. */
  readonly login?: { readonly user: string; readonly passwordFile: string };
}

/** Everything that is about mail in a configuration. */
export interface MailPlan {
  readonly server: MailServer;
  readonly from: string;
  readonly to: readonly string[];
  /** `no_email_faults`. */
  readonly skipsFaults: boolean;
}

/** Before the second try, the third, and so on. */
export const mailPauses: readonly Duration[] = [10, 60, 300, 900].map(seconds);

/** One mail. */
export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

/** The mail about a subject that is in a state; `undefined` for states that nobody mails. */
export function mailAbout(
  plan: MailPlan,
  subject: NotifyPlan,
  state: NotifiedState,
  node: { readonly routerId: string; readonly sentence: string },
): Mail | undefined {
  if (state === "STOP" || state === "DELETED") return undefined;
  if (state === "FAULT" && plan.skipsFaults) return undefined;
  return {
    from: plan.from,
    to: plan.to,
    subject: `[${node.routerId}] ${subjectLine(subject, state)}`,
    text: `${node.sentence}\n\nTold by standin on ${node.routerId}.\n`,
  };
}

/** What a mail or a webhook is about, in keepalived's words. */
export function subjectLine(
  { kind, name, fifoName = name }: NotifyPlan,
  state: NotifiedState,
): string {
  const [, first = name, second = ""] = fifoName.split(" ");
  switch (kind) {
    case "INSTANCE":
      return `VRRP Instance ${name} - Entering ${state} state`;
    case "GROUP":
      return `VRRP Group ${name} - Entering ${state} state`;
    case "VS":
      return `Virtualserver ${fifoName.replace(/^VS /, "")} - ${state}`;
    case "RS":
      return `Realserver ${first} of virtual server ${second} - ${state}`;
    default:
      return unreachable(kind);
  }
}

/** A mail that could not be sent, in words; with the pause before it is tried again. */
export function mailTrouble(subject: string, detail: string, again: Duration | undefined): string {
  const rest = again === undefined ? "it is given up" : `again in ${formatDuration(again)}`;
  return `Cannot mail "${subject}": ${detail}; ${rest}`;
}
