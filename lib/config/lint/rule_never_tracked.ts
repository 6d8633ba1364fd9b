/**
 * A check that nobody asks for: keepalived does not even run a script that no instance tracks, so
 * the failover that it was written for never comes. Files and BFD sessions may also be used by
 * the checkers of real servers.
 */
import type { Rule } from "./rule.ts";
import { everyStatement } from "./statement.ts";
import { trackerTitle } from "./tracker.ts";
import type { Subject } from "./view.ts";

/** A defined tracker that no instance, group or checker names. */
export const neverTracked: Rule = {
  code: "never-tracked",
  finds: "a script, file, process, probe or BFD session that is defined and that nobody tracks",
  check(subject, say): void {
    const used = new Set(namesInUse(subject));
    for (const tracker of subject.trackers) {
      if (used.has(`${tracker.kind} ${tracker.name}`)) continue;
      const message = `${trackerTitle(tracker)} is never tracked: it changes nothing`;
      const hint = `name it in track_${tracker.kind} of a vrrp_instance or vrrp_sync_group`;
      say(tracker.statement.place, message, hint);
    }
  },
};

function* namesInUse({ statements }: Subject): Generator<string> {
  for (const { name: keyword, children = [] } of everyStatement(statements)) {
    const tracked = /^track_(script|file|process|bfd|probe)$/.exec(keyword)?.[1];
    for (const child of children) {
      if (tracked !== undefined) yield `${tracked} ${child.name}`;
      const name = child.words[0];
      if (keyword === "FILE_CHECK" && child.name === "track_file") yield `file ${name}`;
      if (child.name === "witness") yield `probe ${name}`;
      if (child.name === "at_least") {
        for (const text of child.words.slice(1)) yield `probe ${text}`;
      }
      if (keyword === "BFD_CHECK" && child.name === "name") yield `bfd ${name}`;
    }
  }
}
