/**
 * A `track_probe` in the words of the configuration, for what a reload changes.
 */
import { formatIp, formatPrefix, inSeconds, unreachable } from "../base/mod.ts";
import type { AnswerSubject, ProbePlan, ProbeSubject, ProbeTarget } from "../track/mod.ts";
import { commandWords } from "./program.ts";
import type { Words } from "./words.ts";

/** The settings of a probe. */
export function probeWords(plan: ProbePlan): Words {
  const { subject } = plan;
  const from = "from" in subject ? subject.from : {};
  const through = "interfaceName" in subject ? subject.interfaceName : from.interfaceName;
  return [
    subjectWord(subject),
    ["source", from.address === undefined ? "any" : formatIp(from.address)],
    ["interface", through ?? "any"],
    ["interval", String(inSeconds(plan.interval))],
    ["timeout", String(inSeconds(plan.timeout))],
    ["rise", String(plan.rise)],
    ["fall", String(plan.fall)],
    ["init_fail", plan.initFail ? "on" : "off"],
  ];
}

function subjectWord(subject: ProbeSubject): Words[number] {
  switch (subject.kind) {
    case "command":
      return ["command", commandWords(subject.command)];
    case "group":
      return ["at_least", `${subject.least} ${subject.probes.join(" ")}`];
    case "route":
      return ["route", formatPrefix(subject.prefix)];
    case "disk": {
      const { path, least: { kind, value } } = subject;
      return ["disk", `${path} ${value}${kind === "percent" ? "%" : ""}`];
    }
    default:
      return [subject.kind, answerWords(subject)];
  }
}

function answerWords(subject: AnswerSubject): string {
  const target = targetWord(subject.target);
  switch (subject.kind) {
    case "ping":
    case "arp":
      return target;
    case "tcp":
      return `${target} ${subject.port}`;
    case "dns":
      return `${target} ${subject.name} ${subject.type}`;
    case "http": {
      const { tls, host, path, port, statuses } = subject;
      const codes = statuses.map((range) => range.join("-")).join(" ");
      const server = target.includes(":") ? `[${target}]` : target;
      return `http${tls ? "s" : ""}://${server}:${port}${path} ${host} ${codes}`;
    }
    default:
      return unreachable(subject);
  }
}

function targetWord(target: ProbeTarget): string {
  if (target.kind === "address") return formatIp(target.address);
  return target.family === "ipv4" ? "gateway" : "gateway6";
}
