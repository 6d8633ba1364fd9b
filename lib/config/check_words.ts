/**
 * Checks in the words of the configuration, for the difference of two models.
 */
import { formatIp, identityOfCommand, inSeconds, toHex } from "../base/mod.ts";
import { destinationName } from "../balance/mod.ts";
import {
  type CheckPlan,
  type ConnectionPlan,
  isFollower,
  type PatternPlan,
  type SubjectPlan,
  type UdpPlan,
  type UrlPlan,
} from "../check/mod.ts";
import { commandWords } from "./program.ts";

/** The keyword of each kind of check. */
export const checkKeywords: Readonly<Record<SubjectPlan["kind"], string>> = {
  tcp: "TCP_CHECK",
  http: "HTTP_GET",
  smtp: "SMTP_CHECK",
  agent: "AGENT_CHECK",
  dns: "DNS_CHECK",
  udp: "UDP_CHECK",
  ping: "PING_CHECK",
  misc: "MISC_CHECK",
  file: "FILE_CHECK",
  bfd: "BFD_CHECK",
};

/** A check as one line. */
export function serverCheckLine(plan: CheckPlan): string {
  return [
    `${plan.realServer} →`,
    ...subjectWords(plan.subject),
    ...(isFollower(plan) ? [] : scheduleWords(plan)),
    ...(plan.alpha ? ["alpha"] : []),
    ...(plan.tellsAll ? ["log_all_failures"] : []),
  ].join(" ");
}

function subjectWords(subject: SubjectPlan): string[] {
  switch (subject.kind) {
    case "tcp":
    case "ping":
      return connectionWords(subject.connection);
    case "http":
      return [
        ...(subject.tls === undefined ? [] : ["SSL"]),
        ...connectionWords(subject.connection),
        ...(subject.version === "1.0" ? [] : [`http_protocol ${subject.version}`]),
        ...(subject.fastRecovery ? ["fast_recovery"] : []),
        ...Object.entries(subject.tls ?? {}).map(([word, text]) =>
          word === "password" ? "password set" : `${word} ${text}`
        ),
        ...subject.urls.flatMap(urlWords),
      ];
    case "smtp":
      return [...connectionWords(subject.connection), `helo_name ${subject.helo}`];
    case "agent": {
      const { connection, send } = subject;
      const words = send === undefined ? [] : [`send ${JSON.stringify(send)}`];
      return [...connectionWords(connection), ...words];
    }
    case "dns": {
      const { connection, type, name } = subject;
      return [...connectionWords(connection), `type ${type} name ${name}`];
    }
    case "udp":
      return [...connectionWords(subject.connection), ...udpWords(subject)];
    case "misc": {
      const { user } = identityOfCommand(subject.command) ?? {};
      return [
        commandWords(subject.command),
        ...(user === undefined ? [] : [`user ${user}`]),
        ...(subject.dynamic ? ["misc_dynamic"] : []),
      ];
    }
    case "file":
      return [
        `track_file ${subject.tracker}`,
        `weight ${subject.weight}${subject.reverse ? " reverse" : ""}`,
      ];
    case "bfd":
      return [`name ${subject.tracker}`];
  }
}

function urlWords(url: UrlPlan): string[] {
  const { path, host, digest, statuses, pattern, serverName, endsTls } = url;
  return [
    `url ${path} of ${host}`,
    `status_code ${statuses.map((range) => range.join("-")).join(" ")}`,
    ...(digest === undefined ? [] : [`digest ${digest}`]),
    ...(pattern === undefined ? [] : [patternWords(pattern)]),
    ...(serverName === undefined ? [] : [`sni_name ${serverName}`]),
    ...(endsTls ? ["tls_compliant"] : []),
  ];
}

function patternWords({ text, options, negated, from, to }: PatternPlan): string {
  const range = from === 0 && to === undefined ? "" : ` from ${from} to ${to ?? "the end"}`;
  const words = options.map((option) => ` ${option}`).join("");
  return `${negated ? "no regex" : "regex"} ${JSON.stringify(text)}${range}${words}`;
}

function udpWords({ payload, reply }: UdpPlan): string[] {
  return [
    ...(payload === undefined ? [] : [`payload ${toHex(payload)}`]),
    ...(reply === undefined ? [] : [
      `require_reply ${toHex(reply.like.value)} of ${toHex(reply.like.mask)}`,
      `reply_length ${reply.lengthMin}-${reply.lengthMax}`,
    ]),
  ];
}

function connectionWords(connection: ConnectionPlan): string[] {
  const { source, sourcePort, interfaceName, mark } = connection;
  return [
    destinationName(connection),
    ...(source === undefined ? [] : [`bindto ${formatIp(source)}`]),
    ...(sourcePort === undefined ? [] : [`bind_port ${sourcePort}`]),
    ...(interfaceName === undefined ? [] : [`bind_if ${interfaceName}`]),
    ...(mark === undefined ? [] : [`fwmark ${mark}`]),
  ];
}

function scheduleWords(plan: CheckPlan): string[] {
  const limit = plan.subject.kind === "misc" ? "misc_timeout" : "connect_timeout";
  return [
    `${limit} ${inSeconds(plan.limit)}`,
    `retry ${plan.retry}`,
    `delay_before_retry ${inSeconds(plan.delayBeforeRetry)}`,
    ...(plan.rise === undefined ? [] : [`rise ${plan.rise}`]),
    ...(plan.fastInterval === undefined ? [] : [`fastinter ${inSeconds(plan.fastInterval)}`]),
    `warmup ${inSeconds(plan.warmup)}`,
    `delay_loop ${inSeconds(plan.delayLoop)}`,
  ];
}
