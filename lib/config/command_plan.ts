/**
 * From a command line of a file to what can be run: words as keepalived splits them, the file that
 * they name, the user, and whether somebody else could have written the file (behaviour 5.8 to
 * 5.10). What the machine has to say to that it says when the configuration is read.
 */
import type { CommandPlan, Identity } from "../base/mod.ts";
import type { GlobalDraft } from "./draft.ts";
import type { Statement } from "./parse.ts";
import type { Report } from "./report.ts";
import { findProgram, runFound } from "./program.ts";
import { readCommandLine } from "./script.ts";
import type { ScriptMachine } from "./source.ts";

/** Who a script runs as, as a file says it. */
export interface UserDraft {
  readonly user: string;
  readonly group?: string;
}

/** What is at hand when commands are settled. */
export interface Commands {
  readonly global: GlobalDraft;
  /** Absent when nothing is asked of the machine. */
  readonly machine: ScriptMachine | undefined;
  readonly report: Report;
  /** Whether the commands are only told of something: nothing depends on their outcome. */
  readonly told?: boolean;
  /** Whether they are run again and again, so that a program that comes later is found. */
  readonly repeated?: boolean;
}

/** The command of a statement such as `notify "/path word" user group`. */
export function commandOf(
  statement: Statement,
  owner: string,
  commands: Commands,
  user?: UserDraft,
): CommandPlan {
  const line = readCommandLine(statement.rest.text);
  const written = line.command.trim();
  if (written.startsWith("<")) return { kind: "readable", path: written.slice(1).trim() };
  const words = splitCommand(written);
  const [first] = words;
  if (first === undefined) return { kind: "none", written, reason: "its command is empty" };
  const own = line.user === undefined ? user : userOf(line.user, line.group);
  return settle(statement, owner, { written, words, first, user: own }, commands);
}

/** The command that one word of a statement holds, such as `script "/path word" …`. */
export function commandOfWord(
  text: string,
  statement: Statement,
  owner: string,
  commands: Commands,
): CommandPlan {
  const written = text.trim();
  const words = splitCommand(written);
  const [first] = words;
  if (first === undefined) return { kind: "none", written, reason: "its command is empty" };
  return settle(statement, owner, { written, words, first, user: undefined }, commands);
}

/** A user and perhaps a group from two words. */
export function userOf(user: string, group?: string): UserDraft {
  return group === undefined ? { user } : { user, group };
}

interface Wanted {
  readonly written: string;
  readonly words: readonly string[];
  readonly first: string;
  readonly user: UserDraft | undefined;
}

function settle(
  { place, keyword }: Statement,
  owner: string,
  { written, words, first, user }: Wanted,
  { global, machine, report, told = false, repeated = false }: Commands,
): CommandPlan {
  if (machine === undefined) return { kind: "run", path: first, words };
  const what = `Cannot run ${keyword.text} of ${owner}`;
  const identity = identityOf(user, global, machine);
  const sought = {
    first,
    words,
    ...(typeof identity === "object" ? { identity } : {}),
    secured: global.scriptSecurity === true,
    keepsLinks: global.useSymlinkPaths === true,
  };
  const found = findProgram(sought, machine);
  const none = (reason: string): CommandPlan =>
    repeated && typeof identity !== "string"
      ? { kind: "none", written, reason, sought }
      : { kind: "none", written, reason };
  if (typeof found === "string") {
    // keepalived: a script that nobody's state depends on may be missing.
    if (told) report.warning("script-missing", place, `${what}: ${found}`);
    else {
      const hint = repeated ? "it is looked for again each time that it is to run" : undefined;
      report.error("script-missing", place, `${what}: ${found}; it counts as failed`, hint);
    }
    return none(found);
  }
  if (typeof identity === "string") {
    report.error("unknown-user", place, `${what}: ${identity}; it counts as failed`);
    return none(identity);
  }
  const { objection } = found;
  if (objection !== undefined) {
    const message = sought.secured
      ? `${what}: ${objection}; enable_script_security forbids that`
      : `${keyword.text} of ${owner} runs as root, and others could have written it: ${objection}`;
    const hint = "give it to root and take the right to write from group and others";
    const code = "script-insecure";
    report.add({ severity: "security", code, place, message, hint, inEffect: !sought.secured });
    if (sought.secured) return none(objection);
  }
  return runFound(sought, found, machine);
}

/** The user that scripts run as when nobody says one. */
const usualUser = "keepalived_script";

/** As whom; absent for the daemon itself, a sentence for what there is not. */
function identityOf(
  own: UserDraft | undefined,
  global: GlobalDraft,
  machine: ScriptMachine,
): Identity | string | undefined {
  const wanted = own ?? global.scriptUser;
  const all = global.supplementaryGroups === true;
  if (wanted === undefined) {
    const usual = machine.identity(usualUser, undefined, all);
    return typeof usual === "string" ? undefined : usual;
  }
  // keepalived: a colon before the group, or alone, adds the other groups of the user.
  const { user, group } = wanted;
  const colon = group?.startsWith(":") === true;
  const named = colon ? group?.slice(1) : group;
  return machine.identity(user, named === "" ? undefined : named, all || colon);
}

/** The words of a command: blanks separate, quotes join, a backslash takes the next as it is. */
export function splitCommand(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === "\\" && quote !== "'" && at + 1 < text.length) {
      word = (word ?? "") + text.charAt(++at);
    } else if (quote !== undefined) {
      if (character === quote) quote = undefined;
      else word = (word ?? "") + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= "";
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + character;
  }
  if (word !== undefined) words.push(word);
  return words;
}
