/**
 * From the `resources` blocks of instances and groups to their plans. The tables have told what is
 * wrong with a line before; what lacks a word that it can not be without is left out.
 */
import { type Duration, equalPlain, seconds } from "../base/mod.ts";
import {
  type BusyPolicy,
  type ResourceLimits,
  type ResourcePlan,
  type ResourcesPlan,
  type ResourceSubject,
} from "../resource/mod.ts";
import { commandOf, commandOfWord, type Commands } from "./command_plan.ts";
import type { Draft } from "./draft.ts";
import { resourceKinds } from "./keywords/resource.ts";
import type { Model } from "./model.ts";
import { describe, type Statement } from "./parse.ts";

/** What holds when nobody says anything, in seconds. */
const usual: Readonly<Record<string, number>> = {
  start_timeout: 60,
  stop_timeout: 60,
  status_timeout: 10,
  interval: 10,
  retry: 2,
  start_delay: 0,
  hold_off: 60,
};

/** The resources of everybody who runs. */
export function buildResources(
  { instances, groups }: Draft,
  running: Pick<Model, "instances" | "syncGroups">,
  commands: Commands,
): ResourcesPlan[] {
  return [
    ...ownersIn("INSTANCE", instances, running.instances),
    ...ownersIn("GROUP", groups, running.syncGroups),
  ].flatMap(({ kind, name, blocks }) => buildBlock(kind, name, blocks, commands) ?? []);
}

interface Owner {
  readonly kind: ResourcesPlan["kind"];
  readonly name: string;
  readonly blocks: readonly Statement[];
}

function ownersIn(
  kind: Owner["kind"],
  drafts: readonly { readonly name: string; readonly resources?: Statement[] }[],
  running: readonly { readonly name: string }[],
): Owner[] {
  const owners: Owner[] = [];
  for (const { name, resources: blocks } of drafts) {
    if (blocks === undefined || !running.some((one) => one.name === name)) continue;
    owners.push({ kind, name, blocks });
  }
  return owners;
}

/** Several blocks of one owner are one. */
function buildBlock(
  kind: Owner["kind"],
  name: string,
  blocks: readonly Statement[],
  commands: Commands,
): ResourcesPlan | undefined {
  const lines = blocks.flatMap(({ children = [] }) => children);
  const owner = `${kind === "INSTANCE" ? "vrrp_instance" : "vrrp_sync_group"} "${name}"`;
  const settings = new Map(lines.map((line) => [line.name, line.args[0]?.text]));
  const resources: ResourcePlan[] = [];
  for (const line of lines.filter((one) => resourceKinds.includes(one.name))) {
    const words = wordsOf(line);
    const subject = subjectOf(line, words, owner, commands);
    if (subject === undefined) continue;
    if (resources.some((one) => equalPlain(one.subject, subject))) {
      const message = `${describe(line)} stands twice in the resources of ${owner}`;
      commands.report.error("duplicate-resource", line.place, message);
    } else resources.push({ subject, limits: limitsOf(words.options, settings) });
  }
  if (resources.length === 0) return undefined;
  const fence = lines.findLast((line) => line.name === "fence");
  return {
    kind,
    name,
    resources,
    startDelay: secondsOf("start_delay", settings),
    holdOff: secondsOf("hold_off", settings),
    ...(fence === undefined ? {} : { fence: commandOf(fence, owner, commands) }),
  };
}

interface LineWords {
  readonly placed: readonly string[];
  readonly options: ReadonlyMap<string, string | undefined>;
}

const optionWords: ReadonlySet<string> = new Set(
  "start_timeout stop_timeout status_timeout interval retry busy".split(" "),
);

/** Options may stand anywhere; what is between quotes is none. */
function wordsOf({ args }: Statement): LineWords {
  const placed: string[] = [];
  const options = new Map<string, string>();
  for (let at = 0; at < args.length; at++) {
    const { text = "", quoted = false } = args[at] ?? {};
    if (quoted || !optionWords.has(text)) placed.push(text);
    else options.set(text, args[++at]?.text ?? "");
  }
  return { placed, options };
}

function subjectOf(
  line: Statement,
  { placed, options }: LineWords,
  owner: string,
  commands: Commands,
): ResourceSubject | undefined {
  const [first, second, third, fourth] = placed;
  const command = (text: string): ReturnType<typeof commandOf> =>
    commandOfWord(text, line, owner, commands);
  switch (line.name) {
    case "filesystem": {
      if (first === undefined || second === undefined || third === undefined) return undefined;
      if (!isAbsolute(second, line, owner, commands)) return undefined;
      const busy = policies.find((policy) => policy === options.get("busy")) ?? "kill";
      const subject = {
        kind: "filesystem" as const,
        device: first,
        directory: bare(second),
        type: third,
      };
      return { ...subject, ...(fourth === undefined ? {} : { options: fourth }), busy };
    }
    case "service":
      return first === undefined ? undefined : { kind: "service", service: first };
    case "nfs_export":
      if (first === undefined || second === undefined || third === undefined) return undefined;
      if (!isAbsolute(first, line, owner, commands)) return undefined;
      return { kind: "nfs_export", directory: bare(first), clients: second, options: third };
    case "script":
      if (first === undefined || second === undefined) return undefined;
      return {
        kind: "script",
        start: command(first),
        stop: command(second),
        ...(third === undefined ? {} : { status: command(third) }),
      };
    case "address":
    case "route":
      return { kind: line.name };
    default:
      return undefined;
  }
}

const policies: readonly BusyPolicy[] = ["kill", "lazy", "wait"];

function isAbsolute(
  directory: string,
  line: Statement,
  owner: string,
  { report }: Commands,
): boolean {
  if (directory.startsWith("/")) return true;
  const message =
    `Cannot use ${line.name} "${directory}" for ${owner}: expected a directory that ` +
    "begins with /";
  report.error("bad-value", line.place, message);
  return false;
}

/** The kernel shows directories without a slash at the end. */
function bare(directory: string): string {
  return directory.length > 1 ? directory.replace(/\/+$/, "") : directory;
}

type Words = ReadonlyMap<string, string | undefined>;

function limitsOf(own: Words, block: Words): ResourceLimits {
  const all = new Map([...block, ...own]);
  return {
    startTimeout: secondsOf("start_timeout", all),
    stopTimeout: secondsOf("stop_timeout", all),
    statusTimeout: secondsOf("status_timeout", all),
    interval: secondsOf("interval", all),
    retry: numberOf("retry", all),
  };
}

function secondsOf(keyword: string, words: Words): Duration {
  return seconds(numberOf(keyword, words));
}

function numberOf(keyword: string, words: Words): number {
  const text = words.get(keyword) ?? "";
  return /^(?:\d{1,5}\.?\d*|\.\d+)$/.test(text) ? Number(text) : usual[keyword] ?? 0;
}
