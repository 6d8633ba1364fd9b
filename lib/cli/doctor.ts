/**
 * `standin doctor`: what keeps this box from doing what its configuration says, with what to type
 * about each. It reads, listens for a while and changes nothing.
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import process from "node:process";
import { type Duration, formatDuration, milliseconds, readMilliseconds } from "../base/mod.ts";
import { type Diagnostic, loadConfig, type Model } from "../config/mod.ts";
import { examine, type Finding, type Severity } from "../doctor/mod.ts";
import { configEnvironment } from "../host/linux/config_files.ts";
import { gatherFacts } from "../host/linux/examination/mod.ts";
import { ask } from "./control.ts";
import { exitCode } from "./exit.ts";
import { isRecord } from "./json.ts";
import { judged } from "./judged.ts";
import { columns, complain, print, wantsColours } from "./output.ts";
import { controlSocket, defaultConfigFile, defaultRunDir } from "./paths.ts";
import { isEnabled, startCommand } from "./start_hint.ts";
import { visible, wrap } from "./table.ts";

/** What can be said about an examination. */
export interface DoctorArguments {
  readonly file: string | undefined;
  /** How long to listen, in the words of the command line. */
  readonly duration: string | undefined;
  readonly runDir: string | undefined;
  readonly json: boolean;
}

/** Nobody waits longer unless they say so. */
const listensMax = milliseconds(30_000);

/** `standin doctor`. */
export async function runDoctor(words: DoctorArguments): Promise<number> {
  const { duration, runDir = defaultRunDir, json } = words;
  const said = duration === undefined ? undefined : readMilliseconds(duration);
  if (duration !== undefined && said === undefined) {
    complain(`standin doctor: expected a while such as 10s or 5m, not "${duration}"`);
    return exitCode.usage;
  }
  const ofDaemon = await fileOfDaemon(runDir);
  const file = words.file ?? ofDaemon ?? defaultConfigFile();
  const path = resolve(process.cwd(), file);
  // An interface that is missing is a finding, not the end of the examination.
  const environment = { ...configEnvironment(), interfaces: undefined };
  const { model, diagnostics } = await judged(loadConfig(path, environment), path);
  const show = (findings: readonly Finding[]): void =>
    print(json ? JSON.stringify({ file, findings }, null, 2) : render(file, findings));
  if (model === undefined) {
    const isMissing = words.file === undefined && !existsSync(path);
    show(isMissing ? [noConfiguration(file)] : aboutFile(file, diagnostics));
    return exitCode.cannotRun;
  }
  const listens = said === undefined ? usualWhile(model) : milliseconds(said);
  if (!json && listens > 0 && model.instances.length > 0) {
    complain(`listening for ${formatDuration(listens)} …`);
  }
  const facts = await gatherFacts(model, { listens, controlPath: controlSocket(runDir) });
  const idle = ofDaemon === undefined && runDir === defaultRunDir && isEnabled();
  const findings = [
    ...aboutFile(file, diagnostics),
    ...examine(model, facts),
    ...(hasNothing(model) ? [nothingToRun(file)] : idle ? [notRunning(runDir)] : []),
  ];
  show(findings);
  const isWell = findings.every(({ severity }) => severity === "note");
  return isWell ? exitCode.ok : exitCode.failed;
}

/** A daemon that is ill may not answer at all. */
const answerLimitMs = 3000;

/** What the running daemon has read. */
async function fileOfDaemon(runDir: string): Promise<string | undefined> {
  const answer = await ask(runDir, "GET", "/status", undefined, answerLimitMs);
  const status = answer.ok && isRecord(answer.value.body) ? answer.value.body : {};
  const file = isRecord(status["config"]) ? status["config"]["file"] : undefined;
  return typeof file === "string" ? file : undefined;
}

/** Long enough to hear every master, and not to call one that is a little late absent. */
function usualWhile({ instances }: Model): Duration {
  const longest = Math.max(0, ...instances.map(({ advertInterval }) => advertInterval));
  return Math.min(listensMax, longest * 3 + milliseconds(500)) as Duration;
}

function noConfiguration(subject: string): Finding {
  const advice = ["standin init writes one for each node of a pair"];
  const message = "There is no configuration";
  return { code: "no-configuration", severity: "fault", subject, message, advice };
}

function hasNothing({ instances, virtualServers, bfdSessions }: Model): boolean {
  return instances.length + virtualServers.length + bfdSessions.length === 0;
}

function nothingToRun(subject: string): Finding {
  const advice = ["standin init asks a few questions and writes one that has"];
  const message = "It has no virtual router and no virtual server";
  return { code: "nothing-to-run", severity: "note", subject, message, advice };
}

function notRunning(runDir: string): Finding {
  return {
    code: "not-running",
    severity: "note",
    subject: "this box",
    message: "The service of standin is enabled, and no daemon answers",
    advice: [startCommand(controlSocket(runDir))],
  };
}

/** What `standin check` says, which lists it; its warnings are not about this box. */
export function aboutFile(file: string, diagnostics: readonly Diagnostic[]): Finding[] {
  const errors = diagnostics.filter(({ severity }) => severity !== "warning");
  const [first, ...more] = errors;
  if (first === undefined) return [];
  const { code, message, span, hint } = first;
  const severity = "fault";
  const place = span === undefined ? file : `${file}:${span.line}`;
  const check = `standin check ${file}`;
  if (more.length === 0) {
    return [{ code, severity, subject: place, message, advice: [hint ?? check] }];
  }
  const all = `It has ${errors.length} errors, the first of them: ${message}`;
  const advice = [`${check} lists them`];
  return [{ code: "configuration-errors", severity, subject: place, message: all, advice }];
}

const colours: Readonly<Record<Severity, number>> = { fault: 31, warning: 33, note: 36 };

function render(file: string, findings: readonly Finding[]): string {
  const width = columns();
  const blocks = findings.map(({ severity, subject, message, advice }) => {
    const label = severity.toUpperCase().padEnd(7);
    const [first = "", ...rest] = wrap(visible(`${subject}: ${message}`), width, `${label}  `);
    const colour = colours[severity];
    const painted = wantsColours() ? first.replace(label, `\x1b[${colour}m${label}\x1b[0m`) : first;
    return [painted, ...rest, ...advice.map((line) => `           ${visible(line)}`), ""].join(
      "\n",
    );
  });
  const count = (kind: Severity): number =>
    findings.filter(({ severity }) => severity === kind).length;
  const counted = (["fault", "warning", "note"] as const).flatMap((kind) => {
    const number = count(kind);
    return number === 0 ? [] : [`${number} ${kind}${number === 1 ? "" : "s"}`];
  });
  return [...blocks, `${file}: ${counted.join(", ") || "nothing is wrong on this box"}`].join("\n");
}
