/**
 * The exit codes of the command, one table for all of them. 4, 5 and 6 mean what they mean to
 * `keepalived -t`, so that scripts around either need not know which one they call. The daemon
 * itself ends with 0 when it was told to, else with 1, 2, 4 or 6 as keepalived does: fatal, bad
 * configuration, missing permission, no configuration. What each command ends with is said in
 * `exit_words.ts`, which help and manual are made of.
 */

/** What a command ends with. */
export const exitCode = {
  /** It did what was asked. */
  ok: 0,
  /** It tried and failed. */
  failed: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** No daemon answers at the control socket. */
  notRunning: 3,
  /** The configuration can not be run; or: this user may not do that. */
  cannotRun: 4,
  /** The configuration has errors; a daemon would run with the rest of it, a reload is refused. */
  configErrors: 5,
  /** A script of the configuration is not secure. */
  insecureScript: 6,
} as const;
