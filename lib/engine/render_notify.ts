/**
 * The sentences about notifications.
 */
import { formatCommand, formatCommandEnd, formatDuration, unreachable } from "../base/mod.ts";
import { mailTrouble, webhookTrouble } from "../notify/mod.ts";
import type { Level, Tell } from "./tell.ts";

/** A tell about notifications. */
export type NotifyTell = Extract<
  Tell,
  {
    kind:
      | "script-ended"
      | "daemon-script-ended"
      | "script-held-up"
      | "scripts-overtaken"
      | "fifo-refused"
      | "mail-sent"
      | "mail-failed"
      | "mails-dropped"
      | "webhook-called"
      | "webhook-failed"
      | "webhooks-dropped";
  }
>;

const kinds: ReadonlySet<string> = new Set<NotifyTell["kind"]>([
  "script-ended",
  "daemon-script-ended",
  "script-held-up",
  "scripts-overtaken",
  "fifo-refused",
  "mail-sent",
  "mail-failed",
  "mails-dropped",
  "webhook-called",
  "webhook-failed",
  "webhooks-dropped",
]);

/** Whether a tell is about notifications. */
export function isNotifyTell(tell: Tell): tell is NotifyTell {
  return kinds.has(tell.kind);
}

/** How loud it is: a script that fails is a warning. */
export function levelOfNotifyTell(tell: NotifyTell): Level {
  if (tell.kind === "script-ended" || tell.kind === "daemon-script-ended") {
    return tell.end.kind === "exited" && tell.end.code === 0 ? "info" : "warning";
  }
  if (tell.kind === "mail-sent" || tell.kind === "webhook-called") return "info";
  return tell.kind === "scripts-overtaken" ? "notice" : "warning";
}

/** The sentence for people. */
export function renderNotifyTell(tell: NotifyTell): string {
  switch (tell.kind) {
    case "script-ended":
      return `${tell.about.name}: ${scriptSentence(tell)}`;
    case "daemon-script-ended": {
      const late = tell.timedOut === true ? ": that is too long" : "";
      return `${tell.which}_script: ${scriptSentence(tell)}${late}`;
    }
    case "script-held-up":
      return `${tell.about.name}: "${formatCommand(tell.command)}" holds up the next script ` +
        "for too long and is ended";
    case "scripts-overtaken": {
      const commands = tell.commands.map((command) => `"${formatCommand(command)}"`).join(", ");
      return `${tell.about.name}: ${commands} is not run: the state has changed again`;
    }
    case "fifo-refused":
      return `Cannot ${tell.operation} FIFO ${tell.path}: ${tell.reason}`;
    case "mail-sent":
      return `mailed "${tell.subject}" to ${tell.to.join(", ")}`;
    case "mail-failed":
      return mailTrouble(tell.subject, tell.detail, tell.again);
    case "mails-dropped":
      return `${tell.count} mails are given up: too many wait for the mail server`;
    case "webhook-called":
      return `told webhook ${tell.webhook} "${tell.subject}"`;
    case "webhook-failed":
      return webhookTrouble(tell.webhook, tell.subject, tell.detail, tell.again);
    case "webhooks-dropped":
      return `${tell.count} calls of webhook ${tell.webhook} are given up: too many wait for it`;
    default:
      return unreachable(tell);
  }
}

type ScriptTell = Extract<NotifyTell, { kind: "script-ended" | "daemon-script-ended" }>;

/** How a script ended; of one that failed also what it said last. */
function scriptSentence(tell: ScriptTell): string {
  const { command, end, took, output = [] } = tell;
  const last = levelOfNotifyTell(tell) === "info" ? undefined : output.at(-1);
  const said = last === undefined ? "" : `, and said "${last}"`;
  const ended = `${formatCommandEnd(end)} after ${formatDuration(took)}`;
  return `"${formatCommand(command)}" ended with ${ended}${said}`;
}
