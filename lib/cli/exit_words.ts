/**
 * What the exit codes mean, in words: of all commands together, and of each command where it has
 * more to say. Help, manual and docs/commands.md are made of this; a test runs every command into
 * each of its codes.
 */
import type { Message } from "@optique/core/message";
import type { CommandName } from "./commands.ts";
import { words } from "./grammar_words.ts";

/** A code and what it says. */
export type ExitWords = Readonly<Record<number, string>>;

/** What a code means whichever command ends with it. */
export const exitWords: ExitWords = {
  0: "what was asked is done, and all is as it should be",
  1: "it failed, or the answer is no; what is wrong stands on standard error",
  2: "the command line is wrong and nothing was done; of plan: a reload would change something",
  3: "no daemon answers at the control socket",
  4: "a file can not be used, or this user may not do that",
  5: "the configuration has errors: a daemon would run with the rest of it, a reload is refused",
  6: "a script of the configuration is not secure",
};

const noDaemon = "no daemon";

/** What the codes of a command say; 2 besides is a wrong command line, everywhere but in plan. */
export const commandExits: Readonly<Record<CommandName, ExitWords>> = {
  run: {
    0: "told to end",
    1: "it can not go on",
    2: "bad configuration",
    4: "missing permission",
    6: "no configuration",
  },
  reload: {
    0: "applied",
    1: "not answered",
    3: noDaemon,
    5: "refused (the daemon goes on with what it had)",
  },
  stop: { 0: "it has ended", 1: "it is still there", 3: noDaemon },
  failover: { 0: "another router is master", 1: "nobody took the role", 3: noDaemon },
  maintenance: { 0: "as asked", 1: "refused", 3: noDaemon },
  server: { 0: "done", 1: "there is no such server", 3: noDaemon },
  status: { 0: "shown", 1: "there is nothing of that name", 3: noDaemon },
  events: { 0: "shown", 3: "no daemon, and none has left events" },
  explain: { 0: "explained", 1: "there is no such instance or keyword", 3: noDaemon },
  check: {
    0: "clean or warnings only",
    4: "cannot run",
    5: "errors but would run",
    6: "a script is not secure",
  },
  plan: {
    0: "nothing would change",
    1: "the command line is wrong, or the daemon has no plan",
    2: "something would change",
    3: noDaemon,
    4: "the file can not be read",
    5: "it has errors and would be refused",
    6: "a script is not secure, it would be refused",
  },
  simulate: { 0: "as expected", 1: "not as expected", 4: "a file can not be used" },
  replay: {
    0: "all is decided as then",
    1: "something is decided otherwise",
    4: "the file can not be used",
  },
  sniff: { 0: "listened to the end", 1: "can not listen there" },
  doctor: { 0: "nothing but notes", 1: "warnings or faults", 4: "the file can not be used" },
  demo: { 0: "the takeovers happened", 1: "they did not, or can not be shown here" },
  fmt: {
    0: "done",
    1: "with --check: a file would change",
    4: "not read",
    5: "refused",
  },
  convert: {
    0: "done",
    4: "not read",
    5: "the structure is broken or something can not be said",
  },
  schema: { 0: "printed" },
  digest: { 0: "printed", 1: "the page can not be had" },
  init: { 0: "both files are written", 1: "nothing is written" },
  install: { 0: "installed", 1: "not installed" },
  uninstall: { 0: "gone", 1: "it is enabled still, or can not be removed" },
  completion: { 0: "printed" },
  man: { 0: "printed" },
};

/** The last line of the help of a command. */
export function exits(command: CommandName): Message {
  const said = Object.entries(commandExits[command]).map(([code, meaning]) => `${code} ${meaning}`);
  return words(`Exit: ${said.join(", ")}.`);
}
