/**
 * What can be said about the log on a command line.
 */

/** What `--log-format` takes. */
export const logFormats = ["text", "json"] as const;

/** What `--log-level` takes, from the most to the fewest words. */
export const logLevels = ["debug", "info", "notice", "warning", "error"] as const;
