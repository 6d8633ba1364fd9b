/**
 * From the lines about mail to the plan of it, and to who is mailed about. keepalived sends none
 * without a server and recipients.
 */
import { type Duration, seconds } from "../base/mod.ts";
import type {
  MailPlan,
  MailProtection,
  NotifyPlan,
  SubjectKind,
  WebhookPlan,
} from "../notify/mod.ts";
import type { Draft, GlobalDraft } from "./draft.ts";
import { lastOf, type NotifyLines, truthOf } from "./notify_lines.ts";

/** What `smtp_alert` means where nobody says it: keepalived mails about real servers only. */
const usual = { vrrp: false, server: false, realServer: true } as const;

/** The mail of a configuration; absent where none is sent. */
export function mailPlan(draft: GlobalDraft, hostName: string): MailPlan | undefined {
  const lines = draft.notify ?? [];
  const [host, port] = lastOf(lines, "smtp_server")?.words ?? [];
  const to = lines.filter(({ name }) => name === "notification_email").flatMap(({ children }) =>
    (children ?? []).flatMap(({ name, words }) => [name, ...words])
  );
  if (host === undefined || to.length === 0) return undefined;
  const heloName = wordOf(lines, "smtp_helo_name");
  const [user, passwordFile] = lastOf(lines, "smtp_login")?.words ?? [];
  return {
    server: {
      host,
      port: Number(port ?? "25"),
      timeout: timeoutOf(wordOf(lines, "smtp_connect_timeout")),
      protection: protectionOf(wordOf(lines, "smtp_tls")),
      ...(heloName === undefined ? {} : { heloName }),
      ...(user === undefined || passwordFile === undefined
        ? {}
        : { login: { user, passwordFile } }),
    },
    from: wordOf(lines, "notification_email_from") ?? `root@${hostName}`,
    to,
    skipsFaults: lastOf(lines, "no_email_faults") !== undefined,
  };
}

/** Who is told of changes besides scripts and FIFOs. */
export interface Alerting {
  readonly mail: boolean;
  readonly webhooks: readonly WebhookPlan[];
}

const switches = { INSTANCE: "vrrp", GROUP: "vrrp", VS: "server", RS: "realServer" } as const;

/** What is sent about somebody with these lines; absent when that is nothing. */
export function alertsAbout(
  draft: Draft,
  { mail, webhooks }: Alerting,
  kind: SubjectKind,
  own: NotifyLines,
): Pick<NotifyPlan, "mails" | "alerts"> | undefined {
  if (!mail && webhooks.length === 0) return undefined;
  const wanted = isWanted(draft, switches[kind], own);
  const called = webhooks.some(({ about }) => about === undefined ? wanted : about.includes(kind));
  if (!called && !(mail && wanted)) return undefined;
  return {
    ...(mail && wanted ? { mails: true } : {}),
    ...(called && wanted ? { alerts: true } : {}),
  };
}

function isWanted({ global }: Draft, kind: keyof typeof usual, own: NotifyLines): boolean {
  const lines = global.notify ?? [];
  const shared = kind === "vrrp" ? "smtp_alert_vrrp" : "smtp_alert_checker";
  return truthOf(own, "smtp_alert") ?? truthOf(lines, shared) ?? truthOf(lines, "smtp_alert") ??
    usual[kind];
}

function wordOf(lines: NotifyLines, keyword: string): string | undefined {
  return lastOf(lines, keyword)?.words[0];
}

/** keepalived: no time at all counts as one second. */
function timeoutOf(word: string | undefined): Duration {
  return seconds(Math.max(1, Number(word ?? "30")));
}

function protectionOf(word: string | undefined): MailProtection {
  return word === "off" || word === "starttls" || word === "tls" ? word : "try";
}
