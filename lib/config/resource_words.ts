/**
 * Resources in the words of the configuration, for what a reload changes.
 */
import { inSeconds } from "../base/mod.ts";
import { resourceName, type ResourcesPlan, type ResourceSubject } from "../resource/mod.ts";
import { commandWords } from "./program.ts";
import type { Words } from "./words.ts";

/** What they are, in order. */
export function resourceLines(plan: ResourcesPlan | undefined): string[] {
  return (plan?.resources ?? []).map(({ subject }) => subjectLine(subject));
}

/** Limits and settings. */
export function resourceWords(plan: ResourcesPlan | undefined): Words {
  if (plan === undefined) return [];
  const { startDelay, holdOff, fence, resources } = plan;
  return [
    ["resources start_delay", String(inSeconds(startDelay))],
    ["resources hold_off", String(inSeconds(holdOff))],
    ["resources fence", fence === undefined ? "none" : commandWords(fence)],
    ...resources.flatMap((resource): Words => {
      const { limits } = resource;
      const words = [
        ["start_timeout", inSeconds(limits.startTimeout)],
        ["stop_timeout", inSeconds(limits.stopTimeout)],
        ["status_timeout", inSeconds(limits.statusTimeout)],
        ["interval", inSeconds(limits.interval)],
        ["retry", limits.retry],
      ];
      return words.map(([word, value]) => [
        `resources ${resourceName(resource)} ${word}`,
        String(value),
      ]);
    }),
  ];
}

function subjectLine(subject: ResourceSubject): string {
  switch (subject.kind) {
    case "filesystem": {
      const { device, directory, type, options, busy } = subject;
      return ["filesystem", device, directory, type, options ?? [], "busy", busy].flat().join(" ");
    }
    case "service":
      return `service ${subject.service}`;
    case "nfs_export":
      return `nfs_export ${subject.directory} ${subject.clients} ${subject.options}`;
    case "script": {
      const { start, stop, status } = subject;
      const commands = [start, stop, ...(status === undefined ? [] : [status])];
      return ["script", ...commands.map((one) => commandWords(one, '"'))].join(" ");
    }
    case "address":
    case "route":
      return subject.kind;
  }
}
