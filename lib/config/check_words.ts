/**
 * Checks in the words of the configuration, for the difference of two models.
 */
import { formatCommand, formatIp, inSeconds } from "../base/mod.ts";
import { destinationName } from "../balance/mod.ts";
import { type CheckPlan, type ConnectionPlan, isFollower, type SubjectPlan } from "../check/mod.ts";

/** The keyword of each kind of check. */
export const checkKeywords: Readonly<Record<SubjectPlan["kind"], string>> = {
  tcp: "TCP_CHECK",
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
      return connectionWords(subject.connection);
    case "misc":
      return [
        formatCommand(subject.command),
        ...(subject.command.kind === "run" && subject.command.identity !== undefined
          ? [`user ${subject.command.identity.user}`]
          : []),
        ...(subject.dynamic ? ["misc_dynamic"] : []),
      ];
    case "file":
      return [
        `track_file ${subject.tracker}`,
        `weight ${subject.weight}${subject.reverse ? " reverse" : ""}`,
      ];
    case "bfd":
      return [`name ${subject.tracker}`];
  }
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
    `warmup ${inSeconds(plan.warmup)}`,
    `delay_loop ${inSeconds(plan.delayLoop)}`,
  ];
}
