/**
 * The language of the command line: which commands there are, what they take, and the words of
 * their help. From this one description come the parser, `--help` of each command, the hints after
 * a mistake and the completions of the shells. What the commands do is in the files of their names.
 * Each group has a file here (`grammar_*.ts`).
 */
import { group, or } from "@optique/core/constructs";
import type { Parser } from "@optique/core/parser";
import type { CommandLine } from "./command_line.ts";
import { daemonCommands } from "./grammar_daemon.ts";
import { fileCommands } from "./grammar_files.ts";
import { machineCommands } from "./grammar_machine.ts";
import { questions } from "./grammar_questions.ts";

/** All commands that are built. */
export const grammar: Parser<"sync", CommandLine, unknown> = or(
  group("The daemon", daemonCommands),
  group("Questions", questions),
  group("Configuration", fileCommands),
  group("This machine", machineCommands),
);
