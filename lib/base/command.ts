/**
 * A command that the daemon runs for somebody: a tracking script, a notification, a check. What it
 * is and as whom it runs is settled when the configuration is read, so that running it needs no
 * look at any file, unless its program was not there then.
 */

/** As whom a command runs. */
export interface Identity {
  readonly user: string;
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups; absent where the command gets none. */
  readonly groups?: readonly number[];
}

/** The program that a command needs, for those who look for it again. */
export interface SoughtProgram {
  /** The word that names it. */
  readonly first: string;
  readonly words: readonly string[];
  readonly identity?: Identity;
  /** Whether it must be one that only root could have written (`enable_script_security`). */
  readonly secured: boolean;
  /** Whether symbolic links stay in its path (`use_symlink_paths`). */
  readonly keepsLinks: boolean;
}

/** A command line. */
export type CommandPlan =
  | {
    readonly kind: "run";
    /** The file that is run: an absolute path. */
    readonly path: string;
    /** The arguments, the first one as it was written. */
    readonly words: readonly string[];
    /** The daemon's own user when absent. */
    readonly identity?: Identity;
  }
  /** keepalived: `</path` only tests whether the file can be read. */
  | { readonly kind: "readable"; readonly path: string }
  /** A command that could not be run when the file was read, and why; it counts as failed. */
  | {
    readonly kind: "none";
    readonly written: string;
    readonly reason: string;
    /** Its program is looked for whenever it is to run; absent when nothing would help. */
    readonly sought?: SoughtProgram;
  };

/** How a command ended. */
export type CommandEnd =
  | { readonly kind: "exited"; readonly code: number }
  /** A signal ended it. */
  | { readonly kind: "killed"; readonly signal: number }
  | { readonly kind: "not-started"; readonly reason: string };

/** The command for people. */
export function formatCommand(command: CommandPlan): string {
  if (command.kind === "run") return command.words.join(" ");
  return command.kind === "readable" ? `<${command.path}` : command.written;
}

/** As whom a command runs, or would run if its program were there. */
export function identityOfCommand(command: CommandPlan): Identity | undefined {
  if (command.kind === "run") return command.identity;
  return command.kind === "none" ? command.sought?.identity : undefined;
}

/** An end for people. */
export function formatCommandEnd(end: CommandEnd): string {
  switch (end.kind) {
    case "exited":
      return `exit ${end.code}`;
    case "killed":
      return `signal ${end.signal}`;
    case "not-started":
      return end.reason;
  }
}
